import { InvalidOptionError } from "../errors.js";
import { show } from "../options/check-option.js";
import type { Axis, Orientation3D, Vector3 } from "../space/axis-order.js";
import { axesOf } from "../space/axis-order.js";
import type { ROIMode } from "../space/roi.js";
import { voxelAt } from "../space/roi.js";
import { scaledPoint } from "./scaled-roi.js";
import type { Stack } from "./stack.js";

/** A point: `{ x, y, z }`, or three columns in the axis order of the output. Integer typed arrays are accepted. */
export type Point = Vector3 | ArrayLike<number>;

/** The space of points, and that of the voxels to find. */
export interface PointSpace {
  readonly stack: Stack;
  /** The space of the points. */
  readonly roiMode: ROIMode;
  /** Zoom level of the voxels. */
  readonly zoomLevel: number;
  /** Axis order of columns. */
  readonly orientation: Orientation3D;
}

/**
 * Writes the voxels of a zoom level that contain points into an array: z, y, x of the first point, then of the second,
 * and so on. Each coordinate is mapped and rounded like the lower bound of an ROI.
 *
 * @param from - The first point.
 * @param to - One past the last point.
 * @throws InvalidOptionError for a value that is not a point.
 */
export function scalePoints(
  points: readonly Point[],
  from: number,
  to: number,
  { stack, roiMode, zoomLevel, orientation }: PointSpace,
  voxels: Float64Array,
): void {
  const factor = stack.downsampleFactor(zoomLevel);
  const columns = axesOf(orientation);
  for (let index = from; index < to; index++) {
    const point = parsePoint(points[index], index, columns);
    const { x, y, z } = scaledPoint(stack, point, roiMode, factor);
    voxels[3 * index] = voxelAt(z);
    voxels[3 * index + 1] = voxelAt(y);
    voxels[3 * index + 2] = voxelAt(x);
  }
}

/** Throws an `InvalidOptionError` unless the points are a list. {@link scalePoints} checks each of them. */
export function checkPoints(points: readonly Point[]): void {
  if (Array.isArray(points)) return;
  throw new InvalidOptionError(
    `points must be a list of points, three numbers or { x, y, z }, got ${show(points)}`,
  );
}

function parsePoint(given: unknown, index: number, columns: readonly Axis[]): Vector3 {
  const point = { x: Number.NaN, y: Number.NaN, z: Number.NaN };
  if (typeof given !== "object" || given === null) throw noPoint(index, columns, show(given));
  if ("length" in given) {
    if (given.length !== 3) throw noPoint(index, columns, `${given.length} columns`);
    for (let column = 0; column < 3; column++) {
      point[columns[column] as Axis] = (given as ArrayLike<number>)[column] as number;
    }
  } else {
    const { x, y, z } = given as Vector3;
    Object.assign(point, { x, y, z });
  }
  for (const axis of columns) {
    if (!Number.isFinite(point[axis])) throw noPoint(index, columns, `${show(point[axis])} as ${axis}`);
  }
  return point;
}

function noPoint(index: number, columns: readonly Axis[], got: string): InvalidOptionError {
  return new InvalidOptionError(
    `points[${index}] must be three finite numbers, [${columns}] or { x, y, z }, got ${got}`,
  );
}
