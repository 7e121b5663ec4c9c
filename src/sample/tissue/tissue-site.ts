import { byte, hash, noiseAlong } from "./lattice-noise.js";

/** Mean distance between the centres of thin neurites, in pixels: 264 nm. */
export const cellSpacing = 66;

/** The 32 bits of a site, signed, from which on it swallows its four neighbours, and the four at its corners too. */
const swallows = [0, 0.91 * 2 ** 31, 0.95 * 2 ** 31] as const;

/** A place in the lattice of the tissue: what grows around it, and how that looks in one section. */
export interface TissueSite {
  readonly column: number;
  readonly row: number;
  /** 32 random bits of the site. */
  readonly own: number;
  /** The bits of the site that swallowed this one, or its own. They are the same for all sites of a cell. */
  readonly cell: number;
  /** Centre, in units of the lattice. */
  readonly u: number;
  readonly v: number;
  /** The larger it is, the more space the site takes. */
  readonly weight: number;
  /** Grey value of its cytoplasm, and the share of vesicle places there that hold a vesicle. */
  readonly base: number;
  readonly vesicles: number;
  /** Its mitochondrion: half its length in pixels, or 0 if it has none; its slant; and its slenderness. */
  readonly mitochondrion: number;
  readonly lean: number;
  readonly squeeze: number;
}

/** The site at a place of the lattice. `drift` is the section, in units over which shapes change noticeably. */
export function tissueSite(column: number, row: number, drift: number, seed: number): TissueSite {
  const own = hash(column, row, 1, seed);
  let cell = own;
  for (let r = -1; r <= 1; r++) {
    for (let c = -1; c <= 1; c++) {
      const rank = hash(column + c, row + r, 1, seed);
      if (rank > cell && rank > (swallows[Math.abs(c) + Math.abs(r)] as number)) cell = rank;
    }
  }
  const grown = 24 * (0.5 + 0.8 * noiseAlong(0.6 * drift, column, row, seed + 4));
  return {
    column,
    row,
    own,
    cell,
    u: column + 0.26 + 0.48 * byte(own, 1) + 0.16 * noiseAlong(drift, column, row, seed + 1),
    v: row + 0.26 + 0.48 * byte(own, 2) + 0.16 * noiseAlong(drift, column, row, seed + 2),
    weight: 0.2 * byte(own, 0) + 0.06 * noiseAlong(drift, column, row, seed + 3),
    base: 172 + 30 * (byte(cell, 1) - 0.5) - (byte(cell, 2) < 0.16 ? 38 : 0),
    vesicles: Math.max(0, byte(cell, 0) - 0.4),
    mitochondrion: byte(own, 1) < 0.5 && grown > 6 ? grown : 0,
    lean: 2 * byte(own, 2) - 1,
    squeeze: 1.2 + 0.5 * byte(own, 0),
  };
}

/** Distance between two centres, in units of the lattice. */
export function apart(site: TissueSite, other: TissueSite): number {
  return Math.sqrt((site.u - other.u) * (site.u - other.u) + (site.v - other.v) * (site.v - other.v));
}

/** Half the width, in pixels, of the membrane between two sites: a thin line, or a broad band if it lies aslant. */
export function membraneReach(site: TissueSite, other: TissueSite, step: number): number {
  const chance = byte(site.own ^ other.own, 3);
  return Math.max(4.6 + (chance < 0.1 ? 140 * chance : 0), step * 1.1);
}
