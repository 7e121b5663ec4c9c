/** PNG in plain TypeScript: every colour type, depth and interlacing. */

import { crc32 } from "../../crc-32.js";
import { inflateInputSlack, inflateOutputSlack, inflateZlib } from "../inflate/inflate.js";
import { type DecodedImage, greyBytes, type SizeLimit, type WantedPixels } from "../wanted-pixels.js";
import { type PngChunks, readPngChunks } from "./png-chunks.js";
import { readPngHeader } from "./png-header.js";
import {
  createSamples,
  inflatedBytesOf,
  isPlain,
  requireWanted,
  surplusBytes,
  toSamples,
} from "./png-image.js";
import { unfilter } from "./png-unfilter.js";

const keptScratchBytes = 1 << 22;
let inflatedScratch = new Uint8Array(0);
let dataScratch = new Uint8Array(0);

/**
 * Decodes a PNG to the wanted channel, in 16 bits if the file has 16, otherwise in 8. Throws a `DecodeFailure`:
 * `"not-an-image"`, `"corrupt-image"`, `"wrong-size"` if the image does not fit `limit`, or `"unsupported-image"`, also
 * if the file has 16 bits where 8 are wanted, or lacks the wanted channel.
 */
export function decodePng(bytes: Uint8Array, limit: SizeLimit): DecodedImage<Uint8Array<ArrayBuffer>>;
export function decodePng(bytes: Uint8Array, limit: SizeLimit, wanted: WantedPixels): DecodedImage;
export function decodePng(
  bytes: Uint8Array,
  limit: SizeLimit,
  wanted: WantedPixels = greyBytes,
): DecodedImage {
  const { channel } = wanted;
  const header = readPngHeader(bytes, limit);
  const chunks = readPngChunks(bytes, header, channel, (start, end) => crc32(bytes, start, end));
  requireWanted(header, chunks, wanted);
  const size = inflatedBytesOf(header, chunks);
  const [source, start, end] = joinData(bytes, chunks);
  let inflated = inflatedScratch;
  const most = size + surplusBytes;
  if (inflated.length < most + inflateOutputSlack) {
    inflated = new Uint8Array(most + inflateOutputSlack);
    if (inflated.length <= keptScratchBytes) inflatedScratch = inflated;
  }
  inflateZlib(source, start, end, inflated, size, most);
  const { width, height } = header;
  const data = createSamples(header, width * height);
  toSamples(
    header,
    chunks,
    channel,
    (from, rowBytes, rows, pixelBytes) => {
      const unfiltered =
        isPlain(header, channel) && data instanceof Uint8Array ? data : new Uint8Array(rowBytes * rows);
      unfilter(inflated, from, unfiltered, rowBytes, rows, pixelBytes);
      return unfiltered;
    },
    data,
  );
  return { data, width, height };
}

function joinData(bytes: Uint8Array, chunks: PngChunks): [source: Uint8Array, start: number, end: number] {
  const [first] = chunks.data;
  // The chunk's checksum and the chunk IEND follow, which are slack enough.
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
