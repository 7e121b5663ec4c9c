import { LatticeNoise } from "./lattice-noise.js";
import { apart, cellSpacing, membraneReach, type TissueSite, tissueSite } from "./tissue-site.js";

/** Sections over which shapes change noticeably: 14 × 40 nm is the width of a thin neurite. */
const sectionsPerDrift = 14;

/** The sites that matter in a small square of the tissue. */
interface Square {
  readonly column: number;
  readonly row: number;
  readonly sites: readonly TissueSite[];
  /**
   * Four numbers per site: its power at the square's corner, the change along u and along v (less the part common to
   * all sites), and its cell.
   */
  readonly powers: readonly number[];
}

/** Caches one value per place of a lattice. If two places share a slot, the later one replaces the other. */
class LatticeCache<T extends { readonly column: number; readonly row: number }> {
  readonly #slots: (T | undefined)[] = new Array(1024).fill(undefined);
  readonly #make: (column: number, row: number) => T;

  constructor(make: (column: number, row: number) => T) {
    this.#make = make;
  }

  at(column: number, row: number): T {
    const slot = ((row & 31) << 5) | (column & 31);
    const kept = this.#slots[slot];
    if (kept !== undefined && kept.column === column && kept.row === row) return kept;
    const made = this.#make(column, row);
    this.#slots[slot] = made;
    return made;
  }

  clear(): void {
    this.#slots.fill(undefined);
  }
}

/**
 * The cells along a row of a section: a bent Voronoi diagram with weights. Its centres wander from section to section,
 * so that each cell is a tube along z. A cell is one site, or several that a large one has swallowed.
 */
export class TissueCells {
  /** The site that contains each pixel. */
  readonly sites: TissueSite[];
  /** The position of each pixel in the undistorted tissue, in units of the lattice. */
  readonly us: Float64Array;
  readonly vs: Float64Array;
  /** How much the membrane of its cell darkens each pixel. */
  readonly membranes: Float64Array;
  /** Approximate distance of each pixel to the border of its site, in pixels; Infinity if the border is far away. */
  readonly edges: Float64Array;
  readonly #xs: Int32Array;
  readonly #step: number;
  readonly #fine: number;
  /** The noise that bends and ripples the tissue, along u and v. */
  readonly #bends: readonly LatticeNoise[];
  readonly #known: LatticeCache<TissueSite>;
  readonly #squares: LatticeCache<Square>;
  #drift = 0;
  #square: Square;

  /** Prepares the pixels at `xs`, ascending, which are `step` apart. */
  constructor(xs: Int32Array, step: number, seed: number) {
    this.#xs = xs;
    this.#step = step;
    this.#fine = step < 4 ? 5 : 1;
    this.#bends = [128, 128, 32, 32].map(
      (spacing, i) => new LatticeNoise(xs, spacing, seed + (i + 1) * 7919),
    );
    this.#known = new LatticeCache((column, row) => tissueSite(column, row, this.#drift, seed));
    this.#squares = new LatticeCache((column, row) => this.#makeSquare(column, row));
    this.#square = this.#squares.at(0, 0);
    this.sites = new Array(xs.length).fill(this.#known.at(0, 0));
    this.us = new Float64Array(xs.length);
    this.vs = new Float64Array(xs.length);
    this.membranes = new Float64Array(xs.length);
    this.edges = new Float64Array(xs.length);
  }

