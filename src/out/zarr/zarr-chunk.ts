/** Chunks of both versions of Zarr: little-endian voxels in C order, compressed. */

import { loadUnpacker, unpack } from "../../../workers/decode/unpack/unpack.js";
import { voxelsOfBytes } from "../../../workers/decode/voxels-of-bytes.js";
import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import { bytesPerVoxel, createVoxels, type DataType } from "../../space/data-type.js";
import { copyBox } from "../chunked/copy-box.js";
import { cutBlock } from "../chunked/part-of-block.js";
import { littleEndianBytes } from "../little-endian.js";
import { outCompression } from "../packing/compression-option.js";
import type { Pack } from "../packing/pack.js";
import type { VolumeBlock } from "../volume-writer.js";
import type { ZarrArray } from "./zarr-array.js";

const first: Triple = [0, 0, 0];

/** The bytes of a chunk. The fill value pads a chunk that the end of the array clips. */
export async function encodeChunk(
  { chunkShape, dataType, fillValue, compression }: ZarrArray,
  block: VolumeBlock,
  pack: Pack,
): Promise<Bytes> {
  let chunk = block;
  if (block.shape.some((extent, axis) => extent !== chunkShape[axis])) {
    chunk = filledBlock(dataType, chunkShape, fillValue);
    copyBox(block, first, chunk, first, { lower: first, upper: block.shape });
  }
  return pack(littleEndianBytes(chunk.data), outCompression(compression, dataType));
}

/** The first voxels of a chunk, up to `extent`: those within the array. Throws a `DecodeFailure` if the chunk is damaged. */
export async function decodeChunk(
  { chunkShape, dataType, compression: { kind } }: ZarrArray,
  bytes: Bytes,
  extent: Triple,
): Promise<VolumeBlock> {
  const packing = kind === "none" ? "raw" : kind;
  await loadUnpacker(packing);
  const unpacked = unpack(packing, bytes, voxelCount(chunkShape) * bytesPerVoxel(dataType));
  return cutBlock({ data: voxelsOfBytes(dataType, unpacked), shape: chunkShape }, first, extent);
}

/** A block whose voxels all have one value. */
export function filledBlock(dataType: DataType, shape: Triple, value: number | bigint): VolumeBlock {
  const data = createVoxels(dataType, voxelCount(shape));
  // The value is a bigint if the voxels are; the casts only satisfy the compiler.
  (data as Uint8Array).fill(value as number);
  return { data, shape };
}

function voxelCount(shape: Triple): number {
  return shape[0] * shape[1] * shape[2];
}
