import type { Triple } from "../../space/axis-order.js";
import { perAxis } from "../../space/per-axis.js";
import type { VolumeBox } from "../volume-writer.js";

/** The grid of a level's files. */
export interface UnitGrid {
  /** Extent of the level. */
  readonly shape: Triple;
  /** Extent of a file; the files at the end of the level are smaller. */
  readonly unitShape: Triple;
}

/** The box of a file. */
export function unitBox({ shape, unitShape }: UnitGrid, at: Triple): VolumeBox {
  return {
    lower: perAxis((axis) => at[axis] * unitShape[axis]),
    upper: perAxis((axis) => Math.min(shape[axis], (at[axis] + 1) * unitShape[axis])),
  };
}

/** The box of a whole level. */
export function wholeBox({ shape }: Pick<UnitGrid, "shape">): VolumeBox {
  return { lower: [0, 0, 0], upper: shape };
}

/** The file that a voxel is in. */
export function unitAt({ unitShape }: UnitGrid, voxel: Triple): Triple {
  return perAxis((axis) => Math.floor(voxel[axis] / unitShape[axis]));
}

/** How many files there are. */
export function unitCount({ shape, unitShape }: UnitGrid): number {
  const [slow, middle, fast] = perAxis((axis) => Math.ceil(shape[axis] / unitShape[axis]));
  return slow * middle * fast;
}

/** The grid positions of the files that a box touches, in C order. Default: of all files. */
export function* unitsOf(grid: UnitGrid, box: VolumeBox = wholeBox(grid)): Generator<Triple> {
  const first = unitAt(grid, box.lower);
  const last = unitAt(
    grid,
    perAxis((axis) => box.upper[axis] - 1),
  );
  for (let a = first[0]; a <= last[0]; a++) {
    for (let b = first[1]; b <= last[1]; b++) {
      for (let c = first[2]; c <= last[2]; c++) yield [a, b, c];
    }
  }
}

export function extentOf({ lower, upper }: VolumeBox): Triple {
  return perAxis((axis) => upper[axis] - lower[axis]);
}
