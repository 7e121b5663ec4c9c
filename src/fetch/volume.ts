import type { NdArrayLike, NumjsArrayLike, VolumeOut, VoxelArray } from "../out/volume-out.js";
import type { VolumeWriter } from "../out/volume-writer.js";
import type { Orientation3D, Triple } from "../space/axis-order.js";
import type { DataType, Voxels } from "../space/data-type.js";
import type { FetchReport } from "./fetch-report.js";

/** Type of the memory of a volume, by `out` and the data type; `undefined` if a writer took the voxels. */
export type VolumeData<O extends VolumeOut | undefined, D extends DataType = "uint8"> = O extends VolumeWriter
  ? undefined
  : O extends VoxelArray
    ? O
    : O extends NdArrayLike<infer A> | NumjsArrayLike<infer A>
      ? A
      : Voxels<D>;

/**
 * A region of a stack: values on a grid of scaled voxels. Voxel `[i, j, k]` (output axis order) is
 * `data[offset + i * stride[0] + j * stride[1] + k * stride[2]]`.
 */
export interface Volume<O extends VolumeOut | undefined = undefined, D extends DataType = "uint8"> {
  /** The voxels; `undefined` if a writer took them. */
  readonly data: VolumeData<O, D>;
  /** Data type of the mirror's voxels, whatever array `out` holds them in. */
  readonly dataType: D;
  /** Extent per axis, in voxels, output order. */
  readonly shape: Triple;
  /** Distance between neighbouring voxels per axis, in elements of `data`, output order. */
  readonly stride: Triple;
  /** Index of the first voxel in `data`; 0 unless `out` says otherwise. */
  readonly offset: number;
  /** Axis order of all the triples here, slowest first. */
  readonly orientation: Orientation3D;
  /** Zoom level of the voxels. */
  readonly zoomLevel: number;
  /** The first voxel, in scaled voxels of the stack at that zoom level, output order. */
  readonly origin: Triple;
  /** Extent of a voxel in nm, output order (stack axes; for XZ and ZY stacks these are not the project's). */
  readonly resolution: Triple;
  /** What was fetched, and which voxels could not be. */
  readonly report: FetchReport;
  /** The `out` that was given. */
  readonly out: O;
}
