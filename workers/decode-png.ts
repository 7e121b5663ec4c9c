/** PNG to grey in plain TypeScript: every colour type, depth and interlacing. */

import { DecodeFailure } from "../src/errors.js";
import { inflateInputSlack, inflateOutputSlack, inflateZlib } from "./inflate.js";
import { type PngChunks, readPngChunks } from "./png-chunks.js";
import { crc32 } from "./png-crc.js";
import { type PngHeader, readPngHeader } from "./png-header.js";
import { type PngPass, passesOf } from "./png-passes.js";
import { pixelBytesOf, rowBytesOf, rowsToGrey } from "./png-samples.js";
import { unfilter } from "./png-unfilter.js";
import type { Samples } from "./to-grey.js";

/** Grey values, row by row, in a buffer of exactly their size. */
export interface GreyTile {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Grey samples; of 16 bits where the file has 16. */
export interface GreySamples {
  readonly data: Samples;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a PNG to 8-bit grey. Throws a `DecodeFailure`: `"not-an-image"`, `"corrupt-image"`, `"wrong-size"` where the
 * image exceeds `limit` in pixels, or `"unsupported-image"`, also for 16 bits a sample.
 */
export function decodePng(bytes: Uint8Array, limit: { width: number; height: number }): GreyTile {
  const header = readPngHeader(bytes, limit);
  refuse16Bit(header);
  const { width, height } = header;
  return { data: decode(bytes, header, () => new Uint8Array(width * height)), width, height };
}

/** As {@link decodePng}, but takes 16 bits a sample too and gives them unchanged. */
export function decodePngSamples(bytes: Uint8Array, limit: { width: number; height: number }): GreySamples {
  const header = readPngHeader(bytes, limit);
  const { width, height } = header;
  const data = decode(bytes, header, () =>
    header.depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height),
  );
  return { data, width, height };
}

/** Throws the `DecodeFailure` for a file of 16 bits a sample, which 8 bits cannot hold unclipped. */
export function refuse16Bit(header: PngHeader): void {
  if (header.depth !== 16) return;
  throw new DecodeFailure(
    "unsupported-image",
    "a 16-bit PNG does not fit into 8-bit voxels and is not supported by this version",
  );
}

/** Size of the image data once inflated; throws a `DecodeFailure` where the file is far too short for it. */
export function inflatedBytesOf(header: PngHeader, chunks: PngChunks): number {
  let size = 0;
  for (const pass of passesOf(header)) size += pass.height * (1 + rowBytesOf(header, pass.width));
  // Deflate makes at most 258 bytes of two bits.
  if (size > 1032 * chunks.dataBytes) {
    throw new DecodeFailure(
      "corrupt-image",
      `the PNG is damaged: ${chunks.dataBytes} bytes of image data cannot hold its ${header.width} × ${header.height} pixels`,
    );
  }
  return size;
}

/** Makes grey samples of inflated image data: unfilters, takes the passes together. */
export function inflatedToGrey(
  header: PngHeader,
  palette: Uint8Array,
  inflated: Uint8Array,
  target: Samples,
): void {
  const pixelBytes = pixelBytesOf(header);
  let at = 0;
  for (const pass of passesOf(header)) {
    const rowBytes = rowBytesOf(header, pass.width);
    if (isPlain(header) && target instanceof Uint8Array) {
      unfilter(inflated, at, target, rowBytes, pass.height, pixelBytes);
      return;
    }
    const rows = new Uint8Array(rowBytes * pass.height);
    unfilter(inflated, at, rows, rowBytes, pass.height, pixelBytes);
    at += pass.height * (1 + rowBytes);
    if (header.interlaced) {
      const grey = new (header.depth === 16 ? Uint16Array : Uint8Array)(pass.width * pass.height);
      rowsToGrey(header, palette, rows, pass.width, pass.height, grey);
      scatter(grey, pass, target, header.width);
    } else {
      rowsToGrey(header, palette, rows, pass.width, pass.height, target);
    }
  }
}

/** Whether the unfiltered rows are the grey values themselves. */
export function isPlain(header: PngHeader): boolean {
  return header.colour === "grey" && header.depth === 8 && !header.interlaced;
}

const keptScratchBytes = 1 << 22;
let inflatedScratch = new Uint8Array(0);
let dataScratch = new Uint8Array(0);

/** `create` is called once the file is known to be whole. */
function decode<S extends Samples>(bytes: Uint8Array, header: PngHeader, create: () => S): S {
  const chunks = readPngChunks(bytes, header, (start, end) => crc32(bytes, start, end));
  const size = inflatedBytesOf(header, chunks);
  const [source, start, end] = joinData(bytes, chunks);
  let inflated = inflatedScratch;
  if (inflated.length < size + inflateOutputSlack) {
    inflated = new Uint8Array(size + inflateOutputSlack);
    if (inflated.length <= keptScratchBytes) inflatedScratch = inflated;
  }
  inflateZlib(source, start, end, inflated, size);
  const target = create();
  inflatedToGrey(header, chunks.palette, inflated, target);
  return target;
}

function joinData(bytes: Uint8Array, chunks: PngChunks): [source: Uint8Array, start: number, end: number] {
  const [first] = chunks.data;
  // The chunk's checksum and the chunk IEND follow: that is slack enough.
  if (chunks.data.length === 1 && first !== undefined) return [bytes, ...first];
  let joined = dataScratch;
  if (joined.length < chunks.dataBytes + inflateInputSlack) {
    joined = new Uint8Array(chunks.dataBytes + inflateInputSlack);
    if (joined.length <= keptScratchBytes) dataScratch = joined;
  }
  let end = 0;
  for (const [from, to] of chunks.data) {
    joined.set(bytes.subarray(from, to), end);
    end += to - from;
  }
  return [joined, 0, end];
}

function scatter(grey: Samples, pass: PngPass, target: Samples, targetWidth: number): void {
  let i = 0;
  for (let y = 0; y < pass.height; y++) {
    let o = (pass.y + y * pass.dy) * targetWidth + pass.x;
    for (let x = 0; x < pass.width; x++, o += pass.dx) target[o] = grey[i++] as number;
  }
}
