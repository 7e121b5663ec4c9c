import { hash, signedHash, smoothStep } from "./lattice-noise.js";
import type { CellNodes, PatchCells, TissuePatch } from "./tissue-patch.js";

/** Most cells that touch a patch: the two nearest of each corner. */
const most = 8;

/**
 * Sections through a bundle of cells: a Voronoi diagram with weights, whose centres wander from section to section,
 * so that each cell is a tube along z. It knows the cells of one rectangle at a time, and numbers them row by row.
 */
export class CellMosaic {
  /** Identity of each cell, the same in every section and rectangle. */
  ids: Int32Array = new Int32Array(0);
  /** Centres in the present section, in pixels. */
  xs: Float64Array = new Float64Array(0);
  /** Centres in the present section, in pixels. */
  ys: Float64Array = new Float64Array(0);
  #weights: Float64Array = new Float64Array(0);
  /** Centres and weights at the keyframes before and after the present section, in units of the lattice. */
  #frames: Float64Array = new Float64Array(0);
  readonly #spacing: number;
  readonly #seed: number;
  #left = 0;
  #top = 0;
  #columns = 0;
  #rows = 0;
  #keyframe = Number.NaN;
  #progress = 0;
  readonly #near: Int32Array = new Int32Array(most);
  readonly #corners: Float64Array = new Float64Array(most * 4);
  readonly #starts: Float64Array = new Float64Array(most);
  readonly #slopes: Float64Array = new Float64Array(most);

  /** `spacing` is in pixels. */
  constructor(spacing: number, seed: number) {
    this.#spacing = spacing;
    this.#seed = seed;
  }

