import type { Triple, Vector3 } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import type { BlockLevel } from "./block-source.js";

/** The block that holds a voxel of a level of the stack, whether the mirror has it or not. */
export function blockAt(
  { origin, blockShape }: Pick<BlockLevel, "origin" | "blockShape">,
  zoomLevel: number,
  { x, y, z }: Vector3,
): BlockIndex {
  // + 0: there is no block −0.
  const cell = (axis: 0 | 1 | 2, voxel: number): number =>
    Math.floor((voxel - origin[axis]) / blockShape[axis]) + 0;
  return { level: zoomLevel, at: [cell(0, z), cell(1, y), cell(2, x)] };
}

/** Where a block begins in its level of the stack: z, y, x. */
export function firstVoxelOf({ origin, blockShape }: BlockLevel, { at }: BlockIndex): Triple {
  return [
    at[0] * blockShape[0] + origin[0],
    at[1] * blockShape[1] + origin[1],
    at[2] * blockShape[2] + origin[2],
  ];
}
