import { InvalidOptionError } from "../../errors.js";
import { oneOf, refuseUnknown } from "../../options/check-option.js";
import type { Triple } from "../../space/axis-order.js";
import type { ChunkFormat } from "../chunked/chunk-format.js";
import { type CompressionOption, outCompression, readCompression } from "../packing/compression-option.js";
import { volumeShape } from "../volume-shape.js";
import { precomputedDataset } from "./precomputed-dataset.js";
import type { PrecomputedLayout } from "./precomputed-layout.js";

/** How a precomputed volume is laid out. */
export interface PrecomputedOptions {
  /** Extent of a chunk in voxels, in output axis order. Default: 64 along each axis. */
  readonly chunkShape?: ArrayLike<number> | undefined;
  /**
   * Extent of a shard in voxels, in output axis order. The number of chunks along an axis must be a power of two. It must be
   * the same along all axes, or twice as large along x, or along x and y, as along the others. A shard is held in memory
   * until it is written. Default: no shards; each chunk is a file.
   */
  readonly shardShape?: ArrayLike<number> | undefined;
  /**
   * How chunks are packed: `"none"` or `"gzip"`. Files of chunks that are packed with gzip are named `….gz`. CloudVolume reads
   * these from a folder; a server must answer requests without `.gz` with them and with `Content-Encoding: gzip` (nginx's
   * `gzip_static`). Default: `"gzip"` in shards, else `"none"`.
   */
  readonly compression?: CompressionOption | undefined;
  /**
   * How voxels are encoded. `"compressed_segmentation"` needs uint32 or uint64 voxels; CATMAID reads only `"raw"`.
   * Default: `"compressed_segmentation"` for labels of these types, else `"raw"`.
   */
  readonly encoding?: "raw" | "compressed_segmentation" | undefined;
  /**
   * In this format each level begins at a whole number of its voxels from the origin of project space. A volume that does
   * not is refused (`"exact"`), or moved by half a voxel at most (`"nearest"`). Default: `"exact"`.
   */
  readonly offset?: "exact" | "nearest" | undefined;
}

const encodings: readonly ["raw", "compressed_segmentation"] = ["raw", "compressed_segmentation"];
const optionNames = new Set(["chunkShape", "shardShape", "compression", "encoding", "offset"]);

/**
 * The format of neuroglancer's precomputed volumes, whose chunks are files or lie in shards. Axes are x, y, z of project
 * space, whatever the axis order of the volume.
 *
 * @throws InvalidOptionError or InvalidOutError for unknown or invalid options.
 */
export function precomputedFormat(options: PrecomputedOptions = {}): ChunkFormat {
  const layout = precomputedLayout(options);
  return {
    name: "precomputed",
    options: { ...layout },
    unitShape: layout.shardShape ?? layout.chunkShape,
    compression: outCompression(layout.compression, "uint8"),
    layOut: (info, levels) => precomputedDataset(info, levels, layout),
  };
}

function precomputedLayout(options: PrecomputedOptions): PrecomputedLayout {
  refuseUnknown(options, optionNames, "precomputed");
  const { shardShape, encoding, offset = "exact" } = options;
  const { compression = shardShape === undefined ? "none" : "gzip" } = options;
  const chunkShape = volumeShape("chunkShape", options.chunkShape ?? [64, 64, 64]);
  return {
    chunkShape,
    shardShape: shardShape && shardOf(volumeShape("shardShape", shardShape), chunkShape),
    compression: readCompression(compression, ["none", "gzip"]),
    encoding: encoding && oneOf("encoding", encoding, encodings),
    offset: oneOf("offset", offset, ["exact", "nearest"]),
  };
}

/** Throws an `InvalidOptionError` unless a shard is a power of two of chunks along each axis. */
function shardOf(shardShape: Triple, chunkShape: Triple): Triple {
  const isPower = (axis: number): boolean =>
    Number.isInteger(Math.log2((shardShape[axis] as number) / (chunkShape[axis] as number)));
  if (shardShape.every((side, axis) => side >= (chunkShape[axis] as number) && isPower(axis)))
    return shardShape;
  throw new InvalidOptionError(
    `shardShape must be 1, 2, 4, 8 … chunks of ${chunkShape.join(" × ")} along each axis, got ${shardShape.join(" × ")}`,
  );
}
