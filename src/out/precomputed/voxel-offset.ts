import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import { perAxis } from "../../space/per-axis.js";

/** A level of a precomputed volume. Triples are x, y, z of project space. */
export interface PlacedLevel {
  /** Number of the level, from 0. */
  readonly level: number;
  /** Extent of a voxel, in voxels of the first level. */
  readonly factor: Triple;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  /** The corner of the first voxel, in nm. */
  readonly position: Triple;
}

/** Rounding errors to ignore, in voxels: a shift by a thousandth of a voxel is invisible. */
const tolerance = 1e-3;

/**
 * The first voxel of a level, counted from the origin of project space; the format has only whole numbers for it. With
 * `"exact"`, throws an `InvalidOutError` if the level does not begin at a whole voxel; with `"nearest"`, rounds.
 */
export function voxelOffset(placed: PlacedLevel, rounding: "exact" | "nearest"): Triple {
  return perAxis((axis) => {
    const voxel = placed.position[axis] / placed.resolution[axis];
    // Adding 0 turns -0, which our JSON would show, into 0.
    const whole = Math.round(voxel) + 0;
    if (rounding === "exact" && Math.abs(voxel - whole) > tolerance) throw betweenVoxels(placed, axis, voxel);
    return whole;
  });
}

function betweenVoxels(
  { level, factor, position }: PlacedLevel,
  axis: 0 | 1 | 2,
  voxel: number,
): InvalidOutError {
  const name = "xyz"[axis];
  const remedy =
    level === 0
      ? "precomputed has whole voxels from the origin of project space only"
      : `begin the region where ${factor[axis]} voxels along ${name} make one of that level, or take fewer levels`;
  return new InvalidOutError(
    `a precomputed volume that begins at ${position[axis]} nm along ${name} would begin at voxel ` +
      `${Number(voxel.toPrecision(12))} of level ${level}: ${remedy}; offset: "nearest" moves it by half a voxel at most`,
  );
}
