import type { Vector3 } from "../../space/axis-order.js";

/** The resolution of a scale. Vectors are in stack axes. */
export interface ScaledResolution {
  /** Extent of its voxels, in nm. */
  readonly resolution: Vector3;
  /** Voxels of level 0 per voxel, as the stack declares it. */
  readonly factor: Vector3;
}

// Resolutions are often rounded.
const tolerance = 0.01;

/**
 * Voxels of the finest scale per voxel of another scale, by their resolutions. The stack's own factor is preferred if
 * it is nearly the same.
 */
export function scaleFactor(finest: ScaledResolution, scale: ScaledResolution): Vector3 {
  const along = (axis: "x" | "y" | "z"): number => {
    const factor = scale.resolution[axis] / finest.resolution[axis];
    const counted = scale.factor[axis] / finest.factor[axis];
    return Math.abs(factor / counted - 1) <= tolerance ? counted : Number(factor.toPrecision(4));
  };
  return { x: along("x"), y: along("y"), z: along("z") };
}
