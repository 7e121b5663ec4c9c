import { crc32 } from "../../crc-32.js";
import { inflate, inflateInputSlack, inflateOutputSlack } from "./inflate.js";
import { adler32 } from "./inflate-adler.js";
import type { Inflater } from "./inflater.js";

/** Inflates in plain TypeScript, for threads without kernels. */
export function plainInflater(file: Uint8Array, most: number): Inflater {
  const source = new Uint8Array(file.length + inflateInputSlack);
  source.set(file);
  const target = new Uint8Array(most + inflateOutputSlack);
  let size = 0;
  return {
    get size() {
      return size;
    },
    inflate(start, end) {
      const stream = inflate(source, start, end, target.subarray(size), 0, most - size);
      size += stream.size;
      return stream.end;
    },
    crc32OfFile: (start, end) => crc32(source, start, end),
    crc32: (from) => crc32(target, from, size),
    adler32: () => adler32(target, size),
    output: () => target.slice(0, size),
  };
}
