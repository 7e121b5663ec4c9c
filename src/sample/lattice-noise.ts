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

/** {@link hash} as a number from −1 to 1. */
export function signedHash(x: number, y: number, z: number, seed: number): number {
  return hash(x, y, z, seed) * (1 / 0x80000000);
}

/** From 0 at 0 to 1 at 1, flat at both ends. */
export function smoothStep(t: number): number {
  return t * t * (3 - 2 * t);
}

/** Smooth noise along one axis, from −1 to 1, with knots at the integers. */
export function noise1(position: number, a: number, b: number, seed: number): number {
  const knot = Math.floor(position);
  const t = position - knot;
  const before = signedHash(a, b, knot, seed);
  if (t === 0) return before;
  return before + (signedHash(a, b, knot + 1, seed) - before) * smoothStep(t);
}

/**
 * Smooth noise in the plane of one section, from −1 to 1, that drifts smoothly from section to section. It works on
 * rows of points, and keeps the corners of a lattice square while the row stays in it.
 */
export class PlaneNoise {
  readonly #spacing: number;
  readonly #seed: number;
  readonly #wrap: number;

  /** `spacing` is in pixels. With `wrap`, the noise repeats after so many of them. */
  constructor(spacing: number, seed: number, wrap: number = Number.POSITIVE_INFINITY) {
    this.#spacing = spacing;
    this.#seed = seed;
    this.#wrap = wrap;
  }

  /**
   * Adds the noise, times `amplitude`, to the first `count` numbers of `sums`, which belong to the points `xs` of the
   * row `y`. `section` is in units of the drift's own lattice.
   */
  addTo(
    sums: Float64Array,
    xs: Float64Array,
    count: number,
    y: number,
    section: number,
    amplitude: number,
  ): void {
    const v = y / this.#spacing;
    const row = Math.floor(v);
    const down = smoothStep(v - row);
    let column = Number.NaN;
    let left = 0;
    let right = 0;
    for (let i = 0; i < count; i++) {
      const u = (xs[i] as number) / this.#spacing;
      const c = Math.floor(u);
      if (c !== column) {
        left = c === column + 1 ? right : this.#edge(c, row, down, section);
        right = this.#edge(c + 1, row, down, section);
        column = c;
      }
      sums[i] = (sums[i] as number) + amplitude * (left + (right - left) * smoothStep(u - c));
    }
  }

  #edge(column: number, row: number, down: number, section: number): number {
    const wrap = this.#wrap;
    const c = column % wrap;
    const top = noise1(section, c, row % wrap, this.#seed);
    return top + (noise1(section, c, (row + 1) % wrap, this.#seed) - top) * down;
  }
}
