import { hash } from "./lattice-noise.js";
import { TissueCells } from "./tissue-cells.js";
import type { TissueSite } from "./tissue-site.js";

/** A pixel that the membrane darkens by at least this much belongs to no cell. */
const leastMembrane = 60;

/** Draws the labels of the cells in a section of the tissue, row by row, at full resolution. */
export class TissueLabels {
  readonly #cells: TissueCells;
  readonly #seed: number;
  readonly #out: BigUint64Array;

  /** Prepares the pixels at `xs`, ascending. Their labels are written into `out`. */
  constructor(xs: Int32Array, seed: number, out: BigUint64Array) {
    this.#cells = new TissueCells(xs, 1, seed);
    this.#seed = seed;
    this.#out = out;
  }

  /** Moves to section `z`. */
  moveTo(z: number): void {
    this.#cells.moveTo(z);
  }

  /** Writes the row `y` to the index `at` and to every `right`-th index after it. */
  draw(y: number, at: number, right: number): void {
    this.#cells.enter(y);
    const { sites, membranes } = this.#cells;
    let cell: number | undefined;
    let label = 0n;
    for (let i = 0, to = at; i < sites.length; i++, to += right) {
      const own = (sites[i] as TissueSite).cell;
      if (own !== cell) label = labelOf(own, this.#seed);
      cell = own;
      this.#out[to] = (membranes[i] as number) > leastMembrane ? 0n : label;
    }
  }
}

/** The label of a cell. Its 32 bits are the lower half; the upper half makes every label larger than a safe integer. */
function labelOf(cell: number, seed: number): bigint {
  const upper = (hash(cell, 0, 0, seed) | 0x200000) >>> 0;
  return (BigInt(upper) << 32n) | BigInt(cell >>> 0);
}
