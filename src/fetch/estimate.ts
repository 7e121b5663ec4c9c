import type { Triple } from "../space/axis-order.js";
import { bytesPerVoxel } from "../space/data-type.js";
import type { PlannedVolume } from "./plan-volume.js";

/** What a fetch amounts to; see `ImageFetcher.estimate`. */
export interface FetchEstimate {
  /** Voxels of the volume. */
  readonly voxels: number;
  /** Bytes of the volume. */
  readonly bytes: number;
  /** Blocks (of a mirror of tiles: tiles) that the mirror has to give, each counted once. */
  readonly blocks: number;
  /**
   * How often blocks are asked for where none is in the cache. More than `blocks` where some are needed again: by another
   * portion of the volume on its way to a writer, or in the place of a broken section.
   */
  readonly requests: number;
  /**
   * Most bytes that the fetch holds at a time, beside the cache: the volume, or the portions of it that are on their way
   * to a writer, and the blocks under way.
   */
  readonly memoryBytes: number;
  /** Portions in which the volume goes to a writer; 1 where it goes to memory. */
  readonly portions: number;
}

/** What a planned fetch amounts to. */
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
