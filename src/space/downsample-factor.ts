import { InvalidZoomLevelError } from "../errors.js";
import type { Vector3 } from "./axis-order.js";

const one: Vector3 = { x: 1, y: 1, z: 1 };

/**
 * How many voxels of level 0 one voxel of a zoom level stands for, per stack axis.
 *
 * @param factors - The stack's own factors, indexed by zoom level. `null` or empty: 2 to the power of the level in x
 * and y, 1 in z. Beyond either end of the list, x and y continue by powers of two from its last (first) entry, and z
 * stays.
 * @throws InvalidZoomLevelError unless the level is a whole number.
 */
export function downsampleFactorAt(
  factors: readonly Vector3[] | null | undefined,
  zoomLevel: number,
): Vector3 {
  checkWholeLevel(zoomLevel);
  const known = factors?.length ?? 0;
  const nearest = Math.min(Math.max(zoomLevel, 0), Math.max(known - 1, 0));
  const factor = factors?.[nearest] ?? one;
  const beyond = 2 ** (zoomLevel - nearest);
  return { x: factor.x * beyond, y: factor.y * beyond, z: factor.z };
}

/** Throws an {@link InvalidZoomLevelError} unless the level is a whole number that powers of two can be taken of. */
function checkWholeLevel(zoomLevel: number): void {
  if (Number.isInteger(zoomLevel) && Math.abs(zoomLevel) <= 1000) return;
  const got = typeof zoomLevel === "string" ? JSON.stringify(zoomLevel) : String(zoomLevel);
  throw new InvalidZoomLevelError(`a zoom level must be a whole number, got ${got}`);
}
