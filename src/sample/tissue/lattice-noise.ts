/**
 * Random numbers that depend only on integer coordinates. Here and in the drawing, the code uses only sums, products,
 * quotients and square roots: their results are the same in every JavaScript engine.
 */

/** Hashes three integers and a seed to a well-mixed 32-bit integer. */
export function hash(x: number, y: number, z: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2f) ^ Math.imul(y, 0x165667b1) ^ Math.imul(z, 0x2c1b3c6d) ^ seed;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}

/** One byte of a hash, scaled to 0 to 1. */
export function byte(hash: number, index: 0 | 1 | 2 | 3): number {
  return ((hash >>> (8 * index)) & 255) / 255;
}

/** Noise along one axis, from −1 to 1: random at whole numbers and smooth between them. */
export function noiseAlong(position: number, a: number, b: number, seed: number): number {
  const knot = Math.floor(position);
  const before = hash(a, b, knot, seed) / 2 ** 31;
  if (position === knot) return before;
  return before + (hash(a, b, knot + 1, seed) / 2 ** 31 - before) * smoothStep(position - knot);
}

function smoothStep(t: number): number {
  return t * t * (3 - 2 * t);
}

/** Smooth noise in space, from −1 to 1, for rows of points in one section. */
export class LatticeNoise {
  readonly #spacing: number;
  readonly #seed: number;
  /** Columns of the lattice next to a point. */
  readonly #columns: number[] = [];
  /** The points between two neighbouring columns: the index of the left column, and one past the last point. */
  readonly #runs: { readonly left: number; end: number }[] = [];
  /** For each point, its smoothed position between its left column (0) and its right one (1). */
  readonly #across: Float64Array;
  /**
   * The noise at the columns: in the lattice row above the current row, in the one below it, and in the current row
   * itself.
   */
  #above: Float64Array;
  #below: Float64Array;
  readonly #here: Float64Array;
  #row = Number.NaN;
  #section = 0;

  /** The points lie at `xs`, ascending. `spacing` is the distance between lattice points. */
  constructor(xs: Int32Array, spacing: number, seed: number) {
    this.#spacing = spacing;
    this.#seed = seed;
    this.#across = Float64Array.from(xs, (x) => smoothStep(x / spacing - Math.floor(x / spacing)));
    const columns = this.#columns;
    let run = { left: 0, end: 0 };
    xs.forEach((x, i) => {
      const column = Math.floor(x / spacing);
      if (columns[run.left] !== column) {
        if (columns.at(-1) !== column) columns.push(column);
        run = { left: columns.length - 1, end: i };
        columns.push(column + 1);
        this.#runs.push(run);
      }
      run.end = i + 1;
    });
    this.#above = new Float64Array(columns.length);
    this.#below = new Float64Array(columns.length);
    this.#here = new Float64Array(columns.length);
  }

  /** Moves to a section. Between whole numbers the noise changes smoothly. */
  moveTo(section: number): void {
    this.#section = section;
    this.#row = Number.NaN;
  }

  /** Adds the noise of the points in the row `y`, times `amplitude`, to `sums`. */
  addTo(sums: Float64Array, y: number, amplitude: number): void {
    const row = Math.floor(y / this.#spacing);
    if (row !== this.#row) this.#enter(row);
    const down = smoothStep(y / this.#spacing - row);
    const here = this.#here;
    const above = this.#above;
    const below = this.#below;
    for (let i = 0; i < here.length; i++) {
      const start = above[i] as number;
      here[i] = (start + ((below[i] as number) - start) * down) * amplitude;
    }
    const across = this.#across;
    let i = 0;
    for (const run of this.#runs) {
      const left = here[run.left] as number;
      const change = (here[run.left + 1] as number) - left;
      for (; i < run.end; i++) sums[i] = (sums[i] as number) + left + change * (across[i] as number);
    }
  }

  #enter(row: number): void {
    [this.#above, this.#below] = [this.#below, this.#above];
    if (row !== this.#row + 1) this.#fill(this.#above, row);
    this.#fill(this.#below, row + 1);
    this.#row = row;
  }

  #fill(values: Float64Array, row: number): void {
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++)
      values[i] = noiseAlong(this.#section, columns[i] as number, row, this.#seed);
  }
}
