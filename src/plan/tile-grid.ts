import type { Vector3 } from "../space/axis-order.js";
import type { TileSize } from "../stack/pyramid.js";
import { sourceSection } from "../stack/pyramid.js";
import type { Stack } from "../stack/stack.js";
import type { ScaledBox } from "./scaled-box.js";
import { intersectBoxes } from "./scaled-box.js";
import { TileIndex } from "./tile-index.js";

/** The tiles of one zoom level of a mirror, and the voxels that they hold. */
export class TileGrid {
  /** Zoom level. */
  readonly zoomLevel: number;
  /** Voxels of level 0 per voxel of this level. */
  readonly factor: Vector3;
  readonly #size: TileSize;
  readonly #held: ScaledBox;

  constructor(stack: Stack, size: TileSize, zoomLevel: number) {
    this.zoomLevel = zoomLevel;
    this.factor = stack.downsampleFactor(zoomLevel);
    this.#size = size;
    const extent = stack.levelExtent(zoomLevel);
    const last = stack.lastTile(size, zoomLevel);
    const first = stack.clamp ? 0 : Number.NEGATIVE_INFINITY;
    // The last section of a level may stand for none of the stack, where the factor is no whole number.
    const depth = sourceSection(extent.z - 1, this.factor.z) < stack.dimension.z ? extent.z : extent.z - 1;
    this.#held = {
      lower: [0, first, first],
      upper: [
        depth,
        Math.min(extent.y, (last.row + 1) * size.tileHeight),
        Math.min(extent.x, (last.col + 1) * size.tileWidth),
      ],
    };
  }

  /** The part of a box that lies on tiles; `undefined` where none does. */
  held(box: ScaledBox): ScaledBox | undefined {
    return intersectBoxes(box, this.#held);
  }

  /** How many tiles of one section a box meets. */
  tilesPerSection({ lower, upper }: ScaledBox): number {
    const { tileWidth, tileHeight } = this.#size;
    return countTiles(lower[1], upper[1], tileHeight) * countTiles(lower[2], upper[2], tileWidth);
  }

  /** The tiles of one section that a box meets, row by row, with the part of the section that each serves. */
  *tilesOf({ lower, upper }: ScaledBox, section: number): Generator<PlacedTile> {
    const { tileWidth, tileHeight } = this.#size;
    for (let row = Math.floor(lower[1] / tileHeight); row * tileHeight < upper[1]; row++) {
      const [top, bottom] = [
        Math.max(lower[1], row * tileHeight),
        Math.min(upper[1], (row + 1) * tileHeight),
      ];
      for (let col = Math.floor(lower[2] / tileWidth); col * tileWidth < upper[2]; col++) {
        const [left, right] = [
          Math.max(lower[2], col * tileWidth),
          Math.min(upper[2], (col + 1) * tileWidth),
        ];
        yield { row, col, box: { lower: [section, top, left], upper: [section + 1, bottom, right] } };
      }
    }
  }

  /** The index of a tile of this grid. */
  tile(depth: number, { row, col }: PlacedTile): TileIndex {
    const { tileWidth: width, tileHeight: height } = this.#size;
    return new TileIndex({ depth, row, col, zoomLevel: this.zoomLevel, height, width });
  }
}

/** A tile's place in its section, and the part of the section that it serves. */
interface PlacedTile {
  /** Row of the tile. */
  readonly row: number;
  /** Column of the tile. */
  readonly col: number;
  /** The part that it serves, in scaled voxels; one section deep. */
  readonly box: ScaledBox;
}

function countTiles(lower: number, upper: number, size: number): number {
  return Math.ceil(upper / size) - Math.floor(lower / size);
}
