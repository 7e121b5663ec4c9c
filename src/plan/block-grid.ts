import type { Vector3 } from "../space/axis-order.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { boxMinus, intersectBoxes } from "../space/scaled-box.js";
import { TileIndex } from "../stack/mirror/tile-index.js";
import type { Stack } from "../stack/stack.js";
import type { PlannedMirror } from "./mirror-level.js";
import { mirrorLevelOf } from "./mirror-level.js";

/**
 * The tiles of one zoom level of a mirror, and the voxels of the stack that they hold. Boxes and sections are in
 * scaled voxels of the stack; only tile indices count in the mirror's own array.
 */
export class BlockGrid {
  /** Zoom level. */
  readonly zoomLevel: number;
  /** Voxels of level 0 per voxel of this level. */
  readonly factor: Vector3;
  readonly #width: number;
  readonly #height: number;
  readonly #offset: Vector3;
  readonly #covered: ScaledBox;
  readonly #held: ScaledBox;

  /** @throws InvalidZoomLevelError where the mirror's offset is no whole number of the level's voxels. */
  constructor(stack: Stack, mirror: PlannedMirror, zoomLevel: number) {
    const { offset, covered, held } = mirrorLevelOf(stack, mirror, zoomLevel);
    this.zoomLevel = zoomLevel;
    this.factor = stack.downsampleFactor(zoomLevel);
    this.#width = mirror.tileWidth;
    this.#height = mirror.tileHeight;
    this.#offset = offset;
    this.#covered = covered;
    this.#held = held;
  }

  /** The part of a box that lies on tiles of the stack; `undefined` where none does. */
  covered(box: ScaledBox): ScaledBox | undefined {
    return intersectBoxes(box, this.#covered);
  }

  /**
   * Cuts a box into what the mirror holds in its rows and columns, and the rest, whatever the sections: at most one
   * box, and at most four.
   */
  split(box: ScaledBox): { readonly held: readonly ScaledBox[]; readonly rest: readonly ScaledBox[] } {
    const { lower, upper } = this.#held;
    const held = intersectBoxes(box, {
      lower: [box.lower[0], lower[1], lower[2]],
      upper: [box.upper[0], upper[1], upper[2]],
    });
    return held === undefined ? { held: [], rest: [box] } : { held: [held], rest: [...boxMinus(box, held)] };
  }

  /** Whether the mirror has a section. */
  holdsSection(section: number): boolean {
    return section >= this.#held.lower[0] && section < this.#held.upper[0];
  }

  /** How many sections the mirror has from one up to, not including, another. */
  countHeldSections(from: number, to: number): number {
    return Math.max(0, Math.min(to, this.#held.upper[0]) - Math.max(from, this.#held.lower[0]));
  }

  /** How many tiles of one section a box meets. */
  tilesPerSection({ lower, upper }: ScaledBox): number {
    const { x, y } = this.#offset;
    return (
      countTiles(lower[1] + y, upper[1] + y, this.#height) *
      countTiles(lower[2] + x, upper[2] + x, this.#width)
    );
  }

  /** The tiles of one section that a box meets, row by row, with the part of the section that each serves. */
  *tilesOf({ lower, upper }: ScaledBox, section: number): Generator<PlacedTile> {
    const [width, height] = [this.#width, this.#height];
    const { x, y } = this.#offset;
    for (let row = Math.floor((lower[1] + y) / height); row * height - y < upper[1]; row++) {
      const top = row * height - y;
      const [from, to] = [Math.max(lower[1], top), Math.min(upper[1], top + height)];
      for (let col = Math.floor((lower[2] + x) / width); col * width - x < upper[2]; col++) {
        const left = col * width - x;
        const box: ScaledBox = {
          lower: [section, from, Math.max(lower[2], left)],
          upper: [section + 1, to, Math.min(upper[2], left + width)],
        };
        yield { row, col, top, left, box };
      }
    }
  }

  /** The index of a tile of this grid, in the mirror's own array. */
  tile(section: number, { row, col }: Pick<PlacedTile, "row" | "col">): TileIndex {
    const [depth, width, height] = [section + this.#offset.z, this.#width, this.#height];
    return new TileIndex({ depth, row, col, zoomLevel: this.zoomLevel, height, width });
  }
}

/** A tile's place in its section, and the part of the section that it serves. */
export interface PlacedTile {
  /** Row of the tile in the mirror's own array. */
  readonly row: number;
  /** Column of the tile in the mirror's own array. */
  readonly col: number;
  /** Row of the stack (scaled voxels, y) of the tile's first pixel. */
  readonly top: number;
  /** Column of the stack (scaled voxels, x) of the tile's first pixel. */
  readonly left: number;
  /** The part that it serves; one section deep. */
  readonly box: ScaledBox;
}

function countTiles(lower: number, upper: number, size: number): number {
  return Math.ceil(upper / size) - Math.floor(lower / size);
}
