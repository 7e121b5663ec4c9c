import { hash, noise1, signedHash } from "./lattice-noise.js";

/** Numbers kept for each centre: x, y, weight. */
const fields = 3;

/** The cells that can be nearest or next to nearest to a point of one lattice place. */
interface Neighbourhood {
  readonly centres: Float64Array;
  readonly ids: Int32Array;
}

/** What a {@link CellMosaic} found at each point of a line. */
export class CellLine {
  /** Identity of the cell, the same in every section. */
  readonly id: Int32Array;
  /** Distance to the cell's border, in pixels. */
  readonly border: Float64Array;
  /** Position relative to the cell's centre, in pixels. */
  readonly dx: Float64Array;
  /** Position relative to the cell's centre, in pixels. */
  readonly dy: Float64Array;

  constructor(length: number) {
    this.id = new Int32Array(length);
    this.border = new Float64Array(length);
    this.dx = new Float64Array(length);
    this.dy = new Float64Array(length);
  }
}

/**
 * One section through a bundle of cells: a Voronoi diagram with weights, whose centres wander from section to
 * section, so that each cell is a tube along z.
 */
export class CellMosaic {
  readonly #spacing: number;
  readonly #section: number;
  readonly #seed: number;
  readonly #places = new Map<number, Neighbourhood>();

  /** `spacing` is in pixels, `section` in units of the wandering. */
  constructor(spacing: number, section: number, seed: number) {
    this.#spacing = spacing;
    this.#section = section;
    this.#seed = seed;
  }

  /** Finds the cell of each point of a line; with `where`, only of those points at which it is not 0. */
  locate(xs: Float64Array, ys: Float64Array, line: CellLine, where?: Uint8Array): void {
    const perPixel = 1 / this.#spacing;
    let column = Number.NaN;
    let row = Number.NaN;
    let { centres, ids }: Neighbourhood = { centres: new Float64Array(0), ids: new Int32Array(0) };
    for (let p = 0; p < xs.length; p++) {
      if (where !== undefined && where[p] === 0) continue;
      const x = xs[p] as number;
      const y = ys[p] as number;
      // The lattice is turned (3-4-5 triangle), so that its rows do not show in the picture.
      const c = Math.floor((0.8 * x + 0.6 * y) * perPixel);
      const r = Math.floor((0.8 * y - 0.6 * x) * perPixel);
      if (c !== column || r !== row) {
        column = c;
        row = r;
        ({ centres, ids } = this.#around(c, r));
      }
      let first = 0;
      let second = 0;
      let least = Number.POSITIVE_INFINITY;
      let next = Number.POSITIVE_INFINITY;
      for (let i = 0; i < centres.length; i += fields) {
        const dx = x - (centres[i] as number);
        const dy = y - (centres[i + 1] as number);
        const power = dx * dx + dy * dy - (centres[i + 2] as number);
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
      const centreX = centres[first] as number;
      const centreY = centres[first + 1] as number;
      const apartX = (centres[second] as number) - centreX;
      const apartY = (centres[second + 1] as number) - centreY;
      line.id[p] = ids[first / fields] as number;
      line.border[p] = (next - least) / (2 * Math.sqrt(apartX * apartX + apartY * apartY));
      line.dx[p] = x - centreX;
      line.dy[p] = y - centreY;
    }
  }

  #around(column: number, row: number): Neighbourhood {
    const key = column * 0x4000000 + row;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#withoutFar(column, row, this.#nine(column, row));
      this.#places.set(key, place);
    }
    return place;
  }

  #nine(column: number, row: number): Neighbourhood {
    const seed = this.#seed;
    const spacing = this.#spacing;
    const centres = new Float64Array(9 * fields);
    const ids = new Int32Array(9);
    let k = 0;
    for (let r = row - 1; r <= row + 1; r++) {
      for (let c = column - 1; c <= column + 1; c++, k++) {
        // Centres stay within ±0.45 of their lattice place, so that the nine around a point are all that matter.
        const u =
          c + 0.5 + 0.27 * signedHash(c, r, 1, seed) + 0.18 * noise1(this.#section, c, r, seed ^ 0x51ed27);
        const v =
          r + 0.5 + 0.27 * signedHash(c, r, 2, seed) + 0.18 * noise1(this.#section, c, r, seed ^ 0x2f9be6);
        const weight = 0.2 * signedHash(c, r, 3, seed) + 0.08 * noise1(this.#section, c, r, seed ^ 0x3c6ef3);
        centres[k * fields] = (0.8 * u - 0.6 * v) * spacing;
        centres[k * fields + 1] = (0.6 * u + 0.8 * v) * spacing;
        centres[k * fields + 2] = weight * spacing * spacing;
        ids[k] = hash(c, r, 4, seed);
      }
    }
    return { centres, ids };
  }

  /** Drops the centres that are neither nearest nor next anywhere in the lattice place: same result, less work. */
  #withoutFar(column: number, row: number, all: Neighbourhood): Neighbourhood {
    const x = (0.8 * (column + 0.5) - 0.6 * (row + 0.5)) * this.#spacing;
    const y = (0.6 * (column + 0.5) + 0.8 * (row + 0.5)) * this.#spacing;
    const reach = Math.SQRT1_2 * this.#spacing;
    const bounds = Array.from(all.ids, (_, k) => {
      const dx = x - (all.centres[k * fields] as number);
      const dy = y - (all.centres[k * fields + 1] as number);
      const weight = all.centres[k * fields + 2] as number;
      const distance = Math.sqrt(dx * dx + dy * dy);
      return { low: Math.max(0, distance - reach) ** 2 - weight, high: (distance + reach) ** 2 - weight };
    });
    const enough = bounds.map(({ high }) => high).sort((a, b) => a - b)[1] as number;
    // The margin covers rounding at the corners of the place.
    const kept = [...bounds.keys()].filter((k) => (bounds[k]?.low ?? 0) <= enough * 1.001 + 1);
    return {
      centres: Float64Array.from(
        kept.flatMap((k) => [...all.centres.subarray(k * fields, (k + 1) * fields)]),
      ),
      ids: Int32Array.from(kept, (k) => all.ids[k] as number),
    };
  }
}
