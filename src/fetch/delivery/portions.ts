import { splitBox } from "../../assemble/split-box.js";
import type { BlockLevel } from "../../source/block-source.js";
import type { Orientation3D, Triple } from "../../space/axis-order.js";
import { reorder } from "../../space/axis-order.js";
import type { ScaledBox } from "../../space/scaled-box.js";
import { intersectBoxes } from "../../space/scaled-box.js";
import type { AxisCut } from "./portion-axis.js";
import { axisCuts } from "./portion-axis.js";

/** A region to be cut into portions, with the limits for them. */
export interface PortionRequest {
  /** The region, z, y, x. */
  readonly region: ScaledBox;
  /** Axis order of the volume. */
  readonly orientation: Orientation3D;
  /** How the blocks of the source lie in the stack. */
  readonly level: Pick<BlockLevel, "blockShape" | "origin" | "covered" | "held">;
  /** Shape of the writer's chunks, in output order; `undefined` if the writer takes any box. */
  readonly chunkShape: Triple | undefined;
  /** Bytes of a voxel. */
  readonly bytesPerVoxel: number;
  /** Most bytes of a portion. */
  readonly maxBytes: number;
  /** Preferred size of a portion in bytes, if all else is equal. Default: 16 MiB. */
  readonly usualBytes?: number;
}

/** How a region is cut, in output order. */
type Cuts = readonly [AxisCut, AxisCut, AxisCut];

// Longer runs are hardly written faster, and larger portions take more memory.
const longRunBytes = 2 ** 16;
const defaultUsualBytes = 2 ** 24;
// Approximate memory that a chunk takes beside its voxels.
const chunkOverheadBytes = 512;

/**
 * The parts in which a region is assembled for a writer, one after the other. They consist of whole chunks of the
 * writer and, as far as the memory allows, of whole blocks of the source. They form a regular grid, so their number is
 * computed without listing them. Of all grids that fit, the chosen one requests the fewest blocks twice; among equals
 * it has the longest runs in the volume, and then portions nearest to the usual size.
 */
export class Portions {
  /** Number of portions. */
  readonly count: number;
  /** Voxels of the largest portion. */
  readonly longestVoxels: number;
  /** Bytes of the largest portion in memory; more than the limit if a single chunk takes more. */
  readonly bytes: number;
  /** How often a block is requested, on average; 1 if no block lies in two portions. */
  readonly repeats: number;
  /** Where the region is cut, in output order. */
  readonly cuts: Cuts;
  readonly #request: PortionRequest;

  constructor(request: PortionRequest) {
    const cuts = bestCuts(request);
    this.#request = request;
    this.cuts = cuts;
    this.count = product(cuts, "portions");
    this.longestVoxels = product(cuts, "longest");
    this.bytes = bytesOf(cuts, request);
    this.repeats = product(cuts, "repeats");
  }

  /** The boxes of the portions, z, y, x, in the order in which they lie in the volume. */
  *boxes(): Generator<ScaledBox> {
    const { region, orientation } = this.#request;
    const [lower, upper] = [
      reorder(region.lower, "zyx", orientation),
      reorder(region.upper, "zyx", orientation),
    ];
    const [a, b, c] = this.cuts;
    for (const box of splitBox({ lower, upper }, [a.step, b.step, c.step], [a.first, b.first, c.first])) {
      yield { lower: reorder(box.lower, orientation, "zyx"), upper: reorder(box.upper, orientation, "zyx") };
    }
  }
}

/** The best cuts, in output order. */
function bestCuts(request: PortionRequest): Cuts {
  const [slow = [], middle = [], fast = []] = cutsOfAxes(request);
  let best: { readonly cuts: Cuts; readonly rank: Rank } | undefined;
  for (const a of slow) {
    for (const b of middle) {
      for (const c of fast) {
        const rank = rankOf([a, b, c], request);
        if (best === undefined || isBefore(rank, best.rank)) best = { cuts: [a, b, c], rank };
      }
    }
  }
  // Every axis has at least the cut into one portion.
  return (best as { readonly cuts: Cuts }).cuts;
}

/** What cuts are ranked by, most important first; smaller is better. */
type Rank = readonly [excessBytes: number, repeats: number, runs: number, unusual: number];

function rankOf(cuts: Cuts, request: PortionRequest): Rank {
  const { usualBytes = defaultUsualBytes } = request;
  const bytes = bytesOf(cuts, request);
  // Runs do not matter to a writer with chunks, which it writes one by one.
  const run = request.chunkShape === undefined ? runOf(cuts) * request.bytesPerVoxel : 0;
  return [
    Math.max(0, bytes - request.maxBytes),
    product(cuts, "repeats"),
    -Math.min(run, longRunBytes),
    Math.abs(Math.log(bytes / usualBytes)),
  ];
}

function isBefore(rank: Rank, other: Rank): boolean {
  const differs = rank.findIndex((value, i) => value !== other[i]);
  return differs >= 0 && (rank[differs] as number) < (other[differs] as number);
}

/** Number of voxels of a portion that are contiguous in the volume. */
function runOf([slow, middle, fast]: Cuts): number {
  if (fast.portions > 1) return fast.longest;
  return fast.longest * (middle.portions > 1 ? middle.longest : middle.longest * slow.longest);
}

function bytesOf(cuts: Cuts, { bytesPerVoxel, chunkShape }: PortionRequest): number {
  const voxels = product(cuts, "longest");
  const chunks =
    chunkShape === undefined ? 0 : Math.ceil(voxels / (chunkShape[0] * chunkShape[1] * chunkShape[2]));
  return voxels * bytesPerVoxel + chunks * chunkOverheadBytes;
}

function product(cuts: Cuts, what: "portions" | "longest" | "repeats"): number {
  return cuts[0][what] * cuts[1][what] * cuts[2][what];
}

function cutsOfAxes({ region, orientation, level, chunkShape }: PortionRequest): AxisCut[][] {
  const inOutput = (values: Triple): Triple => reorder(values, "zyx", orientation);
  const [lower, upper] = [inOutput(region.lower), inOutput(region.upper)];
  const [block, origin] = [inOutput(level.blockShape), inOutput(level.origin)];
  const covered = intersectBoxes(region, level.covered);
  const served = covered && intersectBoxes(covered, level.held);
  const [from, to] = served === undefined ? [lower, lower] : [inOutput(served.lower), inOutput(served.upper)];
  return ([0, 1, 2] as const).map((axis) =>
    axisCuts({
      lower: lower[axis],
      upper: upper[axis],
      // The last chunk ends where the region ends.
      chunk: Math.min(chunkShape?.[axis] ?? 1, upper[axis] - lower[axis]),
      block: block[axis],
      origin: origin[axis],
      served: [from[axis], to[axis]],
    }),
  );
}
