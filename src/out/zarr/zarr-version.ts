import type { Triple } from "../../space/axis-order.js";
import type { DatasetFile } from "../chunked/chunk-format.js";
import type { CompressionName } from "../compression-option.js";
import type { Json } from "../json-file.js";
import type { ZarrArray } from "./zarr-array.js";

/** What differs between the versions of Zarr. */
export interface ZarrVersion {
  /** The compressions that there are codecs of. */
  readonly compressions: readonly CompressionName[];
  /** Where a file of an array is, by its place in the grid of files. */
  chunkPath(array: string, at: Triple): string;
  /** The file that makes a folder an array. */
  arrayFile(path: string, array: ZarrArray): DatasetFile;
  /** The files that make the root a group. */
  groupFiles(attributes: Json): readonly DatasetFile[];
}
