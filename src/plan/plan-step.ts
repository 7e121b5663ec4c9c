import type { ScaledBox } from "../space/scaled-box.js";
import type { TileIndex } from "../stack/mirror/tile-index.js";

/** Where the first pixel of a step's tile lies in the stack, in voxels of the zoom level; it may be negative. */
interface TilePlace {
  /** Row (y). */
  readonly top: number;
  /** Column (x). */
  readonly left: number;
}

/**
 * One part of a region, and where its voxels come from. Boxes are in voxels of the zoom level **of the stack**, z, y,
 * x; tile indices count in the mirror's own array, which may be shifted. All but those outside are one section deep
 * and lie on one tile's row and column; the tile's section differs from the box's where a broken one is replaced.
 */
export type PlanStep =
  | ({
      /** A tile serves the box: the pixel at (y − top, x − left). */
      readonly kind: "tile";
      readonly tile: TileIndex;
      readonly box: ScaledBox;
    } & TilePlace)
  | ({
      /** Two tiles of equal row and column are mixed. */
      readonly kind: "blend";
      readonly lowerTile: TileIndex;
      readonly upperTile: TileIndex;
      /** Share of the upper tile, between 0 and 1; the lower one has the rest. */
      readonly upperWeight: number;
      readonly box: ScaledBox;
    } & TilePlace)
  | {
      /** The section is broken, and filled, whether the mirror holds it or not. */
      readonly kind: "broken";
      readonly tile: TileIndex;
      readonly box: ScaledBox;
    }
  | {
      /**
       * The stack has these voxels, the mirror does not: they are out of its bounds, or before the first voxel of its
       * array. The tile is the one that would hold them. One that the mirror holds in part has a step of kind
       * `"tile"` too, and one of this kind for each box of the rest.
       */
      readonly kind: "unheld";
      readonly tile: TileIndex;
      readonly box: ScaledBox;
    }
  | {
      /** The stack has no such voxels. */
      readonly kind: "outside";
      readonly box: ScaledBox;
    };
