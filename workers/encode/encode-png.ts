import { zlibSync } from "fflate";
import UPNG from "upng-js";
import { InvalidOptionError } from "../../src/errors.js";
import { crc32 } from "../crc-32.js";
import { bigEndianBytes } from "./big-endian-bytes.js";

/** How {@link encodeGreyPng} trades time for size. */
export interface GreyPngOptions {
  /** zlib level, 0 to 9. Default 6. */
  readonly level?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const paeth = 4;
const greyType = 0;
const rgbaType = 6;

/**
 * Encodes grey values, row by row, as a grey PNG of 8 or 16 bits. Every row is Paeth-filtered, like the tiles of real
 * EM stacks. (upng-js would write the same pixels with a palette, which some readers do not recognise as grey.)
 */
export function encodeGreyPng(
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
  options: GreyPngOptions = {},
): Uint8Array<ArrayBuffer> {
  const pixels = zlibSync(greyPngRows(data, width, height), { level: options.level ?? 6 });
  return greyPngOf(pixels, width, height, data.BYTES_PER_ELEMENT);
}

/** The filtered rows of a grey PNG, before zlib packs them. */
export function greyPngRows(
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  checkSize(data, width, height, 1);
  return filterRows(bigEndianBytes(data), width * data.BYTES_PER_ELEMENT, height, data.BYTES_PER_ELEMENT);
}

/** Makes the file of a grey PNG. @param pixels - Its rows, packed by zlib. @param bytes - Bytes per sample. */
export function greyPngOf(
  pixels: Uint8Array,
  width: number,
  height: number,
  bytes: number,
): Uint8Array<ArrayBuffer> {
  return pngFile(width, height, { colourType: greyType, bits: 8 * bytes }, pixels);
}

// upng-js reserves only 100 bytes besides the pixels. The palette of a small image needs more, and is silently cut off.
const fewestPaletteBytes = 2048;

/** Encodes RGBA pixels without loss: with a palette if 256 colours are enough and save space, otherwise as RGB(A). */
export function encodeColourPng(rgba: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  checkSize(rgba, width, height, 4);
  if (rgba.length < fewestPaletteBytes) {
    const pixels = zlibSync(plainRows(rgba, height), { level: 6 });
    return pngFile(width, height, { colourType: rgbaType, bits: 8 }, pixels);
  }
  return new Uint8Array(UPNG.encode([rgba.slice().buffer], width, height, 0));
}

function pngFile(
  width: number,
  height: number,
  { colourType, bits }: { readonly colourType: number; readonly bits: number },
  pixels: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bits, colourType], 8);
  const parts = [signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", new Uint8Array(0))];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}

function plainRows(data: Uint8Array, height: number): Uint8Array {
  const rowBytes = data.length / height;
  const out = new Uint8Array((rowBytes + 1) * height);
  for (let row = 0; row < height; row++) {
    out.set(data.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1);
  }
  return out;
}

function checkSize(data: Uint8Array | Uint16Array, width: number, height: number, samples: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new InvalidOptionError(`a PNG needs whole, positive sides, not ${width} × ${height}`);
  }
  if (data.length !== width * height * samples) {
    throw new InvalidOptionError(
      `a ${width} × ${height} PNG of ${samples} sample(s) a pixel needs ${width * height * samples} values, not ${data.length}`,
    );
  }
}

/** @param step - Bytes from a sample to the next one. */
function filterRows(
  data: Uint8Array,
  rowBytes: number,
  height: number,
  step: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array((rowBytes + 1) * height);
  for (let row = 0; row < height; row++) {
    const from = row * rowBytes;
    const to = row * (rowBytes + 1) + 1;
    out[to - 1] = paeth;
    for (let first = 0; first < step; first++) {
      let left = 0;
      let corner = 0;
      for (let x = first; x < rowBytes; x += step) {
        const above = row === 0 ? 0 : (data[from - rowBytes + x] as number);
        const value = data[from + x] as number;
        const fromLeft = Math.abs(above - corner);
        const fromAbove = Math.abs(left - corner);
        const fromCorner = Math.abs(left + above - 2 * corner);
        const guess =
          fromLeft <= fromAbove && fromLeft <= fromCorner ? left : fromAbove <= fromCorner ? above : corner;
        out[to + x] = value - guess;
        left = value;
        corner = above;
      }
    }
  }
  return out;
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(body.length + 8, crc32(bytes, 4, body.length + 8));
  return bytes;
}
