/** Chunks of both versions of Zarr: little-endian voxels in C order, compressed. */

import { loadUnpacker, unpack } from "../../../workers/decode/unpack/unpack.js";
import { voxelsOfBytes } from "../../../workers/decode/voxels-of-bytes.js";
import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import { cutBlock, padBlock } from "../chunked/volume-block.js";
import { littleEndianBytes } from "../little-endian.js";
import { outCompression } from "../packing/compression-option.js";
import type { Pack } from "../packing/pack.js";
import { voxelsIn } from "../volume-shape.js";
import type { VolumeBlock } from "../volume-writer.js";
import type { ZarrArray } from "./zarr-array.js";

/** The bytes of a chunk. The fill value pads a chunk that the end of the array clips. */
export async function encodeChunk(
  { chunkShape, dataType, fillValue, compression }: ZarrArray,
  block: VolumeBlock,
  pack: Pack,
): Promise<Bytes> {
  const { data } = padBlock(block, chunkShape, fillValue);
  return pack(littleEndianBytes(data), outCompression(compression, dataType));
}

/** The first voxels of a chunk, up to `extent`: those within the array. Throws a `DecodeFailure` if the chunk is damaged. */
export async function decodeChunk(
  { chunkShape, dataType, compression: { kind } }: ZarrArray,
  bytes: Bytes,
  extent: Triple,
): Promise<VolumeBlock> {
  const packing = kind === "none" ? "raw" : kind;
  await loadUnpacker(packing);
  const unpacked = unpack(packing, bytes, voxelsIn(chunkShape) * bytesPerVoxel(dataType));
  return cutBlock({ data: voxelsOfBytes(dataType, unpacked), shape: chunkShape }, [0, 0, 0], extent);
}