  /** Gets to know the cells of a section in a rectangle. `drift` is the section in units of the wandering. */
  cover(left: number, top: number, right: number, bottom: number, drift: number): void {
    // The lattice is turned (3-4-5 triangle), so that its rows do not show in the picture.
    const firstColumn = Math.floor((0.8 * left + 0.6 * top) / this.#spacing) - 1;
    const firstRow = Math.floor((0.8 * top - 0.6 * right) / this.#spacing) - 1;
    const columns = Math.floor((0.8 * right + 0.6 * bottom) / this.#spacing) + 2 - firstColumn;
    const rows = Math.floor((0.8 * bottom - 0.6 * left) / this.#spacing) + 2 - firstRow;
    const keyframe = Math.floor(drift);
    const moved = firstColumn !== this.#left || firstRow !== this.#top;
    if (moved || columns !== this.#columns || rows !== this.#rows) {
      this.#left = firstColumn;
      this.#top = firstRow;
      this.#columns = columns;
      this.#rows = rows;
      this.ids = new Int32Array(columns * rows);
      this.xs = new Float64Array(columns * rows);
      this.ys = new Float64Array(columns * rows);
      this.#weights = new Float64Array(columns * rows);
      this.#frames = new Float64Array(6 * columns * rows);
      this.#setFrames(keyframe);
    } else if (keyframe !== this.#keyframe) {
      this.#setFrames(keyframe);
    }
    this.#keyframe = keyframe;
    this.#progress = smoothStep(drift - keyframe);
    this.#setCentres();
  }

  /** Finds the two nearest cells of each of the first `count` points, which lie in the rectangle. */
  locate(xs: Float64Array, ys: Float64Array, count: number, nodes: CellNodes): void {
    const { first: firsts, second: seconds, border } = nodes;
    const { xs: centreX, ys: centreY } = this;
    const weights = this.#weights;
    const columns = this.#columns;
    const perPixel = 1 / this.#spacing;
    for (let p = 0; p < count; p++) {
      const x = xs[p] as number;
      const y = ys[p] as number;
      const column = Math.floor((0.8 * x + 0.6 * y) * perPixel) - this.#left;
      const row = Math.floor((0.8 * y - 0.6 * x) * perPixel) - this.#top;
      let first = 0;
      let second = 0;
      let least = Number.POSITIVE_INFINITY;
      let next = Number.POSITIVE_INFINITY;
      // Centres stay within ±0.45 of their lattice place, so that the nine around a point are all that matter.
      for (let r = row - 1; r <= row + 1; r++) {
        for (let cell = r * columns + column - 1, end = cell + 3; cell < end; cell++) {
          const dx = x - (centreX[cell] as number);
          const dy = y - (centreY[cell] as number);
          const power = dx * dx + dy * dy - (weights[cell] as number);
          if (power < least) {
            next = least;
            second = first;
            least = power;
            first = cell;
          } else if (power < next) {
            next = power;
            second = cell;
          }
        }
      }
      firsts[p] = first;
      seconds[p] = second;
      border[p] = (next - least) / this.#twiceApart(first, second);
    }
  }

  /** Finds the cell of each pixel of the patch whose left corners are the nodes `node` of the two rows. */
  fill(patch: TissuePatch, top: CellNodes, bottom: CellNodes, node: number, out: PatchCells): void {
    const first = top.first[node] as number;
    out.uniform =
      first === top.first[node + 1] && first === bottom.first[node] && first === bottom.first[node + 1];
    if (!out.uniform) {
      this.#fillBorder(patch, this.#gather(patch, top, bottom, node), out);
      return;
    }
    const { width, height, across, down } = patch;
    const { cell, border } = out;
    const a = top.border[node] as number;
    const b = top.border[node + 1] as number;
    const c = (bottom.border[node] as number) - a;
    const d = (bottom.border[node + 1] as number) - b;
    out.nearest = Math.min(a, b, a + c, b + d);
    for (let row = 0, p = 0; row < height; row++) {
      const t = down[row] as number;
      const left = a + c * t;
      const slope = b + d * t - left;
      for (let column = 0; column < width; column++, p++) {
        cell[p] = first;
        border[p] = left + slope * (across[column] as number);
      }
    }
  }

  /** Collects the cells that matter in a patch, and how near each corner is to each; returns their number. */
  #gather({ cornerX, cornerY }: TissuePatch, top: CellNodes, bottom: CellNodes, node: number): number {
    const near = this.#near;
    let count = 0;
    for (let corner = 0; corner < 8; corner++) {
      const nodes = (corner & 2) === 0 ? top : bottom;
      const cell = (corner < 4 ? nodes.first : nodes.second)[node + (corner & 1)] as number;
      let known = 0;
      while (known < count && near[known] !== cell) known++;
      if (known === count) near[count++] = cell;
    }
    for (let i = 0; i < count; i++) {
      const cell = near[i] as number;
      for (let corner = 0; corner < 4; corner++) {
        const dx = (cornerX[corner] as number) - (this.xs[cell] as number);
        const dy = (cornerY[corner] as number) - (this.ys[cell] as number);
        this.#corners[4 * i + corner] = dx * dx + dy * dy - (this.#weights[cell] as number);
      }
    }
    return count;
  }

  /** Fills a patch that a border crosses. Differences of powers are linear in place, so borders stay exact. */
  #fillBorder({ width, height, across, down }: TissuePatch, count: number, out: PatchCells): void {
    const { cell, border } = out;
    const near = this.#near;
    const corners = this.#corners;
    const starts = this.#starts;
    const slopes = this.#slopes;
    let one = -1;
    let other = -1;
    let perApart = 0;
    for (let row = 0, p = 0; row < height; row++) {
      const t = down[row] as number;
      for (let i = 0; i < count; i++) {
        const a = corners[4 * i] as number;
        const b = corners[4 * i + 1] as number;
        const left = a + ((corners[4 * i + 2] as number) - a) * t;
        starts[i] = left;
        slopes[i] = b + ((corners[4 * i + 3] as number) - b) * t - left;
      }
      for (let column = 0; column < width; column++, p++) {
        const s = across[column] as number;
        let first = 0;
        let second = 0;
        let least = Number.POSITIVE_INFINITY;
        let next = Number.POSITIVE_INFINITY;
        for (let i = 0; i < count; i++) {
          const power = (starts[i] as number) + (slopes[i] as number) * s;
          if (power < least) {
            next = least;
            second = first;
            least = power;
            first = i;
          } else if (power < next) {
            next = power;
            second = i;
          }
        }
        if (first !== one || second !== other) {
          one = first;
          other = second;
          perApart = 1 / this.#twiceApart(near[first] as number, near[second] as number);
        }
        cell[p] = near[first] as number;
        border[p] = (next - least) * perApart;
      }
    }
  }

  #twiceApart(first: number, second: number): number {
    const x = (this.xs[second] as number) - (this.xs[first] as number);
    const y = (this.ys[second] as number) - (this.ys[first] as number);
    return 2 * Math.sqrt(x * x + y * y);
  }

  #setFrames(keyframe: number): void {
    const frames = this.#frames;
    const seed = this.#seed;
    for (let cell = 0, at = 0; cell < this.ids.length; cell++) {
      const c = this.#left + (cell % this.#columns);
      const r = this.#top + Math.floor(cell / this.#columns);
      const u = c + 0.5 + 0.27 * signedHash(c, r, 1, seed);
      const v = r + 0.5 + 0.27 * signedHash(c, r, 2, seed);
      const weight = 0.2 * signedHash(c, r, 3, seed);
      this.ids[cell] = hash(c, r, 4, seed);
      for (let z = keyframe; z <= keyframe + 1; z++, at += 3) {
        frames[at] = u + 0.18 * signedHash(c, r, z, seed ^ 0x51ed27);
        frames[at + 1] = v + 0.18 * signedHash(c, r, z, seed ^ 0x2f9be6);
        frames[at + 2] = weight + 0.08 * signedHash(c, r, z, seed ^ 0x3c6ef3);
      }
    }
  }

  #setCentres(): void {
    const frames = this.#frames;
    const spacing = this.#spacing;
    const t = this.#progress;
    for (let cell = 0, at = 0; cell < this.ids.length; cell++, at += 6) {
      const u = (frames[at] as number) * (1 - t) + (frames[at + 3] as number) * t;
      const v = (frames[at + 1] as number) * (1 - t) + (frames[at + 4] as number) * t;
      const weight = (frames[at + 2] as number) * (1 - t) + (frames[at + 5] as number) * t;
      this.xs[cell] = (0.8 * u - 0.6 * v) * spacing;
      this.ys[cell] = (0.6 * u + 0.8 * v) * spacing;
      this.#weights[cell] = weight * spacing * spacing;
    }
  }
}
