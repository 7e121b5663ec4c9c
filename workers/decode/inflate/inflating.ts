/** Inflates with the kernels, or in TypeScript if there are none, behind one interface. */

import type { Kernels } from "../kernel-instance.js";
import { threadKernels } from "../kernel-keeper.js";
import { requireInflated } from "./inflate-failure.js";
import type { Inflater } from "./inflater.js";
import { plainInflater } from "./plain-inflater.js";

/** Bytes after the output that inflating may overwrite. */
const inflateSlack = 288;

/**
 * Calls `read` with an inflater for the file, whose output may have up to `most` bytes. Meanwhile the kernels' memory
 * is in use, so `read` must not decode anything else.
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
