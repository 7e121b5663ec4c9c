import type { Triple } from "./axis-order.js";
import type { Voxels } from "./data-type.js";

/** A decoded unit of what a mirror serves. A tile is a block of one section: its shape is `[1, height, width]`. */
export interface Block {
  /** The voxels, dense, x fastest. They belong to the holder of the block (such as a cache), so only copy from them. */
  readonly data: Voxels;
  /** Extent along z, y, x, in voxels. */
  readonly shape: Triple;
}

/** Which block of a mirror: zoom level, and position in the grid of its blocks. */
export interface BlockIndex {
  /** Zoom level. */
  readonly level: number;
  /** Position along z, y, x, in blocks of the mirror's own array. For a tile: section, row, column. */
  readonly at: Triple;
}
