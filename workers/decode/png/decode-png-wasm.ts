/** Decodes PNG with the WebAssembly kernels. Returns the same bytes and refuses the same files as `decode-png.ts`. */

import { requireInflated } from "../inflate/inflate-failure.js";
import type { Kernels } from "../kernel-instance.js";
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
  type UnfilterRows,
} from "./png-image.js";
import { pixelBytesOf, rowBytesOf } from "./png-samples.js";
import { invalidFilter } from "./png-unfilter.js";

/** Bytes after the output that inflating may overwrite. */
const inflateSlack = 288;

/** Like `decodePng`. An error other than a `DecodeFailure` means that the instance must not be used again. */
export function decodePngWasm(
  kernels: Kernels,
  bytes: Uint8Array,
  limit: SizeLimit,
  wanted: WantedPixels = greyBytes,
): DecodedImage {
  const { channel } = wanted;
  const header = readPngHeader(bytes, limit);
  const { width, height } = header;
  const { exports } = kernels;

  // The file comes first, because its chunks tell how much more room is needed.
  const file = kernels.reserve(bytes.length, 0, 0).input;
  kernels.bytes().set(bytes, file);
  const chunks = readPngChunks(
    bytes,
    header,
    channel,
    (start, end) => exports.crc32(file + start, end - start) >>> 0,
  );
  requireWanted(header, chunks, wanted);
  const size = inflatedBytesOf(header, chunks);
  const rowBytes = rowBytesOf(header, width);
  const { output, work } = kernels.reserve(
    bytes.length,
    rowBytes + size,
    size + surplusBytes + inflateSlack + 16 * (rowBytes + 1),
  );

  const memory = kernels.bytes();
  const [start, end] = joinData(memory, file, chunks);
  requireInflated(exports.inflateZlib(start, end, work, size, size + surplusBytes));

  const rowsAt = output + rowBytes + 16;
  const unfilterRows: UnfilterRows = (from, bytesOfRow, rows, pixelBytes) => {
    if (exports.unfilter(work + from, rowsAt, bytesOfRow, rows, pixelBytes) === 0) throw invalidFilter();
    return memory.subarray(rowsAt, rowsAt + bytesOfRow * rows);
  };
  if (isPlain(header, channel)) {
    return { data: unfilterRows(0, rowBytes, height, pixelBytesOf(header)).slice(), width, height };
  }
  const data = createSamples(header, width * height);
  toSamples(header, chunks, channel, unfilterRows, data);
  return { data, width, height };
}

/** Moves the pieces of the zlib stream together, inside the file's region. */
function joinData(
  memory: Uint8Array,
  file: number,
  { data }: PngChunks,
): readonly [start: number, end: number] {
  let begin = 0;
  let end = 0;
  for (const [from, to] of data) {
    if (end === 0) begin = end = file + from;
    memory.copyWithin(end, file + from, file + to);
    end += to - from;
  }
  return [begin, end];
}
