/** Inflating behind one interface: with the kernels, or in TypeScript where there are none. */

import type { Kernels } from "../kernel-instance.js";
import { threadKernels } from "../kernel-keeper.js";
import { requireInflated } from "./inflate-failure.js";
import { plainInflater } from "./plain-inflater.js";

/** Inflates deflate streams of one file, one after the other, into one output. */
export interface Inflater {
  /** Number of bytes that all have made. */
  readonly size: number;
  /**
   * Inflates the stream that `[start, end)` of the file begins with, and says where it ends. Throws a `DecodeFailure` where it
   * is damaged, or where all would make more bytes than may come out.
   */
  inflate(start: number, end: number): number;
  /** CRC-32 of a part of the file. */
  crc32OfFile(start: number, end: number): number;
  /** CRC-32 of what has come out since a position. */
  crc32(from: number): number;
  /** Adler-32 of all that has come out. */
  adler32(): number;
  /** All that has come out, in a buffer of its own. */
  output(): Uint8Array<ArrayBuffer>;
}

/** What inflating may overwrite behind its output. */
const inflateSlack = 288;

/**
 * Has a file read with an inflater whose output may have `most` bytes. The kernels' memory is no one else's meanwhile: `read`
 * must not decode anything else.
 */
export function inflating<T>(file: Uint8Array, most: number, read: (inflater: Inflater) => T): T {
  return (
    threadKernels.use((kernels) => read(kernelInflater(kernels, file, most))) ??
    read(plainInflater(file, most))
  );
}

function kernelInflater(kernels: Kernels, file: Uint8Array, most: number): Inflater {
  const { exports } = kernels;
  const { input, output } = kernels.reserve(file.length, most + inflateSlack, 0);
  kernels.bytes().set(file, input);
  let size = 0;
  return {
    get size() {
      return size;
    },
    inflate(start, end) {
      requireInflated(exports.inflate(input + start, input + end, output + size, 0, most - size));
      size = exports.inflatedEnd() - output;
      return exports.deflateEnd() - input;
    },
    crc32OfFile: (start, end) => exports.crc32(input + start, end - start) >>> 0,
    crc32: (from) => exports.crc32(output + from, size - from) >>> 0,
    adler32: () => exports.adler32(output, size) >>> 0,
    output: () => kernels.bytes().slice(output, output + size),
  };
}
