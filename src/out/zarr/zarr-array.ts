import { InvalidOptionError } from "../../errors.js";
import type { Axis, Triple } from "../../space/axis-order.js";
import type { DataType } from "../../space/data-type.js";
import { perAxis } from "../../space/per-axis.js";
import type { NamedCompression } from "../packing/compression-option.js";

/** How voxels are cut into chunks, and chunks are joined into files. Triples are in output axis order. */
export interface ZarrChunks {
  /** Extent of a chunk, in voxels. */
  readonly chunkShape: Triple;
  /** Extent of a shard in voxels, a multiple of the chunk's; `undefined` if each chunk is a file. */
  readonly shardShape: Triple | undefined;
}

export interface ZarrArray extends ZarrChunks {
  /** Extent, in voxels. */
  readonly shape: Triple;
  readonly dataType: DataType;
  readonly fillValue: number | bigint;
  readonly compression: NamedCompression;
  readonly axes: readonly Axis[];
}

/** Throws an {@link InvalidOptionError} unless a shard consists of whole chunks. */
export function checkChunks({ chunkShape, shardShape }: ZarrChunks): void {
  if (shardShape?.every((extent, axis) => extent % (chunkShape[axis] as number) === 0) === false) {
    throw new InvalidOptionError(
      `a shard holds whole chunks: shardShape ${shardShape.join(" × ")} is no multiple of chunkShape ${chunkShape.join(" × ")}`,
    );
  }
}

/**
 * Shrinks chunks and shards along the axes where the array is smaller than one, because Zarr would pad it to a whole chunk.
 * Each file still holds the same part of the volume.
 */
export function fitChunks({ chunkShape, shardShape }: ZarrChunks, shape: Triple): ZarrChunks {
  const fitted = perAxis((axis) => Math.min(chunkShape[axis], shape[axis]));
  const wholeChunks = (axis: 0 | 1 | 2) => Math.ceil(shape[axis] / fitted[axis]) * fitted[axis];
  return {
    chunkShape: fitted,
    shardShape: shardShape && perAxis((axis) => Math.min(shardShape[axis], wholeChunks(axis))),
  };
}
