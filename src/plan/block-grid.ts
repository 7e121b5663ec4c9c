import type { BlockLevel } from "../source/block-source.js";
import type { Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { boxMinus, intersectBoxes } from "../space/scaled-box.js";

/** What the grid has to know of a level. */
export type GridLevel = Pick<BlockLevel, "blockShape" | "origin" | "covered" | "held">;

/** A range of sections: the first, and one past the last. */
export type SectionRange = readonly [from: number, to: number];

/** A block that serves a part of a region. */
export interface PlacedBlock {
  /** Which block, in the mirror's own array. */
  readonly block: BlockIndex;
  /** Where its first voxel lies in the stack, z, y, x, in voxels of the level; may be negative. */
  readonly first: Triple;
  /** The part that it serves. */
  readonly box: ScaledBox;
}

/**
 * The blocks of one zoom level of a mirror, and the voxels of the stack that they hold. Boxes and sections are in
 * scaled voxels of the stack; only block indices count in the mirror's own array. A layer is all blocks of the same z.
 */
export class BlockGrid {
  readonly #zoomLevel: number;
  readonly #level: GridLevel;

  constructor(level: GridLevel, zoomLevel: number) {
    this.#level = level;
    this.#zoomLevel = zoomLevel;
  }

  /** The part of a box that lies on blocks of the stack; `undefined` where none does. */
  covered(box: ScaledBox): ScaledBox | undefined {
    return intersectBoxes(box, this.#level.covered);
  }

  /**
   * Cuts a box into what the mirror holds in its rows and columns (at most one box) and the rest (at most four boxes).
   * Does not look at the sections.
   */
  split(box: ScaledBox): { readonly held: readonly ScaledBox[]; readonly rest: readonly ScaledBox[] } {
    const { lower, upper } = this.#level.held;
    const held = intersectBoxes(box, {
      lower: [box.lower[0], lower[1], lower[2]],
      upper: [box.upper[0], upper[1], upper[2]],
    });
    return held === undefined ? { held: [], rest: [box] } : { held: [held], rest: [...boxMinus(box, held)] };
  }

  /** Whether the mirror has a section. */
  holdsSection(section: number): boolean {
    return section >= this.#level.held.lower[0] && section < this.#level.held.upper[0];
  }

  /** Cuts a run of sections into those before, within and after what the mirror holds; each may be empty. */
  splitSections(from: number, to: number): Record<"before" | "within" | "after", SectionRange> {
    const { lower, upper } = this.#level.held;
    const [first, end] = [clamp(lower[0], from, to), clamp(upper[0], from, to)];
    const within = Math.max(first, end);
    return { before: [from, first], within: [first, within], after: [within, to] };
  }

  /** How many layers a run of sections meets. */
  countLayers(from: number, to: number): number {
    return from < to ? this.layerOf(to - 1) - this.layerOf(from) + 1 : 0;
  }

  /** The layer of a section. */
  layerOf(section: number): number {
    return this.#cell(0, section);
  }

  /** The sections of a layer: the first, and one past the last. */
  sectionsOf(layer: number): SectionRange {
    const from = this.#start(0, layer);
    return [from, from + this.#level.blockShape[0]];
  }

  /** Whether a block has voxels of a box. */
  meets({ lower, upper }: ScaledBox, { level, at }: BlockIndex): boolean {
    return (
      level === this.#zoomLevel &&
      ([0, 1, 2] as const).every(
        (axis) => at[axis] >= this.#cell(axis, lower[axis]) && at[axis] <= this.#cell(axis, upper[axis] - 1),
      )
    );
  }

  /** How many blocks of one layer a box meets. */
  blocksPerLayer(box: ScaledBox): number {
    return this.#count(1, box) * this.#count(2, box);
  }

  /** The blocks of one layer that a box meets, row by row; the box must lie in one layer. */
  *blocksOf({ lower, upper }: ScaledBox): Generator<PlacedBlock> {
    const layer = this.#cell(0, lower[0]);
    const [, height, width] = this.#level.blockShape;
    const z = this.#start(0, layer);
    const [lastRow, lastCol] = [this.#cell(1, upper[1] - 1), this.#cell(2, upper[2] - 1)];
    for (let row = this.#cell(1, lower[1]); row <= lastRow; row++) {
      const y = this.#start(1, row);
      const [top, bottom] = [Math.max(lower[1], y), Math.min(upper[1], y + height)];
      for (let col = this.#cell(2, lower[2]); col <= lastCol; col++) {
        const x = this.#start(2, col);
        yield {
          block: { level: this.#zoomLevel, at: [layer, row, col] },
          first: [z, y, x],
          box: {
            lower: [lower[0], top, Math.max(lower[2], x)],
            upper: [upper[0], bottom, Math.min(upper[2], x + width)],
          },
        };
      }
    }
  }

  /** The block in the same row and column that has section `by`, placed so that it serves `section` instead. */
  replacing({ block, first, box }: PlacedBlock, section: number, by: number): PlacedBlock {
    const layer = this.layerOf(by);
    const [, row, col] = block.at;
    return {
      block: { level: block.level, at: [layer, row, col] },
      first: [this.#start(0, layer) + section - by, first[1], first[2]],
      box: withSections(box, section, section + 1),
    };
  }

  #cell(axis: 0 | 1 | 2, voxel: number): number {
    // + 0 turns −0 into 0.
    return Math.floor((voxel - this.#level.origin[axis]) / this.#level.blockShape[axis]) + 0;
  }

  #start(axis: 0 | 1 | 2, cell: number): number {
    return cell * this.#level.blockShape[axis] + this.#level.origin[axis];
  }

  #count(axis: 0 | 1 | 2, { lower, upper }: ScaledBox): number {
    return this.#cell(axis, upper[axis] - 1) - this.#cell(axis, lower[axis]) + 1;
  }
}

/** A box with other sections. */
export function withSections({ lower, upper }: ScaledBox, from: number, to: number): ScaledBox {
  return { lower: [from, lower[1], lower[2]], upper: [to, upper[1], upper[2]] };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
