import type { ModelTile } from "../model/model-stack.js";

/** A region of the model stack: 2 sections × 2 rows × 3 columns of tiles. */
export const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const;
/** The same, as a box. */
export const region = { lower: roi[0], upper: roi[1] } as const;

/** Whether a tile is the one of the region that is bad in tests. */
export function isBad({ depth, row, col }: ModelTile): boolean {
  return depth === 2 && row === 1 && col === 1;
}
