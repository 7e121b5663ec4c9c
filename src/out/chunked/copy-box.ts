import type { Triple } from "../../space/axis-order.js";
import { copyRows } from "../../space/copy-rows.js";
import type { VolumeBlock, VolumeBox } from "../volume-writer.js";

/** Copies the voxels of a box from one block to another of the same data type. `…Lower`: position of each block's first voxel. */
export function copyBox(
  from: VolumeBlock,
  fromLower: Triple,
  to: VolumeBlock,
  toLower: Triple,
  { lower, upper }: VolumeBox,
): void {
  const place = ({ shape }: VolumeBlock, first: Triple): number =>
    ((lower[0] - first[0]) * shape[1] + lower[1] - first[1]) * shape[2] + lower[2] - first[2];
  copyRows(from.data, place(from, fromLower), to.data, place(to, toLower), {
    sections: upper[0] - lower[0],
    rows: upper[1] - lower[1],
    columns: upper[2] - lower[2],
    slice: from.shape[1] * from.shape[2],
    pitch: from.shape[2],
    strideZ: to.shape[1] * to.shape[2],
    strideY: to.shape[2],
  });
}
