import { InvalidOptionError } from "../errors.js";
import type { Orientation3D, Triple, Vector3 } from "../space/axis-order.js";
import { axesOf, fromOrder, isAxisOrder } from "../space/axis-order.js";
import type { ROIMode } from "../space/roi.js";
import { checkOrder, parseRoi, roiModes, roundOutward } from "../space/roi.js";
import type { Stack } from "./stack.js";

/**
 * Maps an ROI to whole scaled voxels: lower bounds are rounded down and upper bounds up.
 *
 * Columns follow the axis letters of `orientation`. In stack and scaled mode they are stack axes. In project mode,
 * column `z` holds project z, and so on, but the result's column `z` holds stack z: for XZ and ZY stacks, each column
 * is mapped to the stack axis that runs along it, so that the volume stays in stack orientation.
 *
 * @param roi - `[[lower…], [upper…]]`, half-open.
 * @param roiMode - The space of the ROI.
 * @param zoomLevel - Any whole number, even one that the stack does not have.
 * @param orientation - Axis order of the columns.
 * @throws InvalidRoiError for anything that is not an ROI, or holds no voxels at this level.
 * @throws InvalidZoomLevelError for a level that is not a whole number.
 */
export function scaledRoi(
  stack: Stack,
  roi: unknown,
  roiMode: ROIMode,
  zoomLevel: number,
  orientation: Orientation3D,
): readonly [Triple, Triple] {
  if (!roiModes.includes(roiMode)) {
    throw new InvalidOptionError(
      `roiMode must be "project", "stack" or "scaled", got ${JSON.stringify(roiMode)}`,
    );
  }
  if (!isAxisOrder(orientation))
    throw new InvalidOptionError(`orientation must be an axis order such as "zyx"`);
  const factor = stack.downsampleFactor(zoomLevel);
  const corners = parseRoi(roi).map((corner, index) => {
    const given = fromOrder(corner, orientation);
    const scaled = scaledPoint(stack, given, roiMode, factor);
    return axesOf(orientation).map((axis) => roundOutward(scaled[axis], index === 0 ? "lower" : "upper"));
  });
  const [lower, upper] = corners as [[number, number, number], [number, number, number]];
  checkOrder(lower, upper, ` at zoom level ${zoomLevel}`);
  return [lower, upper];
}

/**
 * Maps a point of a space to voxels of a zoom level, without rounding.
 *
 * @param factor - Voxels of level 0 per voxel of the level.
 */
export function scaledPoint(stack: Stack, point: Vector3, space: ROIMode, factor: Vector3): Vector3 {
  if (space === "scaled") return point;
  const { x, y, z } = space === "project" ? projectToStack(stack, point) : point;
  return { x: x / factor.x, y: y / factor.y, z: z / factor.z };
}

function projectToStack(stack: Stack, point: Vector3): Vector3 {
  const inStack = stack.transformer.projectToStack(point);
  // The start of a section belongs to it, even if the division gave slightly less.
  return { ...inStack, z: Math.max(inStack.z, stack.transformer.projectToSection(point)) };
}
