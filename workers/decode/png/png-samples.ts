/** Turns a PNG's unfiltered rows into the samples of one channel. */

import { DecodeFailure } from "../../../src/errors.js";
import { rgbToGrey, takeChannel } from "../to-channel.js";
import type { Samples, WantedPixels } from "../wanted-pixels.js";
import type { PngChunks } from "./png-chunks.js";
import { type PngHeader, samplesPerPixel } from "./png-header.js";

/** Bytes of a row of `width` pixels, without its filter byte. */
export function rowBytesOf(header: PngHeader, width: number): number {
  return Math.ceil((width * samplesPerPixel[header.colour] * header.depth) / 8);
}

/** Distance in bytes to the pixel on the left, as the filters define it. */
export function pixelBytesOf(header: PngHeader): number {
  return Math.max(1, (samplesPerPixel[header.colour] * header.depth) / 8);
}

/**
 * Writes the samples of `rows`, which are `height` unfiltered rows of `width` pixels, to `target`. That has
 * `width * height` samples, of 16 bits if the file has 16. Throws a `DecodeFailure` for a colour that the palette
 * lacks.
 */
export function rowsToSamples(
  header: PngHeader,
  chunks: PngChunks,
  channel: WantedPixels["channel"],
  rows: Uint8Array<ArrayBuffer>,
  width: number,
  height: number,
  target: Samples,
): void {
  const { colour, depth } = header;
  if (colour === "palette") {
    lookUp(unpack(rows, depth, width, height), paletteChannel(chunks, channel), target);
    return;
  }
  const step = samplesPerPixel[colour];
  const samples =
    depth === 16 ? fromBigEndian(rows, width * height * step) : unpack(rows, depth, width, height);
  if (depth < 8) {
    const scale = 255 / (2 ** depth - 1);
    for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) * scale;
  }
  if (channel === 3) {
    if (chunks.transparency === undefined) takeChannel(samples, step, step - 1, target);
    else opaqueExcept(keyOf(header, chunks.transparency), samples, target);
  } else if (step < 3) takeChannel(samples, step, 0, target);
  else if (channel === "grey") rgbToGrey(samples, step as 3 | 4, target);
  else takeChannel(samples, step, channel, target);
}

/** Unpacks values of `depth` bits to one byte each. Rows begin at whole bytes, and the highest bits come first. */
function unpack(
  rows: Uint8Array<ArrayBuffer>,
  depth: number,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
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

/** The wanted channel of each colour of the palette. Colours beyond the end of tRNS are opaque. */
function paletteChannel({ palette, transparency }: PngChunks, channel: WantedPixels["channel"]): Uint8Array {
  const samples = new Uint8Array(palette.length / 3).fill(255);
  if (channel === "grey") rgbToGrey(palette, 3, samples);
  else if (channel < 3) takeChannel(palette, 3, channel, samples);
  else if (transparency !== undefined) samples.set(transparency);
  return samples;
}

/** The samples of the one transparent colour. tRNS has two bytes for each. */
function keyOf({ depth }: PngHeader, transparency: Uint8Array): number[] {
  const most = 2 ** depth - 1;
  const scale = depth < 8 ? 255 / most : 1;
  const key: number[] = [];
  for (let i = 0; i < transparency.length; i += 2) {
    const value = ((transparency[i] as number) << 8) | (transparency[i + 1] as number);
    key.push((value & most) * scale);
  }
  return key;
}

function opaqueExcept(key: readonly number[], source: Samples, target: Samples): void {
  const opaque = target instanceof Uint8Array ? 255 : 65535;
  for (let i = 0, o = 0; o < target.length; i += key.length, o++) {
    target[o] = key.every((value, place) => source[i + place] === value) ? 0 : opaque;
  }
}

function lookUp(values: Uint8Array, colours: Uint8Array, target: Samples): void {
  // Colours that the palette lacks are negative. One check at the end is twice as fast as one for each pixel.
  const table = new Int16Array(256).fill(-1);
  table.set(colours);
  let all = 0;
  for (let i = 0; i < target.length; i++) {
    const sample = table[values[i] as number] as number;
    all |= sample;
    target[i] = sample;
  }
  if (all >= 0) return;
  throw new DecodeFailure(
    "corrupt-image",
    `the PNG is damaged: a pixel has a colour beyond the ${colours.length} of its palette`,
  );
}

function fromBigEndian(bytes: Uint8Array, count: number): Uint16Array<ArrayBuffer> {
  const samples = new Uint16Array(count);
  for (let i = 0; i < count; i++) samples[i] = ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number);
  return samples;
}
