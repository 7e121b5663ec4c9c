/** Zarr version 3 (https://zarr-specs.readthedocs.io/en/latest/v3/core/v3.0.html), which OME-Zarr 0.5 uses. */

import { bytesPerVoxel } from "../../space/data-type.js";
import { type Json, jsonBytes } from "../json-file.js";
import { shownFillValue } from "./fill-value.js";
import type { ZarrArray } from "./zarr-array.js";
import type { ZarrVersion } from "./zarr-version.js";

export const zarrV3: ZarrVersion = {
  compressions: ["none", "gzip", "zstd", "blosc"],
  chunkPath: (array, at) => `${array}/c/${at.join("/")}`,
  arrayFile: (path, array) => ({ path: `${path}/zarr.json`, bytes: jsonBytes(arrayMetadata(array)) }),
  groupFiles: (attributes) => [
    { path: "zarr.json", bytes: jsonBytes({ zarr_format: 3, node_type: "group", attributes }) },
  ],
};

function arrayMetadata(array: ZarrArray): Json {
  return {
    zarr_format: 3,
    node_type: "array",
    shape: array.shape,
    data_type: array.dataType,
    chunk_grid: { name: "regular", configuration: { chunk_shape: array.shardShape ?? array.chunkShape } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: shownFillValue(array.fillValue),
    codecs: array.shardShape === undefined ? chunkCodecs(array) : [shardCodec(array)],
    attributes: {},
    dimension_names: array.axes,
  };
}

const littleEndian: Json = { name: "bytes", configuration: { endian: "little" } };

function shardCodec(array: ZarrArray): Json {
  return {
    name: "sharding_indexed",
    configuration: {
      chunk_shape: array.chunkShape,
      codecs: chunkCodecs(array),
      index_codecs: [littleEndian, { name: "crc32c" }],
      index_location: "end",
    },
  };
}

function chunkCodecs(array: ZarrArray): Json[] {
  const compression = compressionCodec(array);
  return compression === undefined ? [littleEndian] : [littleEndian, compression];
}

function compressionCodec({ compression: { kind, level }, dataType }: ZarrArray): Json | undefined {
  switch (kind) {
    case "gzip":
      return { name: "gzip", configuration: { level } };
    case "zstd":
      return { name: "zstd", configuration: { level, checksum: false } };
    case "blosc": {
      // The package numcodecs always shuffles in groups of four bytes, whatever the size of a voxel.
      const shuffling: Json =
        bytesPerVoxel(dataType) === 1 ? { shuffle: "noshuffle" } : { shuffle: "shuffle", typesize: 4 };
      return { name: "blosc", configuration: { cname: "zstd", clevel: level, ...shuffling, blocksize: 0 } };
    }
    default:
      return undefined;
  }
}
