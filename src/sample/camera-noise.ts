import { hash, PlaneNoise } from "./lattice-noise.js";
import type { LatticeRun } from "./lattice-run.js";
import { patchSide } from "./tissue-patch.js";

/** Sides of the two textures, in pixels; their sum repeats after the least common multiple, 26880. */
const sides = [256, 210] as const;

/** Distance of the rows of both textures, in pixels. */
const stride = 256;

/** No voxel is darker: 0 is left to mean "filled". */
const darkest = 10;

/** No voxel is brighter. */
const brightest = 250;

/** Where the pixels of a picture lie in an array: the first, and the distances to the next column and row. */
export interface PixelLayout {
  readonly offset: number;
  readonly right: number;
  readonly below: number;
}

interface Textures {
  readonly first: Int8Array;
  readonly second: Int8Array;
}

let textures: Textures | undefined;

/**
 * What the camera and the stain add to each pixel: grain, clumps of a few pixels, clouds. It is
 * the sum of two textures that repeat, laid differently in each section.
 */
export class CameraNoise {
  readonly #seed: number;
  readonly #amplitude: number;
  readonly #textures: Textures;
  #shift = 0;
  #otherShift = 0;

  /** `step` is the distance between pixels: noise averages out. */
  constructor(step: number, seed: number) {
    this.#seed = seed;
    // The textures hold half grey values.
    this.#amplitude = 0.5 / step;
    textures ??= { first: texture(sides[0], 4, 16, 1), second: texture(sides[1], 3.5, 15, 2) };
    this.#textures = textures;
  }

  /** Goes to section `z`. */
  moveTo(z: number): void {
    this.#shift = hash(z, 1, 0, this.#seed);
    this.#otherShift = hash(z, 2, 0, this.#seed);
  }

  /**
   * Rounds the grey values of a patch, with noise added, into `out`. Its pixels lie at the columns `xs` from
   * `columns.from` on and the rows `ys` from `rows.from` on.
   */
  expose(
    greys: Float64Array,
    xs: Int32Array,
    ys: Int32Array,
    columns: LatticeRun,
    rows: LatticeRun,
    out: Uint8Array,
    { offset, right, below }: PixelLayout,
  ): void {
    const { first, second } = this.#textures;
    const [side, otherSide] = sides;
    const amplitude = this.#amplitude;
    const { from, count } = columns;
    const start = xs[from] as number;
    const column = start + this.#shift;
    const otherColumn = wrapped(start + (this.#otherShift & 0xffff), otherSide);
    for (let r = 0, p = 0; r < rows.count; r++) {
      const y = ys[rows.from + r] as number;
      const row = ((y + (this.#shift >> 8)) & (side - 1)) * stride;
      const other = wrapped(y + (this.#otherShift >> 16), otherSide) * stride + otherColumn;
      let at = offset + (rows.from + r) * below + from * right;
      for (let c = 0; c < count; c++, p++, at += right) {
        const x = (xs[from + c] as number) - start;
        const noise = (first[row + ((column + x) & (side - 1))] as number) + (second[other + x] as number);
        const grey = ((greys[p] as number) + noise * amplitude + 0.5) | 0;
        out[at] = Math.max(darkest, Math.min(grey, brightest));
      }
    }
  }
}

function wrapped(position: number, side: number): number {
  const rest = position % side;
  return rest < 0 ? rest + side : rest;
}

/** One texture; its rows go on as far beyond its side as a patch is wide. */
function texture(side: number, clump: number, cloud: number, seed: number): Int8Array {
  const out = new Int8Array(side * stride);
  const xs = Float64Array.from({ length: side }, (_, x) => x);
  const clumps = new PlaneNoise(clump, 0x5bd1e995, side / clump);
  const clouds = new PlaneNoise(cloud, 0x4cf5ad43, side / cloud);
  const sums = new Float64Array(side);
  for (let y = 0; y < side; y++) {
    clumps.addTo(sums.fill(0), xs, side, y, seed, 28);
    clouds.addTo(sums, xs, side, y, seed, 16);
    for (let x = 0; x < Math.min(stride, side + patchSide); x++) {
      const noise = hash(x % side, y, seed, 0x1656a);
      const grain = (noise >> 24) * 0.14 + ((noise << 8) >> 24) * 0.11 + ((noise << 16) >> 24) * 0.085;
      out[y * stride + x] = Math.floor((sums[x % side] as number) + grain + 0.5);
    }
  }
  return out;
}
