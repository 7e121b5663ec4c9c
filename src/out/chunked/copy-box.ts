import type { Triple } from "../../space/axis-order.js";
import type { Voxels } from "../../space/data-type.js";
import type { VolumeBlock, VolumeBox } from "../volume-writer.js";

/** Copies the voxels of a box from one block to another of the same type. `…Lower`: the first voxel of each. */
export function copyBox(
  from: VolumeBlock,
  fromLower: Triple,
  to: VolumeBlock,
  toLower: Triple,
  { lower, upper }: VolumeBox,
): void {
  // Of any type: for the compiler bytes.
  const [source, target] = [from.data as Voxels<"uint8">, to.data as Voxels<"uint8">];
  const length = upper[2] - lower[2];
  const index = ({ shape }: VolumeBlock, first: Triple, i: number, j: number): number =>
    ((i - first[0]) * shape[1] + j - first[1]) * shape[2] + lower[2] - first[2];
  for (let i = lower[0]; i < upper[0]; i++) {
    for (let j = lower[1]; j < upper[1]; j++) {
      const start = index(from, fromLower, i, j);
      target.set(source.subarray(start, start + length), index(to, toLower, i, j));
    }
  }
}
