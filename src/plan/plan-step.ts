import type { Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import type { ScaledBox } from "../space/scaled-box.js";

/** A block, and where its first voxel lies in the stack: z, y, x, in voxels of the zoom level; may be negative. */
export interface BlockPlace {
  /** Which block, in the mirror's own array. */
  readonly block: BlockIndex;
  /** Voxel v of the stack is voxel v − `first` of the block. */
  readonly first: Triple;
}

/**
 * One part of a region, and where its voxels come from. Boxes are in voxels of the zoom level **of the stack**, z, y,
 * x; blocks count in the mirror's own array, which may be shifted. Each box that is not outside lies in the rows and
 * columns of one block, and in one layer of blocks. Its block is in that layer or, if a broken section is replaced, in
 * another.
 */
export type PlanStep =
  | ({
      /** A block serves the box. */
      readonly kind: "block";
      readonly box: ScaledBox;
    } & BlockPlace)
  | {
      /** Two blocks of equal row and column are mixed. The box is one section deep. */
      readonly kind: "blend";
      readonly lower: BlockPlace;
      readonly upper: BlockPlace;
      /** Share of the upper block, between 0 and 1; the lower one has the rest. */
      readonly upperWeight: number;
      readonly box: ScaledBox;
    }
  | {
      /** The section is broken, and filled, whether the mirror holds it or not. */
      readonly kind: "broken";
      readonly block: BlockIndex;
      readonly box: ScaledBox;
    }
  | {
      /**
       * The stack has these voxels, but the mirror does not: they are out of its bounds, or before the first voxel of
       * its array. `block` is the block that would hold them. A block that the mirror holds in part has a step of kind
       * `"block"` too, and one of this kind for each box of the rest.
       */
      readonly kind: "unheld";
      readonly block: BlockIndex;
      readonly box: ScaledBox;
    }
  | {
      /** The stack has no such voxels. */
      readonly kind: "outside";
      readonly box: ScaledBox;
    };
