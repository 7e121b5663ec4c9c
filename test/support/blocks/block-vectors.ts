import type { VectorRow } from "../model/vectors.js";

const functionsOfBlocks: ReadonlySet<unknown> = new Set([
  "n5.parse",
  "ngpre.parse",
  "blockSize",
  "blockCoordBounds",
  "blockCoordsForLocation",
  "readBlock",
  "voxelOffset",
]);

/** Whether a row was recorded with a mirror of blocks: it is about its arrays, or the URL of one of its blocks. */
export function isOfBlocks({ input }: VectorRow): boolean {
  const { fn, tileSourceType } = input as { fn?: string; tileSourceType?: number };
  const isUrl = fn === "getTileURL" || fn === "getCanaryUrl";
  return functionsOfBlocks.has(fn) || (isUrl && (tileSourceType === 11 || tileSourceType === 14));
}
