/** Writers for the option `out`, which take a volume while it is fetched. */

export type { Axis, Orientation3D, Triple } from "../space/axis-order.js";
export type { BlockIndex } from "../space/block.js";
export type { Bytes } from "../space/bytes.js";
export type { DataType, Voxels } from "../space/data-type.js";
export type { ExistingExport } from "./chunked/begin-export.js";
export type {
  ChunkedDataset,
  ChunkFormat,
  DatasetFile,
  DatasetLevel,
  LevelInfo,
} from "./chunked/chunk-format.js";
export type { LevelProgress } from "./chunked/chunked-export.js";
export { ChunkedWriter, type ChunkedWriterOptions } from "./chunked/chunked-writer.js";
export { type ExportCheck, type VerifyOptions, verifyExport } from "./chunked/log/verify-export.js";
export { type FlatFileOptions, FlatFileWriter } from "./flat/flat-file-writer.js";
export { NpyWriter, npyHeader } from "./flat/npy-writer.js";
export { NrrdWriter } from "./flat/nrrd-writer.js";
export { RawWriter, type RawWriterOptions } from "./flat/raw-writer.js";
export { sidecarText } from "./flat/sidecar.js";
export type { TiffForm } from "./flat/tiff-header.js";
export { TiffWriter, type TiffWriterOptions } from "./flat/tiff-writer.js";
export { type N5Options, n5Format } from "./n5/n5-format.js";
export type { CompressionName, CompressionOption } from "./packing/compression-option.js";
export type { OutCompression, Pack, WriterTools } from "./packing/pack.js";
export { type PngSeriesOptions, pngSeriesFormat } from "./png/png-series-format.js";
export { type PrecomputedOptions, precomputedFormat } from "./precomputed/precomputed-format.js";
export { type ByteSink, type FileSink, MemoryByteSink } from "./sink/byte-sink.js";
export { fileSink } from "./sink/file-sink.browser.js";
export { streamSink } from "./sink/stream-sink.js";
export { directoryStore } from "./store/directory-store.js";
export type { FileStore } from "./store/file-store.js";
export { folderStore } from "./store/folder-store.browser.js";
export { MemoryStore } from "./store/memory-store.js";
export { type ReadableStore, zipStore } from "./store/zip-store.js";
export type { VolumeBlock, VolumeBox, VolumeInfo, VolumeReport, VolumeWriter } from "./volume-writer.js";
export { type OmeZarrOptions, omeZarrFormat } from "./zarr/ome-zarr-format.js";

export { type ZarritaStore, zarritaStore } from "./zarrita/zarrita-store.js";
export { type ZarritaArray, type ZarritaSet, zarritaWriter } from "./zarrita/zarrita-writer.js";
