import type { Vector3 } from "../../space/axis-order.js";

/** How fine a scale is; vectors are of stack axes. */
export interface ScaledResolution {
  /** Extent of its voxels, in nm. */
  readonly resolution: Vector3;
  /** Voxels of level 0 per voxel, by the stack's account. */
  readonly factor: Vector3;
}

// Resolutions are often rounded.
const tolerance = 0.01;

/** Voxels of the finest scale per voxel of another, by their resolutions; by the stack's factors if that is nearly the same. */
export function scaleFactor(finest: ScaledResolution, scale: ScaledResolution): Vector3 {
  const along = (axis: "x" | "y" | "z"): number => {
    const factor = scale.resolution[axis] / finest.resolution[axis];
    const counted = scale.factor[axis] / finest.factor[axis];
    return Math.abs(factor / counted - 1) <= tolerance ? counted : Number(factor.toPrecision(4));
  };
  return { x: along("x"), y: along("y"), z: along("z") };
}
