import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { DataType } from "../../space/data-type.js";
import { perAxis } from "../../space/per-axis.js";
import type { ChunkedDataset, DatasetLevel, LevelInfo } from "../chunked/chunk-format.js";
import { datasetDescription } from "../dataset-description.js";
import { type Json, jsonBytes } from "../json-file.js";
import { outCompression } from "../packing/compression-option.js";
import type { VolumeInfo } from "../volume-writer.js";
import { ChunkCoder, type ChunkEncoding } from "./chunk-coder.js";
import { ChunkFiles } from "./chunk-files.js";
import type { PrecomputedLayout } from "./precomputed-layout.js";
import { type ScaleLayout, scaleLayout } from "./scale-layout.js";
import { ShardFiles } from "./shard-files.js";
import { ShardGrid } from "./shard-grid.js";

/** The data types of the format. */
const dataTypes: readonly DataType[] = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "uint64",
  "float32",
];

/** Extent of the blocks that labels are compressed in. */
const labelBlockSize: Triple = [8, 8, 8];

/** A level: its place, its files, and its `sharding` in the `info` file. */
interface LaidOutLevel {
  readonly scale: ScaleLayout;
  readonly files: DatasetLevel;
  readonly sharding: Json | undefined;
}

/** Lays a volume out. Throws an `InvalidOutError` if a precomputed volume cannot hold it. */
export function precomputedDataset(
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  layout: PrecomputedLayout,
): ChunkedDataset {
  const { dataType, isLabels, projectAxes } = info;
  if (!dataTypes.includes(dataType)) {
    throw new InvalidOutError(
      `precomputed has no voxels of ${dataType}, only of ${dataTypes.join(", ")}: take OME-Zarr or N5`,
    );
  }
  const encoding = encodingOf(info, layout.encoding);
  const compression = outCompression(layout.compression, dataType);
  const coder = new ChunkCoder(dataType, projectAxes, encoding, compression);
  const laidOut = levels.map((level, number): LaidOutLevel => {
    const scale = scaleLayout(number, level, projectAxes, layout.chunkShape, layout.offset);
    return layOutLevel(level.shape, scale, coder, layout, dataType);
  });
  return {
    levels: laidOut.map(({ files }) => files),
    metadata: (fills) => {
      const json = {
        "@type": "neuroglancer_multiscale_volume",
        type: isLabels ? "segmentation" : "image",
        data_type: dataType,
        num_channels: 1,
        scales: laidOut.map((level) => scaleJson(level, encoding)),
        "catmaid-image": datasetDescription(info, fills),
      };
      return [{ path: "info", bytes: jsonBytes(json) }];
    },
  };
}

function layOutLevel(
  shape: Triple,
  scale: ScaleLayout,
  coder: ChunkCoder,
  { chunkShape, shardShape, compression }: PrecomputedLayout,
  dataType: DataType,
): LaidOutLevel {
  const isPacked = compression.kind === "gzip";
  if (shardShape === undefined) {
    const files = new ChunkFiles(shape, chunkShape, scale, coder, isPacked ? ".gz" : "");
    return { scale, files, sharding: undefined };
  }
  const chunksPerShard = perAxis((axis) => shardShape[axis] / chunkShape[axis]);
  const grid = new ShardGrid(scale.chunks, scale.toXyz(chunksPerShard));
  const files = new ShardFiles({ shape, chunkShape, shardShape, dataType }, scale, grid, coder);
  return { scale, files, sharding: grid.sharding(isPacked) };
}

function encodingOf(
  { dataType, isLabels }: VolumeInfo,
  asked: ChunkEncoding["kind"] | undefined,
): ChunkEncoding {
  const fits = dataType === "uint32" || dataType === "uint64";
  const kind = asked ?? (isLabels && fits ? "compressed_segmentation" : "raw");
  if (kind === "raw") return { kind };
  if (fits) return { kind, blockSize: labelBlockSize };
  throw new InvalidOutError(
    `compressed_segmentation has uint32 or uint64 voxels only, not ${dataType}: take encoding: "raw"`,
  );
}

function scaleJson({ scale, sharding }: LaidOutLevel, encoding: ChunkEncoding): Json {
  const { key, size, resolution, offset, chunkSize } = scale;
  return {
    key,
    size,
    resolution,
    voxel_offset: offset,
    chunk_sizes: [chunkSize],
    encoding: encoding.kind,
    compressed_segmentation_block_size: encoding.kind === "raw" ? undefined : encoding.blockSize,
    sharding,
  };
}
