import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import { perAxis } from "../chunked/unit-grid.js";

/** A level of a precomputed volume. Triples are x, y, z of project space. */
export interface PlacedLevel {
  /** 0 for the first. */
  readonly level: number;
  /** Voxels of the first level per voxel. */
  readonly factor: Triple;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  /** The corner of the first voxel, in nm. */
  readonly position: Triple;
}

/** What is lost in decimals that are not whole in binary, or were rounded somewhere; a thousandth of a voxel is nothing to see. */
const tolerance = 1e-3;

/**
 * The voxel of a level that the volume begins with, counted from the origin of project space: a whole number, as
 * precomputed has no other. Throws an `InvalidOutError` where there is none, unless the nearest will do.
 */
export function voxelOffset(placed: PlacedLevel, rounding: "exact" | "nearest"): Triple {
  return perAxis((axis) => {
    const voxel = placed.position[axis] / placed.resolution[axis];
    // Not -0, which JSON would show.
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
