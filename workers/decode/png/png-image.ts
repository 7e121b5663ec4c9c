/** From a PNG's inflated image data to grey: the part that all decoders have in common. */

import { DecodeFailure } from "../../../src/errors.js";
import type { Samples } from "../to-grey.js";
import type { PngChunks } from "./png-chunks.js";
import type { PngHeader } from "./png-header.js";
import { type PngPass, passesOf } from "./png-passes.js";
import { pixelBytesOf, rowBytesOf, rowsToGrey } from "./png-samples.js";

/**
 * Undoes the filters of rows that begin at `start` of the inflated data; returns the rows without their filter bytes, in
 * memory that may be overwritten by the next call.
 */
export type UnfilterRows = (start: number, rowBytes: number, rows: number, pixelBytes: number) => Uint8Array;

/** Whether the unfiltered rows are the grey values themselves. */
export function isPlainGrey(header: PngHeader): boolean {
  return header.colour === "grey" && header.depth === 8 && !header.interlaced;
}

/** Throws the `DecodeFailure` for a file of 16 bits a sample, which 8 bits cannot hold unclipped. */
export function refuse16Bit(header: PngHeader): void {
  if (header.depth !== 16) return;
  throw new DecodeFailure(
    "unsupported-image",
    "a 16-bit PNG does not fit into 8-bit voxels and is not supported by this version",
  );
}

/** So much may follow the last row, in bytes: some encoders write more than they need. */
export const surplusBytes = 65536;

/** Size of the image data once inflated; throws a `DecodeFailure` where the file is far too short for it. */
export function inflatedBytesOf(header: PngHeader, chunks: PngChunks): number {
  let size = 0;
  for (const pass of passesOf(header)) size += pass.height * (1 + rowBytesOf(header, pass.width));
  // Deflate makes at most 258 bytes of two bits.
  if (size <= 1032 * chunks.dataBytes) return size;
  throw new DecodeFailure(
    "corrupt-image",
    `the PNG is damaged: ${chunks.dataBytes} bytes of data cannot hold ${header.width} × ${header.height} pixels`,
  );
}

/** Writes the grey samples to `target`: unfilters, reduces colours, takes the passes together. */
export function toGrey(
  header: PngHeader,
  palette: Uint8Array,
  unfilterRows: UnfilterRows,
  target: Samples,
): void {
  const pixelBytes = pixelBytesOf(header);
  let start = 0;
  for (const pass of passesOf(header)) {
    const { width, height } = pass;
    const rowBytes = rowBytesOf(header, width);
    const rows = unfilterRows(start, rowBytes, height, pixelBytes);
    start += height * (1 + rowBytes);
    if (header.interlaced) {
      const grey = new (header.depth === 16 ? Uint16Array : Uint8Array)(width * height);
      rowsToGrey(header, palette, rows, width, height, grey);
      scatter(grey, pass, target, header.width);
    } else {
      rowsToGrey(header, palette, rows, width, height, target);
    }
  }
}

function scatter(grey: Samples, pass: PngPass, target: Samples, targetWidth: number): void {
  let i = 0;
  for (let y = 0; y < pass.height; y++) {
    let o = (pass.y + y * pass.dy) * targetWidth + pass.x;
    for (let x = 0; x < pass.width; x++, o += pass.dx) target[o] = grey[i++] as number;
  }
}
