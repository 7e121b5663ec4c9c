import { byte, hash, LatticeNoise } from "./lattice-noise.js";
import { TissueCells } from "./tissue-cells.js";
import { cellSpacing, type TissueSite } from "./tissue-site.js";

/** Least distance of a mitochondrion from the border of its site, in pixels. */
const clearance = 4;

/** Distance between the places that may hold a vesicle, in pixels. */
const vesicleSpacing = 12;

/** White noise. Each row begins at another place in it. */
const grain = Float32Array.from({ length: 0x10000 }, (_, i) => {
  const bits = hash(i, 0, 0, 0x1656a);
  return 22.5 * (byte(bits, 0) + byte(bits, 1) + byte(bits, 2) - 1.5);
});

/**
 * A section of imaginary tissue, drawn row by row. It looks like serial-section electron microscopy of neuropil at 4 nm
 * per pixel: membranes, light and dark neurites, mitochondria, vesicles, grain.
 */
export class TissueSection {
  readonly #xs: Int32Array;
  readonly #step: number;
  readonly #seed: number;
  readonly #out: Uint8Array;
  readonly #cells: TissueCells;
  readonly #clumps: LatticeNoise;
  readonly #stain: Float64Array;
  #z = 0;

  /** Prepares the pixels at `xs`, ascending, to be drawn into `out`. Details finer than `step` pixels are softened. */
  constructor(xs: Int32Array, step: number, seed: number, out: Uint8Array) {
    this.#xs = xs;
    this.#step = step;
    this.#seed = seed;
    this.#out = out;
    this.#cells = new TissueCells(xs, step, seed);
    this.#clumps = new LatticeNoise(xs, 5, seed);
    this.#stain = new Float64Array(xs.length);
  }

  /** Moves to section `z`. */
  moveTo(z: number): void {
    this.#z = z;
    this.#cells.moveTo(z);
    this.#clumps.moveTo(z);
  }

  /** Draws the row `y` to the index `at` and to every `right`-th index after it. */
  draw(y: number, at: number, right: number): void {
    this.#cells.enter(y);
    const { sites, us, vs, membranes, edges } = this.#cells;
    const out = this.#out;
    const xs = this.#xs;
    const step = this.#step;
    const z = this.#z;
    const seed = this.#seed;
    const stain = this.#stain.fill(0);
    this.#clumps.addTo(stain, y, 16);
    const start = hash(y, z, 0, seed);
    const row = Math.floor(y / vesicleSpacing);
    let column = Number.NaN;
    let place = 0;
    for (let i = 0, to = at; i < xs.length; i++, to += right) {
      const site = sites[i] as TissueSite;
      const x = xs[i] as number;
      let fine = (stain[i] as number) + (grain[(start + x) & 0xffff] as number);
      if (site.vesicles > 0 && step <= 4) {
        const sheared = x + 0.25 * y;
        if (!(sheared < (column + 1) * vesicleSpacing)) {
          column = Math.floor(sheared / vesicleSpacing);
          place = hash(column, row, z, seed ^ 0x1656a);
        }
        if (byte(place, 0) < site.vesicles)
          fine -= vesicleAt(place, sheared - column * vesicleSpacing, y - row * vesicleSpacing);
      }
      let grey = site.base + fine / step - (membranes[i] as number);
      const edge = edges[i] as number;
      if (site.mitochondrion > 0 && edge > clearance)
        grey -= mitochondrionAt(site, us[i] as number, vs[i] as number, edge, step);
      // The value 0 is reserved for filled voxels.
      out[to] = Math.max(10, Math.min(grey, 250));
    }
  }
}

/** How much a vesicle darkens a pixel: a dark ring around a grey core. */
function vesicleAt(place: number, x: number, y: number): number {
  const dx = x - 4.4 - 3.2 * byte(place, 1);
  const dy = y - 4.4 - 3.2 * byte(place, 2);
  const square = dx * dx + dy * dy;
  if (square > 20) return 0;
  return (0.5 + 0.5 * byte(place, 3)) * (square < 5 ? 16 : 58 - 3.4 * Math.abs(square - 10));
}

/** How much the site's mitochondrion darkens a pixel: a rim and cristae. */
function mitochondrionAt(site: TissueSite, u: number, v: number, edge: number, step: number): number {
  const { lean, squeeze, mitochondrion } = site;
  const dx = (u - site.u) * cellSpacing;
  const dy = (v - site.v) * cellSpacing;
  const long = dx + lean * dy;
  const across = (dy - lean * dx) * squeeze;
  const square = (long * long + across * across) / (1 + lean * lean);
  if (square > mitochondrion * mitochondrion) return 0;
  const rim = Math.min(mitochondrion - Math.sqrt(square), edge - clearance);
  if (rim < 3.5) return 26 * Math.min(rim, 3);
  const stripe = across * 0.13 + long * 0.02;
  const crista = Math.abs(stripe - Math.floor(stripe) - 0.5) * 4 - 1;
  return 46 + (22 * crista) / Math.max(1, step / 2);
}
