import type { Axis, Orientation3D, Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import type { DataType, Voxels } from "../space/data-type.js";
import type { WriterTools } from "./packing/pack.js";

/** A box of the output volume, in voxels, in output axis order, relative to the volume's first element. */
export interface VolumeBox {
  /** First voxel of the box, per axis. */
  readonly lower: Triple;
  /** One past the last voxel of the box, per axis. */
  readonly upper: Triple;
}

/** A dense block of voxels in C order of the output axes. It belongs to the fetcher: copy what you need after `write`. */
export interface VolumeBlock<D extends DataType = DataType> {
  /** The voxels, `shape[0] * shape[1] * shape[2]` of them. */
  readonly data: Voxels<D>;
  /** Extent per axis, in output axis order. */
  readonly shape: Triple;
  /** Why some voxels hold the fill value: the causes in the fetch's report, each once. Absent if no voxel is filled. */
  readonly filled?: readonly string[];
}

/** What `begin` tells a writer about the volume. Triples are in output axis order. */
export interface VolumeInfo {
  /** Extent per axis, in voxels. */
  readonly shape: Triple;
  /** Data type of the voxels. */
  readonly dataType: DataType;
  /** The stack's axes in the order of the volume's axes, slowest first. */
  readonly orientation: Orientation3D;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  /** The axes of project space that the volume's axes run along. In XZ and ZY stacks, two of them differ from the stack's. */
  readonly projectAxes: readonly [Axis, Axis, Axis];
  /** Position of the volume along the {@link VolumeInfo.projectAxes}, in nm: the corner of its first voxel, not the centre. */
  readonly position: Triple;
  /** Stack coordinates of the first voxel, in voxels of the zoom level. */
  readonly origin: Triple;
  /** Zoom level of the voxels. */
  readonly zoomLevel: number;
  /** Value of voxels for which there are no data; a bigint if voxels are 64-bit integers. */
  readonly fillValue: number | bigint;
  /** Whether voxels are labels of objects, whose values must never be averaged. */
  readonly isLabels: boolean;
  /** The channel of the voxels. Absent: grey, or the only channel that the blocks have. */
  readonly channel?: "grey" | number | undefined;
  /** How broken sections are handled. Default: `"fill"`. */
  readonly brokenSliceHandling?: "fill" | "throw" | "above" | "below" | "closest" | "interpolate" | undefined;
  /** The stack. */
  readonly stack: { readonly id: number | string | null; readonly title: string };
  /** The mirror that is asked first. */
  readonly mirror: { readonly position: number; readonly title: string };
}

/** What `flush` tells a writer about the completed fetch: the part of `FetchReport` that is plain data. */
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
  /** The broken sections that were replaced, and the sections that replaced them. */
  readonly replaced: readonly { readonly section: number; readonly sources: readonly number[] }[];
  /** Number of voxels outside the stack. */
  readonly outside: number;
}

/**
 * A sink for a volume, given as `out`. The fetcher calls `begin`, then `write` until every voxel is written once (except
 * chunks for which `has` returns `true`), then `flush`. If anything fails, it calls `abort` and nothing else. The fetcher
 * awaits each call, so a slow writer slows the fetch down instead of filling the memory. If a call throws, the fetch
 * rejects with that error.
 */
export interface VolumeWriter<D extends DataType = DataType> {
  /** The shape that the writer expects, in output axis order. A volume of another shape is refused before the first request. */
  readonly shape?: ArrayLike<number>;
  /**
   * Shape of the chunks that `write` gets, aligned to the volume's first element and clipped at its end. Default: `write`
   * gets boxes of any shape, chosen to be long runs of the volume in C order.
   */
  readonly chunkShape?: ArrayLike<number>;
  /** Most calls of `write` that may be under way at a time. Default: 1. */
  readonly concurrency?: number;
  /** Called once, before the first request. The writer may use `tools` until `flush` has ended. */
  begin?(info: VolumeInfo, tools: WriterTools): void | Promise<void>;
  /** Whether the writer has a chunk already. The fetcher then skips the chunk and the blocks that only it needs. */
  has?(box: VolumeBox): boolean | Promise<boolean>;
  /** Takes one block. Blocks come in no particular order. */
  write(box: VolumeBox, block: VolumeBlock<D>): void | Promise<void>;
  /** Called once after the last `write` has ended. If it takes long, it should watch the signal of its {@link WriterTools}. */
  flush?(report: VolumeReport): void | Promise<void>;
  /**
   * Called once if the fetch or `flush` fails, or the fetch is aborted, as soon as no other call is under way. `reason` is
   * what the fetch rejects with. Errors of `abort` itself are ignored. An aborted fetch does not wait for this call.
   */
  abort?(reason: unknown): void | Promise<void>;
}
