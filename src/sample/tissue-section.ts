import { CellLine, CellMosaic } from "./cell-mosaic.js";
import { hash, noise1, PlaneNoise, signedHash } from "./lattice-noise.js";

/** Sections over which shapes change noticeably: 14 × 40 nm is the width of a thin neurite. */
const sectionsPerDrift = 14;

/** No voxel is darker: 0 is left to mean "filled". */
export const darkest = 10;

/** No voxel is brighter. */
export const brightest = 250;

/** Share of the large profiles that are bundles of thin neurites instead. */
const bundles = 0.7;

/** Working memory for lines of one length. */
export class TissueLine {
  readonly bendX: Float64Array;
  readonly bendY: Float64Array;
  readonly wx: Float64Array;
  readonly wy: Float64Array;
  readonly texture: Float64Array;
  readonly bundle: Uint8Array;
  readonly profile: CellLine;
  readonly neurite: CellLine;

  constructor(length: number) {
    this.bendX = new Float64Array(length);
    this.bendY = new Float64Array(length);
    this.wx = new Float64Array(length);
    this.wy = new Float64Array(length);
    this.texture = new Float64Array(length);
    this.bundle = new Uint8Array(length);
    this.profile = new CellLine(length);
    this.neurite = new CellLine(length);
  }
}

/**
 * One section of a tissue that does not exist but looks like serial-section electron microscopy of neuropil at
 * 4 nm a pixel: membranes, light and dark neurites, mitochondria, vesicles, grain.
 */
export class TissueSection {
  readonly #z: number;
  readonly #drift: number;
  readonly #seed: number;
  readonly #step: number;
  readonly #bendX: PlaneNoise;
  readonly #bendY: PlaneNoise;
  readonly #rippleX: PlaneNoise;
  readonly #rippleY: PlaneNoise;
  readonly #clumps: PlaneNoise;
  readonly #clouds: PlaneNoise;
  readonly #profiles: CellMosaic;
  readonly #neurites: CellMosaic;

  /**
   * Section `z` (a whole number). `step` is the distance between the pixels that will be asked for, in pixels of
   * full resolution: what is finer than that is softened instead of turning into noise.
   */
  constructor(z: number, step: number, seed: number) {
    const drift = z / sectionsPerDrift;
    this.#z = z;
    this.#drift = drift;
    this.#seed = seed;
    this.#step = step;
    this.#bendX = new PlaneNoise(130, drift, seed ^ 0x1b873593);
    this.#bendY = new PlaneNoise(130, drift, seed ^ 0x38b34ae5);
    this.#rippleX = new PlaneNoise(31, drift * 2, seed ^ 0x7ed55d16);
    this.#rippleY = new PlaneNoise(31, drift * 2, seed ^ 0x165667c5);
    this.#clumps = new PlaneNoise(3.4, z, seed ^ 0x5bd1e995);
    this.#clouds = new PlaneNoise(14, z, seed ^ 0x4cf5ad43);
    this.#profiles = new CellMosaic(200, drift, seed ^ 0x2545f491);
    this.#neurites = new CellMosaic(66, drift, seed ^ 0x6c62272e);
  }

