import { bytesPerVoxel, type DataType } from "../../space/data-type.js";
import type { DatasetFile, LevelInfo } from "../chunked/chunk-format.js";
import { datasetDescription } from "../dataset-description.js";
import { type Json, jsonBytes } from "../json-file.js";
import type { NamedCompression } from "../packing/compression-option.js";
import type { VolumeInfo } from "../volume-writer.js";
import type { N5Layout } from "./n5-layout.js";

/** All libraries read this version of N5; nothing that is written here needs a later one. */
const version = "2.0.0";

type Attributes = Readonly<Record<string, Json>>;

/**
 * The attributes of the container, of the group and of its levels. Lists are in the order of the dataset's axes. All levels
 * have the voxel size of the first one, because n5-viewer, neuroglancer and Paintera multiply it by a level's
 * `downsamplingFactors`. `offset` is the corner of the first voxel, in nm.
 *
 * @param folders - Folders of the levels, with a trailing slash.
 */
export function n5Metadata(
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  fills: Readonly<Record<string, number>>,
  { chunkShape, compression, path, multiScale }: N5Layout,
  folders: readonly string[],
): readonly DatasetFile[] {
  const place: Attributes = {
    axes: turned(info.projectAxes),
    units: ["nm", "nm", "nm"],
    resolution: turned(info.resolution),
    offset: turned(info.position),
    pixelResolution: { unit: "nm", dimensions: turned(info.resolution) },
  };
  const description: Attributes = { "catmaid-image": datasetDescription(info, fills) };
  const files = new Map<string, Attributes>();
  const add = (folder: string, attributes: Attributes): void => {
    files.set(folder, { ...files.get(folder), ...attributes });
  };
  add("", { n5: version });
  if (multiScale) {
    const scales = levels.map(({ factor }) => turned(factor));
    add(path === "" ? "" : `${path}/`, {
      multiScale: true,
      ...place,
      scales,
      ...description,
    });
  }
  levels.forEach(({ shape, factor }, level) => {
    add(folders[level] ?? "", {
      dimensions: turned(shape),
      blockSize: turned(chunkShape),
      dataType: info.dataType,
      compression: compressionOf(compression, info.dataType),
      downsamplingFactors: turned(factor),
      ...place,
      ...(multiScale ? {} : description),
    });
  });
  // The container's attributes come last: without them, no reader opens an unfinished dataset.
  return [...files]
    .reverse()
    .map(([folder, attributes]) => ({ path: `${folder}attributes.json`, bytes: jsonBytes(attributes) }));
}

/** Reverses a triple from slowest axis first to fastest axis first. */
function turned<T>(values: readonly [T, T, T]): [T, T, T] {
  return [values[2], values[1], values[0]];
}

function compressionOf({ kind, level }: NamedCompression, dataType: DataType): Json {
  switch (kind) {
    case "none":
      return { type: "raw" };
    case "gzip":
    case "zlib":
      return { type: "gzip", level, useZlib: kind === "zlib" };
    case "zstd":
      return { type: "zstd", level };
    case "blosc":
      return {
        type: "blosc",
        cname: "zstd",
        clevel: level,
        shuffle: bytesPerVoxel(dataType) === 1 ? 0 : 1,
        blocksize: 0,
        nthreads: 1,
      };
  }
}
