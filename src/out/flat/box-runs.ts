import type { Triple } from "../../space/axis-order.js";
import type { VolumeBox } from "../volume-writer.js";

/** A run of voxels that are contiguous both in a box and in the volume. */
export interface BoxRun {
  /** Index of the first voxel in the volume, in C order. */
  readonly position: number;
  /** Index of the first voxel in the box, in C order. */
  readonly from: number;
  /** Number of voxels. */
  readonly length: number;
}

/** The runs of a box in a volume of the given shape, in order, each as long as possible. */
export function* boxRuns(shape: Triple, box: VolumeBox): Generator<BoxRun> {
  const { lower, upper } = box;
  const [planes, rows, columns] = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
  const start = (plane: number, row: number) =>
    ((lower[0] + plane) * shape[1] + lower[1] + row) * shape[2] + lower[2];
  const wholeRows = columns === shape[2];
  const wholePlanes = wholeRows && rows === shape[1];
  const rowsPerRun = wholeRows ? rows : 1;
  const planesPerRun = wholePlanes ? planes : 1;
  const length = planesPerRun * rowsPerRun * columns;
  let from = 0;
  for (let plane = 0; plane < planes; plane += planesPerRun) {
    for (let row = 0; row < rows; row += rowsPerRun) {
      yield { position: start(plane, row), from, length };
      from += length;
    }
  }
}
