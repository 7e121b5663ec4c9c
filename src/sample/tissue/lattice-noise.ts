/**
 * Random numbers that are a function of integer coordinates. Only sums, products, quotients and square roots are
 * used here and in the drawing: their results are the same in every JavaScript engine.
 */

/** A well-mixed 32-bit integer of three integers and a seed. */
export function hash(x: number, y: number, z: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2f) ^ Math.imul(y, 0x165667b1) ^ Math.imul(z, 0x2c1b3c6d) ^ seed;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}

/** A byte of a hash, as 0 to 1. */
export function byte(hash: number, index: 0 | 1 | 2 | 3): number {
  return ((hash >>> (8 * index)) & 255) / 255;
}

/** Noise along one axis, from −1 to 1: random at whole numbers and smooth between. */
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
  /** For each pair of columns with points between: the index of the left one, and the first point beyond. */
  readonly #runs: { readonly left: number; end: number }[] = [];
  /** How far each point is from the column to the left to that to the right. */
  readonly #across: Float64Array;
  /** The noise at the columns: in the lattice's rows above and below the present row, and in this itself. */
  #above: Float64Array;
  #below: Float64Array;
  readonly #here: Float64Array;
  #row = Number.NaN;
  #section = 0;

  /** The points lie at `xs`, ascending; `spacing` is the lattice's. */
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

  /** Goes to a section; between whole numbers the noise changes smoothly. */
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
