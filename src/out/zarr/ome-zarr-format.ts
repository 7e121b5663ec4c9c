import { InvalidOptionError } from "../../errors.js";
import { oneOf, refuseUnknown } from "../../options/check-option.js";
import type { Triple } from "../../space/axis-order.js";
import type { ChunkedDataset, ChunkFormat, LevelInfo } from "../chunked/chunk-format.js";
import { datasetDescription } from "../dataset-description.js";
import type { Json } from "../json-file.js";
import {
  type CompressionOption,
  type NamedCompression,
  outCompression,
  readCompression,
} from "../packing/compression-option.js";
import { volumeShape } from "../volume-shape.js";
import type { VolumeInfo } from "../volume-writer.js";
import { imageMetadata, levelPath } from "./ome-metadata.js";
import { checkChunks, fitChunks, type ZarrArray, type ZarrChunks } from "./zarr-array.js";
import { zarrLevel } from "./zarr-level.js";
import { zarrV2 } from "./zarr-v2.js";
import { zarrV3 } from "./zarr-v3.js";
import type { ZarrVersion } from "./zarr-version.js";

/** How a volume becomes an OME-Zarr image. */
export interface OmeZarrOptions {
  /** Version of OME-Zarr: `"0.5"` uses Zarr version 3; `"0.4"` uses Zarr version 2, for older programs. Default: `"0.5"`. */
  readonly version?: "0.4" | "0.5" | undefined;
  /** Extent of a chunk in voxels, in output axis order, slowest first. Default: 64 along each axis. */
  readonly chunkShape?: ArrayLike<number> | undefined;
  /**
   * Extent of a shard in voxels, a multiple of the chunk's. The chunks of a shard share one file, of which readers fetch
   * only the parts that they need. Only in 0.5. Default: each chunk is a file.
   */
  readonly shardShape?: ArrayLike<number> | undefined;
  /** How chunks are packed; `"zlib"` only in 0.4. Default: `"gzip"`. */
  readonly compression?: CompressionOption | undefined;
}

const optionNames = new Set(["version", "chunkShape", "shardShape", "compression"]);
const defaultChunkShape: Triple = [64, 64, 64];

const versions = {
  "0.4": {
    name: "ome-zarr-0.4",
    zarr: zarrV2,
    attributes: (info, levels) => imageMetadata(info, levels, { version: "0.4" }),
  },
  "0.5": {
    name: "ome-zarr",
    zarr: zarrV3,
    attributes: (info, levels) => ({ ome: { version: "0.5", ...imageMetadata(info, levels, {}) } }),
  },
} as const satisfies Readonly<Record<string, OmeZarrVersion>>;

interface OmeZarrVersion {
  /** Name of the format, as on the command line. */
  readonly name: string;
  readonly zarr: ZarrVersion;
  /** The attributes that make the group an image. */
  readonly attributes: (info: VolumeInfo, levels: readonly LevelInfo[]) => { readonly [key: string]: Json };
}

/**
 * The format OME-Zarr, which napari, neuroglancer, Fiji and zarr-python open. Axes have the names of project space, and voxel
 * sizes are in nanometres. As the specification demands, the translation of a level is the centre of its first voxel; the
 * metadata `catmaid-image` have the corner.
 *
 * @throws InvalidOptionError for an unknown version or compression, or a shard that does not consist of whole chunks.
 */
export function omeZarrFormat(options: OmeZarrOptions = {}): ChunkFormat {
  refuseUnknown(options, optionNames, "OME-Zarr");
  const { version = "0.5", compression: wanted = "gzip" } = options;
  const { name, zarr, attributes } = versions[oneOf("version", version, ["0.4", "0.5"])];
  const compression = readCompression(wanted, zarr.compressions);
  const chunks = chunksOf(options, version);
  const unitShape = chunks.shardShape ?? chunks.chunkShape;
  return {
    name,
    options: { ...chunks, compression },
    unitShape,
    compression: outCompression(compression, "uint8"),
    layOut: (info, levels): ChunkedDataset => {
      const arrays = levels.map((level) => arrayOf(info, level, chunks, compression));
      return {
        levels: arrays.map((array, index) =>
          zarrLevel(array, unitShape, (at) => zarr.chunkPath(levelPath(index), at)),
        ),
        metadata: (fills) => [
          ...arrays.map((array, index) => zarr.arrayFile(levelPath(index), array)),
          ...zarr.groupFiles({
            ...attributes(info, levels),
            "catmaid-image": datasetDescription(info, fills),
          }),
        ],
      };
    },
  };
}

function chunksOf({ chunkShape, shardShape }: OmeZarrOptions, version: "0.4" | "0.5"): ZarrChunks {
  if (shardShape !== undefined && version === "0.4")
    throw new InvalidOptionError("OME-Zarr 0.4 has no shards: leave shardShape out, or write version 0.5");
  const chunks = {
    chunkShape: chunkShape === undefined ? defaultChunkShape : volumeShape("chunkShape", chunkShape),
    shardShape: shardShape && volumeShape("shardShape", shardShape),
  };
  checkChunks(chunks);
  return chunks;
}

function arrayOf(
  { dataType, fillValue, projectAxes }: VolumeInfo,
  { shape }: LevelInfo,
  chunks: ZarrChunks,
  compression: NamedCompression,
): ZarrArray {
  return { ...fitChunks(chunks, shape), shape, dataType, fillValue, compression, axes: projectAxes };
}
