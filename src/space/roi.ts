import { InvalidRoiError } from "../errors.js";
import type { Triple } from "./axis-order.js";

/** The space that an ROI is given in. */
export type ROIMode = "project" | "stack" | "scaled";

/** Names for {@link (ROIMode:type)} values, as catpy's enumeration of the same name has them. */
export const ROIMode: {
  /** Project space: nanometres, project axes. */
  readonly PROJECT: "project";
  /** Stack space: voxels at zoom level 0, stack axes. */
  readonly STACK: "stack";
  /** Scaled space: voxels at the zoom level asked for, stack axes. */
  readonly SCALED: "scaled";
} = Object.freeze({ PROJECT: "project", STACK: "stack", SCALED: "scaled" });

/** The three ROI modes. */
export const roiModes: readonly ROIMode[] = Object.freeze(["project", "stack", "scaled"] as const);

/**
 * A region of interest, half-open: from the lower corner up to, but not including, the upper one. Both corners have
 * three columns, in the axis order of the output. Typed arrays are accepted; integer arrays are not truncated. The type
 * is wide enough for what TypeScript infers from `[[…], […]]`: the number of rows and columns is checked at run time.
 *
 * @example
 * ```ts
 * const roi: Roi = [[10, 2048, 1024], [12, 2560, 1536]]; // z, y, x: two sections of 512 × 512
 * ```
 */
export type Roi = readonly ArrayLike<number>[];

/** Which corner of an ROI a bound belongs to. */
type RoiCorner = "lower" | "upper";

/**
 * The two corners of an ROI, checked.
 *
 * @throws InvalidRoiError unless there are two rows of three finite numbers, each lower bound below the upper one.
 */
export function parseRoi(roi: unknown): readonly [Triple, Triple] {
  if (!isArrayLike(roi)) {
    throw new InvalidRoiError(`an ROI must be [[lower, …], [upper, …]], got ${describe(roi)}`);
  }
  if (roi.length !== 2) {
    throw new InvalidRoiError(`an ROI must have 2 rows (the lower and the upper corner), got ${roi.length}`);
  }
  const lower = parseCorner(roi[0], "lower");
  const upper = parseCorner(roi[1], "upper");
  checkOrder(lower, upper, "");
  return [lower, upper];
}

/** Throws an {@link InvalidRoiError} unless each lower bound lies below the upper one. */
export function checkOrder(lower: Triple, upper: Triple, unit: string): void {
  for (const column of [0, 1, 2] as const) {
    const [from, to] = [lower[column], upper[column]];
    if (from < to) continue;
    const fault = from === to ? "holds no voxels" : "has its lower bound above its upper one";
    throw new InvalidRoiError(`the ROI ${fault} in column ${column}: from ${from} to ${to}${unit}`);
  }
}

/** How far a bound may be from a whole number, in voxels, and still count as that number. */
export function boundTolerance(value: number): number {
  return Math.max(1e-9, 1e-9 * Math.abs(value));
}

/** The voxel that contains a coordinate. A coordinate within the tolerance of the next voxel counts as that one. */
export function voxelAt(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) <= boundTolerance(value) ? nearest : Math.floor(value);
}

/**
 * Rounds a bound of a scaled ROI to a whole number. Lower bounds are rounded down and upper ones up, so that a volume
 * covers its ROI. A bound within 1e-9 of a whole number (relative, and at least 1e-9 voxels) is that number:
 * floating-point noise must not add a voxel to an ROI in nanometres that ends on a voxel border. Never gives −0.
 *
 * @throws InvalidRoiError if the bound is not finite, or too large to be exact.
 */
export function roundOutward(value: number, corner: RoiCorner): number {
  const rounded = corner === "lower" ? voxelAt(value) : -voxelAt(-value);
  if (!Number.isSafeInteger(rounded)) {
    throw new InvalidRoiError(
      `the ${corner} bound ${value} of the ROI, in scaled voxels, is too large to be exact`,
    );
  }
  return rounded + 0;
}

function parseCorner(row: unknown, corner: RoiCorner): Triple {
  if (!isArrayLike(row)) {
    throw new InvalidRoiError(`the ${corner} corner of an ROI must be three numbers, got ${describe(row)}`);
  }
  if (row.length !== 3) {
    throw new InvalidRoiError(`the ${corner} corner of an ROI must have 3 columns, got ${row.length}`);
  }
  const columns = [row[0], row[1], row[2]].map((value, column) => {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new InvalidRoiError(
      `the ${corner} corner of an ROI must be finite numbers, got ${describe(value)} in column ${column}`,
    );
  });
  return columns as [number, number, number];
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { length?: unknown }).length === "number"
  );
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `the bigint ${value}`;
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return String(value);
}
