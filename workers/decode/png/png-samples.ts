/** From a PNG's unfiltered rows to grey samples. */

import { DecodeFailure } from "../../../src/errors.js";
import { greyAlphaToGrey, paletteToGrey, rgbToGrey, type Samples } from "../to-grey.js";
import { type PngHeader, samplesPerPixel } from "./png-header.js";

/** Bytes of a row of `width` pixels, without its filter byte. */
export function rowBytesOf(header: PngHeader, width: number): number {
  return Math.ceil((width * samplesPerPixel[header.colour] * header.depth) / 8);
}

/** Distance in bytes to the pixel on the left, as the filters count it. */
export function pixelBytesOf(header: PngHeader): number {
  return Math.max(1, (samplesPerPixel[header.colour] * header.depth) / 8);
}

/**
 * Grey samples of `rows`, which are `height` unfiltered rows of `width` pixels; `target` has `width * height` samples, of
 * 16 bits where the file has 16. Throws a `DecodeFailure` on a colour that the palette does not have.
 */
export function rowsToGrey(
  header: PngHeader,
  palette: Uint8Array,
  rows: Uint8Array,
  width: number,
  height: number,
  target: Samples,
): void {
  if (header.colour === "palette") {
    toGreyOfPalette(unpack(rows, header.depth, width, height), paletteToGrey(palette), target);
    return;
  }
  const samples =
    header.depth === 16 ? fromBigEndian(rows, width * height * samplesPerPixel[header.colour]) : rows;
  if (header.colour === "rgb") rgbToGrey(samples, 3, target);
  else if (header.colour === "rgb-alpha") rgbToGrey(samples, 4, target);
  else if (header.colour === "grey-alpha") greyAlphaToGrey(samples, target);
  else if (header.depth >= 8) target.set(samples.subarray(0, width * height));
  else {
    const scale = 255 / (2 ** header.depth - 1);
    const values = unpack(rows, header.depth, width, height);
    for (let i = 0; i < target.length; i++) target[i] = (values[i] as number) * scale;
  }
}

/** One byte for each value of `depth` bits; rows begin at whole bytes, the highest bits come first. */
function unpack(rows: Uint8Array, depth: number, width: number, height: number): Uint8Array {
  if (depth === 8) return rows;
  const values = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  let o = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = rows[y * rowBytes + (bit >> 3)] as number;
      values[o++] = (byte >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return values;
}

function toGreyOfPalette(values: Uint8Array, colours: Uint8Array, target: Samples): void {
  // Colours that the palette lacks are negative; looking at the end only is twice as fast.
  const table = new Int16Array(256).fill(-1);
  table.set(colours);
  let all = 0;
  for (let i = 0; i < target.length; i++) {
    const grey = table[values[i] as number] as number;
    all |= grey;
    target[i] = grey;
  }
  if (all >= 0) return;
  throw new DecodeFailure(
    "corrupt-image",
    `the PNG is damaged: a pixel has a colour beyond the ${colours.length} of its palette`,
  );
}

function fromBigEndian(bytes: Uint8Array, count: number): Uint16Array {
  const samples = new Uint16Array(count);
  for (let i = 0; i < count; i++) samples[i] = ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number);
  return samples;
}
