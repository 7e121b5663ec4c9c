import type { Orientation3D, Triple, Vector3 } from "../space/axis-order.js";
import { fromOrder } from "../space/axis-order.js";
import type { VoxelArray } from "../space/data-type.js";
import { denseStride } from "../space/dense-stride.js";

/** A box of a stack's scaled voxels laid out in memory: voxel `lower + v` is at `offset + v · stride`. */
export interface StridedVolume {
  /** The memory. */
  readonly data: VoxelArray;
  /** Index of the first voxel. */
  readonly offset: number;
  /** Distance of neighbours along each stack axis, in elements. */
  readonly stride: Vector3;
  /** The first voxel, in scaled voxels, zyx. */
  readonly lower: Triple;
}

/** A dense volume of a shape (in output order) whose first voxel is `lower` (zyx). */
export function denseVolume(
  data: VoxelArray,
  shape: Triple,
  orientation: Orientation3D,
  lower: Triple,
): StridedVolume {
  return { data, offset: 0, stride: fromOrder(denseStride(shape), orientation), lower };
}
