import { DecodeFailure } from "../../../src/errors.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { bytesPerVoxel, createVoxels, type Voxels } from "../../../src/space/data-type.js";
import type { PrecomputedCodec } from "../../protocol.js";
import { decodeTile } from "../decode-tile.js";
import type { DecodedBlock } from "../decoded-block.js";
import { foreignContent } from "../foreign-bytes.js";
import { reorderAxes } from "../reorder-axes.js";
import { unpackGzip } from "../unpack/gzip.js";
import { decodeCompressedSegmentation } from "./compressed-segmentation.js";

/**
 * Decodes a chunk of a precomputed volume to the wanted channel, in a buffer of its own. `shape` is the chunk's extent
 * along z, y, x of the stack. Throws a `DecodeFailure` where the bytes are no such chunk. Raw voxels and
 * compressed_segmentation have no checksum: damage that leaves their length and their offsets possible is not seen.
 */
export function decodePrecomputedChunk(
  body: Uint8Array,
  codec: PrecomputedCodec,
  shape: Triple,
): DecodedBlock {
  if (codec.channel >= codec.channels)
    throw new DecodeFailure(
      "unsupported-image",
      `it has ${codec.channels} channels, and none ${codec.channel}`,
    );
  if (!codec.gzip) return decodeChunk(body, codec, shape);
  const bytes = unpackGzip(body, 0, mostBytes(codec, extentOf(codec, shape)));
  const { decoder, ...block } = decodeChunk(bytes, codec, shape);
  return { ...block, decoder: decoder.replace("-", "-gzip-") };
}

function decodeChunk(bytes: Uint8Array, codec: PrecomputedCodec, shape: Triple): DecodedBlock {
  const extent = extentOf(codec, shape);
  const { data, decoder } = decodeChannel(bytes, codec, extent);
  return { data: reorderAxes(data, extent, codec.axes), shape, decoder: `precomputed-${decoder}` };
}

/** The wanted channel, x of the volume fastest. */
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
  // The second channel of two is what images call alpha.
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
  const voxels = createVoxels(dataType, count);
  new Uint8Array(voxels.buffer).set(bytes.subarray(channel * size, (channel + 1) * size));
  return voxels;
}

function holdsNo({ encoding, dataType }: PrecomputedCodec): DecodeFailure {
  return new DecodeFailure("unsupported-image", `a chunk in ${encoding.kind} holds no voxels of ${dataType}`);
}

/** Extent along x, y, z of the volume. */
function extentOf({ axes }: PrecomputedCodec, shape: Triple): Triple {
  const along = (axis: number): number => shape[axes.indexOf(axis)] ?? 1;
  return [along(0), along(1), along(2)];
}

/** More than this a chunk never has: of images and segmentations the length is not known beforehand. */
function mostBytes({ encoding, dataType, channels }: PrecomputedCodec, extent: Triple): number {
  if (encoding.kind === "raw") return channels * bytesPerVoxel(dataType) * volumeOf(extent);
  const [width, height, depth] = encoding.kind === "compressed_segmentation" ? encoding.blockSize : [1, 1, 1];
  const [x, y, z] = extent;
  const blocks = Math.ceil(x / width) * Math.ceil(y / height) * Math.ceil(z / depth);
  return 2 ** 20 + 16 * channels * blocks * width * height * depth;
}

function volumeOf([x, y, z]: Triple): number {
  return x * y * z;
}
