/** Writers that take a volume as it is fetched, for `out`. */

export type { Orientation3D, Triple } from "../space/axis-order.js";
export type { BlockIndex } from "../space/block.js";
export type { Bytes } from "../space/bytes.js";
export type { DataType, Voxels } from "../space/data-type.js";
export { type ByteSink, type FileSink, MemoryByteSink } from "./byte-sink.js";
export { fileSink } from "./file-sink.browser.js";
export { FlatFileWriter } from "./flat-file-writer.js";
export { NpyWriter, npyHeader } from "./npy-writer.js";
export { RawWriter, type RawWriterOptions } from "./raw-writer.js";
export type { VolumeBlock, VolumeBox, VolumeInfo, VolumeReport, VolumeWriter } from "./volume-writer.js";
