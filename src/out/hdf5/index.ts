/** Writes volumes as HDF5 files. This is an entry point of its own because it needs a heavy package. */

export type { Axis, Orientation3D, Triple } from "../../space/axis-order.js";
export type { BlockIndex } from "../../space/block.js";
export type { Bytes } from "../../space/bytes.js";
export type { DataType, Voxels } from "../../space/data-type.js";
export type { WriterTools } from "../packing/pack.js";
export type { ByteSink } from "../sink/byte-sink.js";
export type { VolumeBlock, VolumeBox, VolumeInfo, VolumeReport, VolumeWriter } from "../volume-writer.js";
export type { Hdf5Layout } from "./hdf5-layout.js";
export { Hdf5Writer, type Hdf5WriterOptions } from "./hdf5-writer.js";
