/** Writers that take a volume as it is fetched, for `out`. */

export type { Triple } from "../space/axis-order.js";
export type { Voxels } from "../space/data-type.js";
export { type ByteSink, MemoryByteSink } from "./byte-sink.js";
export { type FlatFileOptions, FlatFileWriter } from "./flat-file-writer.js";
export { NpyWriter, npyHeader } from "./npy-writer.js";
export { RawWriter, type RawWriterOptions } from "./raw-writer.js";
export type { VolumeBlock, VolumeBox, VolumeWriter } from "./volume-writer.js";
