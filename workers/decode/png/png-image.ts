/** Turns a PNG's inflated image data into samples. All decoders share this part. */

import { DecodeFailure } from "../../../src/errors.js";
import { requireChannel, type Samples, type WantedPixels } from "../wanted-pixels.js";
import type { PngChunks } from "./png-chunks.js";
import { type PngHeader, samplesPerPixel } from "./png-header.js";
import { type PngPass, passesOf } from "./png-passes.js";
import { pixelBytesOf, rowBytesOf, rowsToSamples } from "./png-samples.js";

/**
 * Undoes the filters of rows that begin at `start` of the inflated data. Returns the rows without their filter bytes,
 * in memory that the next call may overwrite.
 */
export type UnfilterRows = (
  start: number,
  rowBytes: number,
  rows: number,
  pixelBytes: number,
) => Uint8Array<ArrayBuffer>;

/** Whether the unfiltered rows are the wanted samples themselves. */
export function isPlain(header: PngHeader, channel: WantedPixels["channel"]): boolean {
  return header.colour === "grey" && header.depth === 8 && !header.interlaced && channel !== 3;
}

/** Throws a `DecodeFailure` if the file has 16 bits where 8 are wanted, or lacks the wanted channel. */
export function requireWanted(header: PngHeader, chunks: PngChunks, wanted: WantedPixels): void {
  const { colour, depth } = header;
  requireChannel(wanted, "the PNG", {
    channels: colour === "palette" ? 3 : samplesPerPixel[colour],
    bits: Math.max(8, depth),
    alpha: colour.endsWith("alpha") || chunks.transparency !== undefined,
  });
  if (depth < 16 || wanted.dataType === "uint16") return;
  throw new DecodeFailure(
    "unsupported-image",
    'the PNG has 16 bits a sample, which voxels of 8 do not hold: ask for dataType: "uint16"',
  );
}

/** An array for samples of as many bits as the file has, at least 8. */
export function createSamples({ depth }: PngHeader, count: number): Samples {
  return depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
}

/** How many bytes may follow the last row. Some encoders write more than they need. */
export const surplusBytes = 65536;

/** Size of the inflated image data. Throws a `DecodeFailure` if the file is far too short for it. */
export function inflatedBytesOf(header: PngHeader, chunks: PngChunks): number {
  let size = 0;
  for (const pass of passesOf(header)) size += pass.height * (1 + rowBytesOf(header, pass.width));
  // Deflate makes at most 258 bytes from two bits.
  if (size <= 1032 * chunks.dataBytes) return size;
  throw new DecodeFailure(
    "corrupt-image",
    `the PNG is damaged: ${chunks.dataBytes} bytes of data cannot hold ${header.width} × ${header.height} pixels`,
  );
}

/** Writes the wanted samples to `target`: undoes the filters, reduces colours, merges the passes. */
export function toSamples(
  header: PngHeader,
  chunks: PngChunks,
  channel: WantedPixels["channel"],
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
      const samples = createSamples(header, width * height);
      rowsToSamples(header, chunks, channel, rows, width, height, samples);
      scatter(samples, pass, target, header.width);
    } else {
      rowsToSamples(header, chunks, channel, rows, width, height, target);
    }
  }
}

function scatter(samples: Samples, pass: PngPass, target: Samples, targetWidth: number): void {
  let i = 0;
  for (let y = 0; y < pass.height; y++) {
    let o = (pass.y + y * pass.dy) * targetWidth + pass.x;
    for (let x = 0; x < pass.width; x++, o += pass.dx) target[o] = samples[i++] as number;
  }
}
