/** Zarr version 2 (https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html), which OME-Zarr 0.4 uses. */

import { bytesPerVoxel } from "../../space/data-type.js";
import { type Json, jsonBytes } from "../json-file.js";
import { numpyType } from "../numpy-type.js";
import { shownFillValue } from "./fill-value.js";
import type { ZarrArray } from "./zarr-array.js";
import type { ZarrVersion } from "./zarr-version.js";

export const zarrV2: ZarrVersion = {
  compressions: ["none", "gzip", "zlib", "zstd", "blosc"],
  chunkPath: (array, at) => `${array}/${at.join("/")}`,
  arrayFile: (path, array) => ({ path: `${path}/.zarray`, bytes: jsonBytes(arrayMetadata(array)) }),
  groupFiles: (attributes) => [
    { path: ".zattrs", bytes: jsonBytes(attributes) },
    { path: ".zgroup", bytes: jsonBytes({ zarr_format: 2 }) },
  ],
};

function arrayMetadata(array: ZarrArray): Json {
  return {
    zarr_format: 2,
    shape: array.shape,
    chunks: array.chunkShape,
    dtype: numpyType(array.dataType),
    compressor: compressor(array),
    fill_value: shownFillValue(array.fillValue),
    order: "C",
    filters: null,
    dimension_separator: "/",
  };
}

/** The compressor in the names of Python's numcodecs. */
function compressor({ compression: { kind, level }, dataType }: ZarrArray): Json {
  if (kind === "none") return null;
  if (kind !== "blosc") return { id: kind, level };
  return {
    id: "blosc",
    cname: "zstd",
    clevel: level,
    shuffle: bytesPerVoxel(dataType) === 1 ? 0 : 1,
    blocksize: 0,
  };
}