  /** The grey values at the pixels of a line, of full resolution: whole numbers in `xs` and `ys`. */
  draw(
    xs: Float64Array,
    ys: Float64Array,
    line: TissueLine,
    out: Uint8Array,
    offset: number,
    stride: number,
  ): void {
    const { bendX, bendY, wx, wy, texture, profile, neurite, bundle } = line;
    const length = xs.length;
    this.#bendX.addTo(bendX.fill(0), xs, ys, 1);
    this.#bendY.addTo(bendY.fill(0), xs, ys, 1);
    for (let i = 0; i < length; i++) {
      wx[i] = (xs[i] as number) + 52 * (bendX[i] as number);
      wy[i] = (ys[i] as number) + 52 * (bendY[i] as number);
    }
    this.#rippleX.addTo(wx, xs, ys, 8);
    this.#rippleY.addTo(wy, xs, ys, 8);
    texture.fill(0);
    if (this.#step <= 4) {
      this.#clumps.addTo(texture, xs, ys, 20 / this.#step);
      this.#clouds.addTo(texture, xs, ys, 11 / this.#step);
    }

    this.#profiles.locate(wx, wy, profile);
    for (let i = 0; i < length; i++) bundle[i] = byte(profile.id[i] as number, 0) < bundles ? 1 : 0;
    this.#neurites.locate(wx, wy, neurite, bundle);
    for (let i = 0; i < length; i++) {
      const cell = bundle[i] === 1 ? neurite : profile;
      const id = cell.id[i] as number;
      const x = xs[i] as number;
      const y = ys[i] as number;
      const border = Math.min(cell.border[i] as number, profile.border[i] as number);
      const mood = (bendX[i] as number) * (bendY[i] as number);

      let value = 172 + 30 * (byte(id, 1) - 0.5) + 16 * mood + (texture[i] as number);
      if (byte(id, 2) < 0.16) value -= 38;
      if (this.#step <= 4 && byte(id, 3) > 0.5) value -= this.#vesicle(x, y, byte(id, 3) - 0.4) / this.#step;
      const size = bundle[i] === 1 ? 20 : 42;
      value = this.#mitochondrion(value, cell.dx[i] as number, cell.dy[i] as number, id, size, border);
      value -= this.#membrane(border, mood);
      out[offset + i * stride] = this.#grain(value, x, y);
    }
  }

  /** How much darker a membrane makes a pixel: a thin dark line, or, cut at a slant, a broad grey band. */
  #membrane(border: number, mood: number): number {
    const half = 4.6 + (mood > 0.12 ? 60 * (mood - 0.12) : 0);
    const seen = Math.max(half, this.#step * 1.1);
    if (border >= seen) return 0;
    const depth = (4.6 * 118 + (half - 4.6) * 34) / seen;
    const t = border / seen;
    return Math.min(depth, 116) * (1 - t * t) * (1 - t * t);
  }

  /** How much darker a vesicle makes a pixel: a dark ring around a grey core, at most one to a lattice place. */
  #vesicle(x: number, y: number, share: number): number {
    const column = Math.floor((x + 0.25 * y) / 12);
    const row = Math.floor(y / 12);
    const place = hash(column, row, this.#z, this.#seed ^ 0x1656a);
    if (byte(place, 0) > share) return 0;
    const dx = x + 0.25 * y - (column * 12 + 4.4 + 3.2 * byte(place, 1));
    const dy = y - (row * 12 + 4.4 + 3.2 * byte(place, 2));
    const square = dx * dx + dy * dy;
    if (square > 20) return 0;
    return (0.5 + 0.5 * byte(place, 3)) * (square < 5 ? 16 : 58 - 3.4 * Math.abs(square - 10));
  }

  /** The value with a mitochondrion over it, where the cell has one here: an ellipse with a rim and cristae. */
  #mitochondrion(value: number, dx: number, dy: number, id: number, size: number, border: number): number {
    if (byte(id, 2) > 0.5 || border < 7) return value;
    const grown = size * (0.5 + 0.8 * noise1(this.#drift * 0.6, id, 7, this.#seed));
    if (grown < 6) return value;
    const lean = signedHash(id, 8, 0, this.#seed);
    const long = dx + lean * dy;
    const across = (dy - lean * dx) * (1.2 + 0.5 * byte(id, 3));
    const square = (long * long + across * across) / (1 + lean * lean);
    if (square > grown * grown) return value;
    const rim = grown - Math.sqrt(square);
    if (rim < 3.5) return value - 26 * Math.min(rim, 3);
    const stripe = across * 0.13 + long * 0.02;
    const crista = Math.abs(stripe - Math.floor(stripe) - 0.5) * 4 - 1;
    return value - 46 - (22 * crista) / (this.#step > 2 ? this.#step / 2 : 1);
  }

  /** The grey value with the noise of the camera, rounded. */
  #grain(value: number, x: number, y: number): number {
    const noise = hash(x, y, this.#z, this.#seed);
    const sum = (noise >> 24) * 0.1 + ((noise << 8) >> 24) * 0.08 + ((noise << 16) >> 24) * 0.06;
    return Math.min(Math.max(Math.floor(value + sum / this.#step + 0.5), darkest), brightest);
  }
}

/** A byte of an identity, as 0 to 1. */
function byte(id: number, index: number): number {
  return ((id >>> (8 * index)) & 255) / 255;
}
