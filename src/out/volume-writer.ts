import type { Triple } from "../space/axis-order.js";
import type { DataType, VoxelsOf } from "../space/data-type.js";

/** A box of the output volume, in voxels, in output axis order, relative to the volume's first element. */
export interface VolumeBox {
  /** First voxel of the box, per axis. */
  readonly lower: Triple;
  /** One past the last voxel of the box, per axis. */
  readonly upper: Triple;
}

/** A dense block of voxels in C order of the output axes. It belongs to the fetcher: copy what must outlive `write`. */
export interface VolumeBlock {
  /** The voxels, `shape[0] * shape[1] * shape[2]` of them. */
  readonly data: VoxelsOf<DataType>;
  /** Extent per axis, in output axis order. */
  readonly shape: Triple;
}

/**
 * A sink for a volume, given as `out`. Every voxel of the volume is written exactly once. The fetcher waits for
 * the promises that `write` returns, so a slow writer slows the fetch down instead of filling the memory.
 */
export interface VolumeWriter {
  /** The shape that the writer expects, in output axis order; another one is refused before the first request. */
  readonly shape?: ArrayLike<number>;
  /** Where given, `write` gets whole chunks of this shape, aligned to the volume's first element (clipped at its end), one at a time. */
  readonly chunkShape?: ArrayLike<number>;
  /** Takes one block. */
  write(box: VolumeBox, block: VolumeBlock): void | Promise<void>;
  /** Called once after the last block. */
  flush?(): void | Promise<void>;
}
