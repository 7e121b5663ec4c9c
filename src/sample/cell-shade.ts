import type { CellMosaic } from "./cell-mosaic.js";
import { hash, noise1, signedHash } from "./lattice-noise.js";
import type { TissuePatch } from "./tissue-patch.js";

/** Share of the large profiles that are bundles of thin neurites instead. */
const bundles = 0.7;

/** The inside of one cell at a time: cytoplasm, vesicles, mitochondrion. */
export class CellShade {
  /** The chosen cell; −1 for none. */
  cell = -1;
  /** Grey value of the chosen cell's cytoplasm. */
  base = 0;
  /** Share of the places in the chosen cell that hold a vesicle. */
  vesicles = 0;
  /** Half the length of the chosen cell's mitochondrion in this section, in pixels; 0 where there is none. */
  mitochondrion = 0;
  /** Whether the chosen cell, a large profile, is a bundle of neurites instead. */
  isBundle = false;
  /** Centre of the chosen cell. */
  x = 0;
  /** Centre of the chosen cell. */
  y = 0;
  readonly #mosaic: CellMosaic;
  readonly #size: number;
  readonly #step: number;
  readonly #seed: number;
  #lean = 0;
  #perLean = 1;
  #squeeze = 1;
  #z = 0;
  #drift = 0;
  #column = Number.NaN;
  #row = Number.NaN;
  #rarity = 1;
  #vesicleX = 0;
  #vesicleY = 0;
  #strength = 0;

  /** `size` is that of mitochondria. */
  constructor(mosaic: CellMosaic, size: number, step: number, seed: number) {
    this.#mosaic = mosaic;
    this.#size = size;
    this.#step = step;
    this.#seed = seed;
  }

  /** Goes to section `z`. */
  moveTo(z: number, drift: number): void {
    this.#z = z;
    this.#drift = drift;
    this.cell = -1;
    this.#column = Number.NaN;
  }

  /** Chooses a cell. */
  choose(cell: number): void {
    if (cell === this.cell) return;
    const id = this.#mosaic.ids[cell] as number;
    this.cell = cell;
    this.isBundle = byte(id, 0) < bundles;
    this.x = this.#mosaic.xs[cell] as number;
    this.y = this.#mosaic.ys[cell] as number;
    this.base = 172 + 30 * (byte(id, 1) - 0.5) - (byte(id, 2) < 0.16 ? 38 : 0);
    this.vesicles = this.#step <= 4 && byte(id, 3) > 0.5 ? byte(id, 3) - 0.4 : 0;
    this.mitochondrion = 0;
    if (byte(id, 2) > 0.5) return;
    const grown = this.#size * (0.5 + 0.8 * noise1(this.#drift * 0.6, id, 7, this.#seed));
    if (grown < 6) return;
    this.mitochondrion = grown;
    this.#lean = signedHash(id, 8, 0, this.#seed);
    this.#perLean = 1 / (1 + this.#lean * this.#lean);
    this.#squeeze = 1.2 + 0.5 * byte(id, 3);
  }

  /** How much darker a vesicle makes a pixel: a dark ring around a grey core, at most one to a lattice place. */
  vesicleAt(x: number, y: number): number {
    const sheared = x + 0.25 * y;
    const column = Math.floor(sheared * (1 / 12));
    const row = Math.floor(y * (1 / 12));
    if (column !== this.#column || row !== this.#row) this.#choosePlace(column, row);
    if (this.#rarity > this.vesicles) return 0;
    const dx = sheared - this.#vesicleX;
    const dy = y - this.#vesicleY;
    const square = dx * dx + dy * dy;
    if (square > 20) return 0;
    return (this.#strength * (square < 5 ? 16 : 58 - 3.4 * Math.abs(square - 10))) / this.#step;
  }

  /** Whether the mitochondrion may lie in the patch. */
  mayReach({ cornerX, cornerY }: TissuePatch): boolean {
    if (this.mitochondrion === 0) return false;
    const x = cornerX[0] as number;
    const y = cornerY[0] as number;
    // No point of the patch is further from one corner than the longer way round to the opposite one.
    const far =
      Math.abs((cornerX[1] as number) - x) +
      Math.abs((cornerX[2] as number) - x) +
      Math.abs((cornerX[3] as number) - x) +
      Math.abs((cornerY[1] as number) - y) +
      Math.abs((cornerY[2] as number) - y) +
      Math.abs((cornerY[3] as number) - y);
    return Math.abs(x - this.x) < this.mitochondrion + far && Math.abs(y - this.y) < this.mitochondrion + far;
  }

  /** How much darker the mitochondrion makes a pixel, at a bent place: a rim and cristae. */
  mitochondrionAt(x: number, y: number): number {
    const dx = x - this.x;
    const dy = y - this.y;
    const grown = this.mitochondrion;
    const long = dx + this.#lean * dy;
    const across = (dy - this.#lean * dx) * this.#squeeze;
    const square = (long * long + across * across) * this.#perLean;
    if (square > grown * grown) return 0;
    const rim = grown - Math.sqrt(square);
    if (rim < 3.5) return 26 * Math.min(rim, 3);
    const stripe = across * 0.13 + long * 0.02;
    const crista = Math.abs(stripe - Math.floor(stripe) - 0.5) * 4 - 1;
    return 46 + (22 * crista) / (this.#step > 2 ? this.#step / 2 : 1);
  }

  #choosePlace(column: number, row: number): void {
    const place = hash(column, row, this.#z, this.#seed ^ 0x1656a);
    this.#column = column;
    this.#row = row;
    this.#rarity = byte(place, 0);
    this.#vesicleX = column * 12 + 4.4 + 3.2 * byte(place, 1);
    this.#vesicleY = row * 12 + 4.4 + 3.2 * byte(place, 2);
    this.#strength = 0.5 + 0.5 * byte(place, 3);
  }
}

/** A byte of an identity, as 0 to 1. */
function byte(id: number, index: number): number {
  return ((id >>> (8 * index)) & 255) / 255;
}
