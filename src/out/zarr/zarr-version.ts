import type { Triple } from "../../space/axis-order.js";
import type { DatasetFile } from "../chunked/chunk-format.js";
import type { Json } from "../json-file.js";
import type { CompressionName } from "../packing/compression-option.js";
import type { ZarrArray } from "./zarr-array.js";

/** What differs between the versions of Zarr. */
export interface ZarrVersion {
  /** The compressions that this version has codecs for. */
  readonly compressions: readonly CompressionName[];
  /** Path of an array's file, by its position in the grid of files. */
  chunkPath(array: string, at: Triple): string;
  /** The file that makes a folder an array. */
  arrayFile(path: string, array: ZarrArray): DatasetFile;
  /** The files that make the root a group. */
  groupFiles(attributes: Json): readonly DatasetFile[];
}
