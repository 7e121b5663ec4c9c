import { encodeCompressedSegmentation } from "../../workers/encode/encode-compressed-segmentation.js";
import type { Triple } from "../space/axis-order.js";
import {
  blockAt,
  blockSize,
  drawSampleBlock,
  map3,
  type SampleBlock,
  type SampleLevel,
  sampleLevels,
} from "./sample-block.js";
import { blockFile, jsonFile, type SampleFile } from "./sample-file.js";
import { blocksOfShard, sampleShard, shardingOf } from "./sample-shard.js";
import type { SampleStack } from "./sample-stack.js";

/** Extent of the blocks that labels are compressed in: x, y, z. */
const labelBlockSize: Triple = [8, 8, 8];

/**
 * The file at a path of a stack's precomputed volume: `info`, a chunk of a scale or, if the volume is sharded, a shard.
 * Grey values are raw, labels are `compressed_segmentation`. The volume lies where the stack does in project space,
 * rounded down to voxels of the scale.
 */
export function samplePrecomputedFile(
  stack: SampleStack,
  isSharded: boolean,
  path: string,
): SampleFile | undefined {
  const levels = sampleLevels(stack);
  const isLabels = stack.shows === "labels";
  if (path === "info") {
    return jsonFile({
      "@type": "neuroglancer_multiscale_volume",
      type: isLabels ? "segmentation" : "image",
      data_type: isLabels ? "uint64" : "uint8",
      num_channels: 1,
      scales: levels.map((level) => ({
        key: keyOf(level),
        size: level.size,
        resolution: level.resolution,
        voxel_offset: voxelOffset(stack, level),
        chunk_sizes: [blockSize],
        encoding: isLabels ? "compressed_segmentation" : "raw",
        ...(isLabels ? { compressed_segmentation_block_size: labelBlockSize } : {}),
        ...(isSharded ? { sharding: shardingOf(level, isLabels) } : {}),
      })),
    });
  }
  const [, key, name = ""] = /^([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const level = levels.find((level) => keyOf(level) === key);
  if (level === undefined) return undefined;
  if (!isSharded) {
    const block = blockNamed(name, level, voxelOffset(stack, level));
    return block && blockFile(() => encodedChunk(stack, level, block));
  }
  const blocks = blocksOfShard(level, name);
  return (
    blocks && blockFile(() => sampleShard(blocks, isLabels, (block) => encodedChunk(stack, level, block)))
  );
}

function keyOf({ resolution }: SampleLevel): string {
  return resolution.join("_");
}

function voxelOffset({ translation: { x, y, z } }: SampleStack, { resolution }: SampleLevel): Triple {
  return map3([x, y, z], (nm, axis) => Math.floor(nm / resolution[axis]));
}

/** The block whose chunk has this name: `first-end` along x, y and z, in voxels of the volume. */
function blockNamed(name: string, level: SampleLevel, offset: Triple): SampleBlock | undefined {
  const [x = -1, y = -1, z = -1] = name.split("_").map((range) => Number.parseInt(range, 10));
  const block = blockAt(
    level,
    map3([x, y, z], (first, axis) => (first - offset[axis]) / blockSize[axis]),
  );
  const ranges = [x, y, z].map((first, axis) => `${first}-${first + (block?.extent[axis] ?? 0)}`);
  return name === ranges.join("_") ? block : undefined;
}

function encodedChunk(stack: SampleStack, level: SampleLevel, block: SampleBlock): Uint8Array {
  const voxels = drawSampleBlock(stack, level, block);
  if (voxels instanceof Uint8Array) return voxels;
  return encodeCompressedSegmentation(voxels, block.extent, labelBlockSize);
}
