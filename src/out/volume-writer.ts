import type { Axis, Orientation3D, Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import type { DataType, Voxels } from "../space/data-type.js";
import type { WriterTools } from "./pack.js";

/** A box of the output volume, in voxels, in output axis order, relative to the volume's first element. */
export interface VolumeBox {
  /** First voxel of the box, per axis. */
  readonly lower: Triple;
  /** One past the last voxel of the box, per axis. */
  readonly upper: Triple;
}

/** A dense block of voxels in C order of the output axes. It belongs to the fetcher: copy what must outlive `write`. */
export interface VolumeBlock<D extends DataType = DataType> {
  /** The voxels, `shape[0] * shape[1] * shape[2]` of them. */
  readonly data: Voxels<D>;
  /** Extent per axis, in output axis order. */
  readonly shape: Triple;
  /** Why some of the voxels hold the fill value: the causes that the report has for them, each once. Absent where none does. */
  readonly filled?: readonly string[];
}

/** What a writer has to know of the volume that comes. Triples are in output axis order. */
export interface VolumeInfo {
  /** Extent per axis, in voxels. */
  readonly shape: Triple;
  /** What a voxel is. */
  readonly dataType: DataType;
  /** The axes of the stack that the axes of the volume are, slowest first. */
  readonly orientation: Orientation3D;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  /** The axes of project space that the axes of the volume run along: for XZ and ZY stacks two have other names there. */
  readonly projectAxes: readonly [Axis, Axis, Axis];
  /** Where the volume begins along the {@link VolumeInfo.projectAxes}, in nm: the corner of its first voxel, not the centre. */
  readonly position: Triple;
  /** The first voxel, in voxels of the zoom level. */
  readonly origin: Triple;
  /** Zoom level of the voxels. */
  readonly zoomLevel: number;
  /** Value of the voxels that there are none for; a bigint where voxels are. */
  readonly fillValue: number | bigint;
  /** Whether voxels are names of objects, which are never mixed. */
  readonly isLabels: boolean;
  /** The stack. */
  readonly stack: { readonly id: number | string | null; readonly title: string };
  /** The mirror that is asked first. */
  readonly mirror: { readonly position: number; readonly title: string };
}

/** What a writer is told of a fetch that is complete: what of `FetchReport` is plain data. */
export interface VolumeReport {
  /** Numbers of blocks. */
  readonly blocks: {
    readonly planned: number;
    readonly fetched: number;
    readonly cached: number;
    readonly filled: number;
    readonly empty: number;
  };
  /** The blocks that were filled, and why. */
  readonly filled: readonly { readonly block: BlockIndex; readonly cause: string; readonly url?: string }[];
  /** The broken sections that were replaced, and by which. */
  readonly replaced: readonly { readonly section: number; readonly sources: readonly number[] }[];
  /** Voxels beyond the stack. */
  readonly outside: number;
}

/**
 * A sink for a volume, given as `out`. The fetcher calls `begin`, then `write` until every voxel that `has` does not
 * claim was written once, then `flush`; or, where anything fails, no other of them but `abort`. It waits for what they
 * return: a slow writer slows the fetch down instead of filling the memory. What one of them throws ends the fetch, which
 * rejects with it.
 */
export interface VolumeWriter<D extends DataType = DataType> {
  /** The shape that the writer expects, in output axis order; another one is refused before the first request. */
  readonly shape?: ArrayLike<number>;
  /**
   * Where given, `write` gets whole chunks of this shape, aligned to the volume's first element (clipped at its end).
   * Default: boxes of any shape, which make long runs of the volume in C order.
   */
  readonly chunkShape?: ArrayLike<number>;
  /** Most calls of `write` that may be under way at a time. Default: 1. */
  readonly concurrency?: number;
  /** Called once, before the first request. `tools` serve until `flush` has ended. */
  begin?(info: VolumeInfo, tools: WriterTools): void | Promise<void>;
  /** Whether the writer has a chunk already. Nothing is fetched for it alone then, and it is not written. */
  has?(box: VolumeBox): boolean | Promise<boolean>;
  /** Takes one block; in no particular order. */
  write(box: VolumeBox, block: VolumeBlock<D>): void | Promise<void>;
  /** Called once after the last `write` has ended. One that takes long looks at the signal of its {@link WriterTools}. */
  flush?(report: VolumeReport): void | Promise<void>;
  /**
   * Called once when the fetch fails or is aborted, or `flush` fails, as soon as no call is under way any more, with
   * what it rejects with; what `abort` itself throws is not told to anybody. A fetch that is aborted does not wait for it.
   */
  abort?(reason: unknown): void | Promise<void>;
}
