import { voxelsOfBytes } from "../../../workers/decode/voxels-of-bytes.js";
import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import { copyBox } from "../chunked/copy-box.js";
import type { SpareMemory } from "../chunked/spare-memory.js";
import { extentOf, unitBox, unitsOf } from "../chunked/unit-grid.js";
import { cutBlock, newBlock } from "../chunked/volume-block.js";
import type { Pack } from "../packing/pack.js";
import { voxelsIn } from "../volume-shape.js";
import type { VolumeBlock, VolumeBox } from "../volume-writer.js";
import { joinChunks, shardOf, splitShard, writeIndex } from "./shard-file.js";
import type { ZarrArray } from "./zarr-array.js";
import { decodeChunk, encodeChunk } from "./zarr-chunk.js";

/** Chunks of a shard that are packed at a time: enough to keep the workers busy, without taking much memory. */
const chunksAtATime = 8;

/**
 * The bytes of a shard. They do not include chunks beyond the end of the array.
 *
 * @param memory - Where the memory for the bytes is taken from.
 */
export async function encodeShard(
  array: ZarrArray,
  shardShape: Triple,
  block: VolumeBlock,
  pack: Pack,
  memory: SpareMemory,
): Promise<Bytes> {
  const boxes = chunkBoxes(array.chunkShape, shardShape, block.shape);
  if (array.compression.kind === "none") return rawShard(array, boxes, block, memory);
  const chunks: (Bytes | undefined)[] = [];
  while (chunks.length < boxes.length) {
    const next = boxes.slice(chunks.length, chunks.length + chunksAtATime);
    const packed = next.map(
      (box) => box && encodeChunk(array, cutBlock(block, box.lower, extentOf(box)), pack),
    );
    chunks.push(...(await Promise.all(packed)));
  }
  return joinChunks(chunks, memory);
}

/** Encodes a shard without compression, which needs only one copy of each voxel. */
function rawShard(
  { chunkShape, dataType, fillValue }: ZarrArray,
  boxes: readonly (VolumeBox | undefined)[],
  block: VolumeBlock,
  memory: SpareMemory,
): Bytes {
  const voxels = voxelsIn(chunkShape);
  const lengths = boxes.map((box) => box && voxels * bytesPerVoxel(dataType));
  const file = shardOf(lengths, memory);
  // The voxels may have any type; the cast only satisfies the compiler.
  const data = voxelsOfBytes(dataType, file) as Bytes;
  let at = 0;
  for (const box of boxes) {
    if (box === undefined) continue;
    const chunk = { data: data.subarray(at, at + voxels), shape: chunkShape };
    if (extentOf(box).some((extent, axis) => extent < (chunkShape[axis] as number)))
      chunk.data.fill(fillValue as number);
    copyBox(block, [0, 0, 0], chunk, box.lower, box);
    at += voxels;
  }
  writeIndex(file, lengths);
  return file;
}

/** The first voxels of a shard, up to `extent`: those within the array. Throws a `DecodeFailure` if the shard is damaged. */
export async function decodeShard(
  array: ZarrArray,
  shardShape: Triple,
  file: Bytes,
  extent: Triple,
): Promise<VolumeBlock> {
  const boxes = chunkBoxes(array.chunkShape, shardShape, extent);
  const chunks = splitShard(file, boxes.length);
  const block = newBlock(array.dataType, extent, array.fillValue);
  for (const [index, box] of boxes.entries()) {
    const bytes = chunks[index];
    if (box === undefined || bytes === undefined) continue;
    const chunk = await decodeChunk(array, bytes, extentOf(box));
    copyBox(chunk, box.lower, block, [0, 0, 0], box);
  }
  return block;
}

/** The boxes of a shard's chunks in C order, clipped to `extent`; `undefined` for chunks outside of it. */
function chunkBoxes(
  chunkShape: Triple,
  shardShape: Triple,
  extent: Triple,
): readonly (VolumeBox | undefined)[] {
  return Array.from(unitsOf({ shape: shardShape, unitShape: chunkShape }), (at) => {
    const box = unitBox({ shape: extent, unitShape: chunkShape }, at);
    return extentOf(box).every((length) => length > 0) ? box : undefined;
  });
}
