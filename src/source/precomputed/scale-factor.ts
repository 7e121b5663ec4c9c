import type { Vector3 } from "../../space/axis-order.js";
import type { Stack } from "../../stack/stack.js";

// Resolutions are often rounded.
const tolerance = 0.01;

/**
 * Voxels of level 0 per voxel of a scale, by their resolutions: those of the stack's level, where that is all the same but
 * for rounding. Vectors are of stack axes.
 */
export function scaleFactor(stack: Stack, zoomLevel: number, resolution: Vector3, finest: Vector3): Vector3 {
  const [level, base] = [stack.downsampleFactor(zoomLevel), stack.downsampleFactor(0)];
  const along = (axis: "x" | "y" | "z"): number => {
    const factor = resolution[axis] / finest[axis];
    const counted = level[axis] / base[axis];
    return Math.abs(factor / counted - 1) <= tolerance ? counted : Number(factor.toPrecision(4));
  };
  return { x: along("x"), y: along("y"), z: along("z") };
}