  /** Moves to section `z`. */
  moveTo(z: number): void {
    this.#drift = z / sectionsPerDrift;
    for (const bend of this.#bends) bend.moveTo(this.#drift);
    this.#known.clear();
    this.#squares.clear();
    this.#square = this.#squares.at(0, 0);
  }

  /** Moves to the row `y`. */
  enter(y: number): void {
    const { us, vs } = this;
    const xs = this.#xs;
    // The lattice is turned (by a 3-4-5 triangle), so that its rows do not show in the picture.
    for (let i = 0; i < xs.length; i++) {
      us[i] = (0.8 * (xs[i] as number) + 0.6 * y) * (1 / cellSpacing);
      vs[i] = (0.8 * y - 0.6 * (xs[i] as number)) * (1 / cellSpacing);
    }
    this.#bends.forEach((bend, i) => {
      bend.addTo(i % 2 === 0 ? us : vs, y, (i < 2 ? 52 : 8) / cellSpacing);
    });
    this.#find();
  }

  #find(): void {
    const fine = this.#fine;
    const { us, vs, sites: found, membranes, edges } = this;
    let square = this.#square;
    let site = square.sites[0] as TissueSite;
    let neighbour = site;
    let perReach = 0;
    let depth = 0;
    for (let p = 0; p < us.length; p++) {
      const u = (us[p] as number) * fine;
      const v = (vs[p] as number) * fine;
      const column = Math.floor(u);
      const row = Math.floor(v);
      if (square.column !== column || square.row !== row) square = this.#squares.at(column, row);
      const { sites, powers } = square;
      // The least power belongs to the site of the pixel. The others are the least of any other site, and of a site of
      // another cell.
      let least = Number.POSITIVE_INFINITY;
      let next = Number.POSITIVE_INFINITY;
      let foreign = Number.POSITIVE_INFINITY;
      let first = 0;
      let other = 0;
      for (let i = 0, at = 0; i < sites.length; i++, at += 4) {
        const across = (powers[at + 1] as number) * (u - column);
        const power = (powers[at] as number) + across + (powers[at + 2] as number) * (v - row);
        const isOther = powers[at + 3] !== powers[4 * first + 3];
        if (power < least) {
          if (isOther) {
            foreign = least;
            other = first;
          }
          next = least;
          least = power;
          first = i;
        } else {
          if (power < next) next = power;
          if (power < foreign && isOther) {
            foreign = power;
            other = i;
          }
        }
      }
      if (site !== sites[first] || neighbour !== sites[other]) {
        site = sites[first] as TissueSite;
        neighbour = sites[other] as TissueSite;
        const reach = membraneReach(site, neighbour, this.#step);
        depth = Math.min((4.6 * 84) / reach + 34, 116);
        perReach = cellSpacing / (2 * reach * apart(site, neighbour));
      }
      found[p] = site;
      edges[p] = (next - least) * (0.5 * cellSpacing);
      const near = foreign === Number.POSITIVE_INFINITY ? 1 : (foreign - least) * perReach;
      membranes[p] = near < 1 ? depth * (1 - near * near) * (1 - near * near) : 0;
    }
    this.#square = square;
  }

  /** Centres stay near their lattice places, so only the nine sites around a place matter. */
  #makeSquare(column: number, row: number): Square {
    const fine = this.#fine;
    const u = (column + 0.5) / fine;
    const v = (row + 0.5) / fine;
    const nine: TissueSite[] = [];
    const excess: number[] = [];
    let nearest = 0;
    for (let i = 0; i < 9; i++) {
      const site = this.#known.at(Math.floor(u) + (i % 3) - 1, Math.floor(v) + ((i / 3) | 0) - 1);
      nine.push(site);
      excess.push((site.u - u) * (site.u - u) + (site.v - v) * (site.v - v) - site.weight);
      if ((excess[i] as number) < (excess[nearest] as number)) nearest = i;
    }
    const first = nine[nearest] as TissueSite;
    const sites: TissueSite[] = [];
    const powers: number[] = [];
    for (let i = 0; i < 9; i++) {
      const site = nine[i] as TissueSite;
      // The distance from the middle of the square to its corner, and on to where neither membrane nor rim is drawn.
      const far = 0.71 / fine + Math.max(8, membraneReach(first, site, this.#step)) / cellSpacing;
      if ((excess[i] as number) - (excess[nearest] as number) > 2 * far * apart(site, first)) continue;
      const right = column / fine - site.u;
      const down = row / fine - site.v;
      sites.push(site);
      powers.push(
        right * right + down * down - site.weight,
        (2 * right) / fine,
        (2 * down) / fine,
        site.cell,
      );
    }
    return { column, row, sites, powers };
  }
}
