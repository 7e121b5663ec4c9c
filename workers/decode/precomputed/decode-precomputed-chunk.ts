/**
 * Decodes chunks of a precomputed volume (https://github.com/google/neuroglancer): little-endian, the volume's x
 * fastest.
 */

import { DecodeFailure } from "../../../src/errors.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { bytesPerVoxel, type Voxels } from "../../../src/space/data-type.js";
import type { PrecomputedCodec } from "../../protocol.js";
import { reorderAxes } from "../axes/reorder-axes.js";
import { decodeTile } from "../decode-tile.js";
import type { DecodedBlock } from "../decoded-block.js";
import { foreignContent } from "../foreign-bytes.js";
import { unpackGzip } from "../unpack/gzip.js";
import { voxelsOfBytes } from "../voxels-of-bytes.js";
import { decodeCompressedSegmentation } from "./compressed-segmentation.js";

/**
 * Decodes the wanted channel of a chunk into a buffer of its own. `shape` is the chunk's extent along z, y, x of the
 * stack. Throws a `DecodeFailure` if the bytes are not such a chunk. Raw voxels and compressed_segmentation have no
 * checksum, so damage that keeps their length and valid offsets is not detected.
 */
export function decodePrecomputedChunk(
  body: Uint8Array,
  codec: PrecomputedCodec,
  shape: Triple,
): DecodedBlock {
  const { channels, channel, gzip, axes } = codec;
  if (!(channel < channels))
    throw new DecodeFailure("unsupported-image", `it has ${channels} channels and no channel ${channel}`);
  const extent = extentOf(codec, shape);
  const bytes = gzip
    ? unpackGzip(body, 0, Math.min(mostBytes(codec, extent), mostInflation * body.length))
    : body;
  const { data, decoder } = decodeChannel(bytes, codec, extent);
  return {
    data: reorderAxes(data, extent, axes),
    shape,
    decoder: `precomputed-${gzip ? "gzip-" : ""}${decoder}`,
  };
}

/** Decodes the wanted channel, x of the volume fastest. */
function decodeChannel(
  bytes: Uint8Array,
  codec: PrecomputedCodec,
  extent: Triple,
): Pick<DecodedBlock, "data" | "decoder"> {
  const { encoding, dataType } = codec;
  if (encoding.kind === "raw") return { data: rawVoxels(bytes, codec, volumeOf(extent)), decoder: "raw" };
  if (encoding.kind === "compressed_segmentation") {
    if (dataType !== "uint32" && dataType !== "uint64") throw holdsNo(codec);
    const layout = { ...codec, dataType, extent, blockSize: encoding.blockSize };
    return { data: decodeCompressedSegmentation(bytes, layout), decoder: encoding.kind };
  }
  if (dataType !== "uint8" && (dataType !== "uint16" || encoding.kind === "jpeg")) throw holdsNo(codec);
  const { channels } = codec;
  // Images call the second of two channels alpha.
  const channel = channels === 2 && codec.channel === 1 ? 3 : codec.channel;
  return decodeTile(bytes, { area: volumeOf(extent) }, { dataType, channel, channels });
}

function rawVoxels(
  bytes: Uint8Array,
  { dataType, channels, channel }: PrecomputedCodec,
  count: number,
): Voxels {
  const size = bytesPerVoxel(dataType) * count;
  if (bytes.length !== channels * size) {
    throw (
      foreignContent(bytes) ??
      new DecodeFailure(
        "wrong-size",
        `the chunk has ${bytes.length} bytes where ${count} voxels of ${channels} × ${dataType} take ${channels * size}`,
      )
    );
  }
  // Not `slice`, which makes no copy of a Node buffer.
  return voxelsOfBytes(dataType, new Uint8Array(bytes.subarray(channel * size, (channel + 1) * size)));
}

function holdsNo({ encoding, dataType }: PrecomputedCodec): DecodeFailure {
  return new DecodeFailure("unsupported-image", `a chunk in ${encoding.kind} holds no voxels of ${dataType}`);
}

/** Extent along x, y, z of the volume. */
function extentOf({ axes }: PrecomputedCodec, shape: Triple): Triple {
  const along = (axis: number): number => shape[axes.indexOf(axis)] ?? 1;
  return [along(0), along(1), along(2)];
}

/** Deflate makes at most 258 bytes from two bits. */
const mostInflation = 1032;

/** The most bytes that a chunk may unpack to. The exact length is known in advance only for raw chunks. */
function mostBytes({ encoding, dataType, channels }: PrecomputedCodec, extent: Triple): number {
  const voxelBytes = bytesPerVoxel(dataType);
  const bytes = channels * volumeOf(extent) * voxelBytes;
  if (encoding.kind === "raw") return bytes;
  // Noise may take more bytes as an image than it takes raw, and images have headers.
  if (encoding.kind !== "compressed_segmentation") return 2 * bytes + 2 ** 20;
  const { blockSize } = encoding;
  const [x, y, z] = extent.map((side, axis) => Math.ceil(side / (blockSize[axis] as number))) as [
    number,
    number,
    number,
  ];
  // The values, a header for each block, and at most 32 bits for each voxel of a block.
  return bytes + channels * (4 + x * y * z * (8 + 4 * volumeOf(blockSize)));
}

function volumeOf([x, y, z]: Triple): number {
  return x * y * z;
}
