import type { Triple } from "../space/axis-order.js";
import { bytesPerVoxel } from "../space/data-type.js";
import type { PlannedVolume } from "./plan-volume.js";

/** The cost of a fetch, as `ImageFetcher.estimate` returns it. */
export interface FetchEstimate {
  /** Voxels of the volume. */
  readonly voxels: number;
  /** Bytes of the volume. */
  readonly bytes: number;
  /** Blocks that the mirror has to serve (tiles, for a mirror of tiles), each counted once. */
  readonly blocks: number;
  /**
   * About how many requests for blocks there are with a cache that keeps nothing. This is more than `blocks` if some are
   * needed again: for another portion of the volume that goes to a writer, to replace a broken section, or on the other
   * side of a broken section that lies within a block.
   */
  readonly requests: number;
  /**
   * Most bytes that the fetch holds at a time, without the cache: the blocks under way, and the volume or, for a
   * writer, the portions of it that are in memory.
   */
  readonly memoryBytes: number;
  /** Portions in which the volume goes to a writer; 1 if it goes to memory. */
  readonly portions: number;
}

/** Estimates the cost of a planned fetch. */
export function estimateOf(planned: PlannedVolume): FetchEstimate {
  const { shape, level, plan, portionPlan, width, repeats } = planned;
  const bytesOf = (extents: Triple): number =>
    extents[0] * extents[1] * extents[2] * bytesPerVoxel(level.dataType);
  const bytes = bytesOf(shape);
  const volumeBytes = portionPlan === undefined ? bytes : portionPlan.memories * portionPlan.portions.bytes;
  return {
    voxels: shape[0] * shape[1] * shape[2],
    bytes,
    blocks: plan.distinctBlockCount,
    requests: Math.round(plan.blockCount * repeats),
    memoryBytes: volumeBytes + Math.min(width, plan.blockCount) * bytesOf(level.blockShape),
    portions: portionPlan?.portions.count ?? 1,
  };
}
