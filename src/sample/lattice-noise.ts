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

/** Smooth noise along one axis, from −1 to 1, with knots at the integers. */
export function noise1(position: number, a: number, b: number, seed: number): number {
  const knot = Math.floor(position);
  const t = position - knot;
  const before = signedHash(a, b, knot, seed);
  if (t === 0) return before;
  return before + (signedHash(a, b, knot + 1, seed) - before) * (t * t * (3 - 2 * t));
}

/**
 * Smooth noise in the plane of one section, from −1 to 1, that drifts smoothly from section to section. It works on
 * lines of points, and keeps the corners of a lattice cell while the line stays in it.
 */
export class PlaneNoise {
  readonly #spacing: number;
  readonly #section: number;
  readonly #seed: number;

  /** `spacing` is in pixels, `section` in units of the drift's own lattice. */
  constructor(spacing: number, section: number, seed: number) {
    this.#spacing = spacing;
    this.#section = section;
    this.#seed = seed;
  }

  /** Adds the noise at each point, times `amplitude`, to `sums`. */
  addTo(sums: Float64Array, xs: Float64Array, ys: Float64Array, amplitude: number): void {
    const perPixel = 1 / this.#spacing;
    const section = this.#section;
    const seed = this.#seed;
    let column = Number.NaN;
    let row = Number.NaN;
    let topLeft = 0;
    let topRight = 0;
    let bottomLeft = 0;
    let bottomRight = 0;
    for (let i = 0; i < sums.length; i++) {
      const u = (xs[i] as number) * perPixel;
      const v = (ys[i] as number) * perPixel;
      const c = Math.floor(u);
      const r = Math.floor(v);
      if (c !== column || r !== row) {
        column = c;
        row = r;
        topLeft = noise1(section, c, r, seed);
        topRight = noise1(section, c + 1, r, seed);
        bottomLeft = noise1(section, c, r + 1, seed);
        bottomRight = noise1(section, c + 1, r + 1, seed);
      }
      const s = u - c;
      const t = v - r;
      const across = s * s * (3 - 2 * s);
      const top = topLeft + (topRight - topLeft) * across;
      const bottom = bottomLeft + (bottomRight - bottomLeft) * across;
      sums[i] = (sums[i] as number) + amplitude * (top + (bottom - top) * (t * t * (3 - 2 * t)));
    }
  }
}
