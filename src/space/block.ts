import type { Triple } from "./axis-order.js";
import type { Voxels } from "./data-type.js";

/** What a mirror serves as one unit, decoded. A tile is a block of one section: its shape is `[1, height, width]`. */
export interface Block {
  /** The voxels, dense, x fastest; they belong to whoever keeps the block, so copy out of them. */
  readonly data: Voxels;
  /** Extent along z, y, x, in voxels. */
  readonly shape: Triple;
}

/** Which block of a mirror: zoom level, and position in the grid of its blocks. */
export interface BlockIndex {
  /** Zoom level. */
  readonly level: number;
  /** Position along z, y, x, in blocks of the mirror's own array; of a tile: section, row, column. */
  readonly at: Triple;
}
