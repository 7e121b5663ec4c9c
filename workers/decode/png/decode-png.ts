/** PNG to grey in plain TypeScript: every colour type, depth and interlacing. */

import { inflateInputSlack, inflateOutputSlack, inflateZlib } from "../inflate/inflate.js";
import type { Samples } from "../to-grey.js";
import { type PngChunks, readPngChunks } from "./png-chunks.js";
import { crc32 } from "./png-crc.js";
import { type PngHeader, readPngHeader } from "./png-header.js";
import { inflatedBytesOf, isPlainGrey, refuse16Bit, surplusBytes, toGrey } from "./png-image.js";
import { unfilter } from "./png-unfilter.js";

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
  const { width, height, depth } = header;
  const data = decode(bytes, header, () => new (depth === 16 ? Uint16Array : Uint8Array)(width * height));
  return { data, width, height };
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
  const most = size + surplusBytes;
  if (inflated.length < most + inflateOutputSlack) {
    inflated = new Uint8Array(most + inflateOutputSlack);
    if (inflated.length <= keptScratchBytes) inflatedScratch = inflated;
  }
  inflateZlib(source, start, end, inflated, size, most);
  const target = create();
  toGrey(
    header,
    chunks.palette,
    (from, rowBytes, rows, pixelBytes) => {
      const unfiltered =
        isPlainGrey(header) && target instanceof Uint8Array ? target : new Uint8Array(rowBytes * rows);
      unfilter(inflated, from, unfiltered, rowBytes, rows, pixelBytes);
      return unfiltered;
    },
    target,
  );
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
