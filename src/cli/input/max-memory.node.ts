import type { Arguments } from "./arguments.node.js";

/** Usual limit, in bytes, of the memory for voxels that are not written yet. More memory would not be faster. */
export const streamBytes: number = 256 * 2 ** 20;

/** Reads `--max-memory`, which is in MiB, as bytes. */
export function maxMemoryOf(args: Arguments): number {
  const mebibytes = args.number("max-memory", 1);
  return mebibytes === undefined ? streamBytes : Math.floor(mebibytes * 2 ** 20);
}
