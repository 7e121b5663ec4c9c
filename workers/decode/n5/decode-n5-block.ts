/** Decodes blocks of an N5 dataset (https://github.com/saalfeldlab/n5): a header, and packed big-endian samples. */

import { DecodeFailure } from "../../../src/errors.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { bytesPerVoxel } from "../../../src/space/data-type.js";
import type { N5Codec } from "../../protocol.js";
import { swapBytes } from "../../swap-bytes.js";
import { reorderAxes } from "../axes/reorder-axes.js";
import type { DecodedBlock } from "../decoded-block.js";
import { bloscCodecOf } from "../unpack/blosc-header.js";
import { unpack } from "../unpack/unpack.js";
import { voxelsOfBytes } from "../voxels-of-bytes.js";
import { readN5Header } from "./n5-header.js";

/**
 * Decodes the file of a block, whose header gives its shape. Call `loadUnpacker` first.
 *
 * @param most - The largest allowed shape: z, y, x.
 */
export function decodeN5Block(
  file: Uint8Array,
  { dataType, compression, axes, rank }: N5Codec,
  most: Triple,
): DecodedBlock {
  const { size, end } = readN5Header(file, rank);
  requireSize(size, axes, most);
  const shape = axes.map((axis) => size[axis]) as unknown as Triple;
  const voxelBytes = bytesPerVoxel(dataType);
  const packed = file.subarray(end);
  const bytes = unpack(compression, packed, shape[0] * shape[1] * shape[2] * voxelBytes);
  swapBytes(bytes, voxelBytes);
  // All other axes have length 1, so the file is laid out as if it had only these three.
  const inFile = [...axes].sort((a, b) => a - b);
  const extent = inFile.map((axis) => size[axis]) as unknown as Triple;
  const order = axes.map((axis) => inFile.indexOf(axis)) as unknown as Triple;
  const voxels = voxelsOfBytes(dataType, bytes);
  return { data: reorderAxes(voxels, extent, order), shape, decoder: decoderName(compression, packed) };
}

function requireSize(size: readonly number[], axes: Triple, most: Triple): void {
  const limits = size.map((_, axis) => most[axes.indexOf(axis)] ?? 1);
  if (size.every((extent, axis) => extent <= (limits[axis] as number))) return;
  throw new DecodeFailure(
    "wrong-size",
    `its N5 header tells ${size.join(" × ")} voxels, more than the ${limits.join(" × ")} that a block may have`,
  );
}

function decoderName(compression: N5Codec["compression"], packed: Uint8Array): string {
  return compression === "blosc" ? `n5-blosc-${bloscCodecOf(packed)}` : `n5-${compression}`;
}
