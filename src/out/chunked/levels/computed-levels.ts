import { InvalidOutError } from "../../../errors.js";
import type { Triple } from "../../../space/axis-order.js";
import { perAxis } from "../../../space/per-axis.js";
import type { VolumeBox, VolumeInfo } from "../../volume-writer.js";
import type { LevelInfo } from "../chunk-format.js";

/** The volume as the first level of a dataset. */
export function firstLevel({ shape, resolution, position }: VolumeInfo): LevelInfo {
  return { shape, factor: [1, 1, 1], resolution, position, made: "fetched" };
}

/**
 * The levels of a dataset, each computed from the level before it. Each step halves the axes that have more than one voxel,
 * except those whose voxels are more than √2 times as long as the shortest. So only the axes within sections are halved
 * until voxels are about as long as thick, and then all axes. The last voxel along an axis may cover fewer voxels.
 *
 * @param count - Number of levels, including the volume.
 * @throws InvalidOutError if a level before the last is a single voxel already.
 */
export function computedLevels(info: VolumeInfo, count: number): readonly LevelInfo[] {
  const levels = [firstLevel(info)];
  for (let level = levels[0] as LevelInfo; levels.length < count; levels.push(level)) {
    const { shape, factor, resolution, position } = level;
    const shortest = Math.min(...resolution.filter((_, axis) => (shape[axis] as number) > 1));
    if (shortest === Number.POSITIVE_INFINITY) {
      throw new InvalidOutError(
        `levels must be at most ${levels.length} for ${info.shape.join(" × ")} voxels, got ${count}`,
      );
    }
    const step = perAxis((axis) => (shape[axis] > 1 && resolution[axis] <= shortest * Math.SQRT2 ? 2 : 1));
    level = {
      shape: perAxis((axis) => Math.ceil(shape[axis] / step[axis])),
      factor: perAxis((axis) => factor[axis] * step[axis]),
      resolution: perAxis((axis) => resolution[axis] * step[axis]),
      position,
      made: info.isLabels ? "mode" : "mean",
    };
  }
  return levels;
}

/** The box of a level from which a box of the next level is computed. */
export function boxBefore(
  { shape }: { readonly shape: Triple },
  { lower, upper }: VolumeBox,
  step: Triple,
): VolumeBox {
  return {
    lower: perAxis((axis) => lower[axis] * step[axis]),
    upper: perAxis((axis) => Math.min(shape[axis], upper[axis] * step[axis])),
  };
}

/** How many voxels of the finer level become one voxel of the coarser level, per axis. */
export function stepBetween(finer: LevelInfo, coarser: LevelInfo): Triple {
  return perAxis((axis) => coarser.factor[axis] / finer.factor[axis]);
}
