import type { BlockSource } from "../source/block-source.js";
import type { BlockIndex } from "../space/block.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { TileIndex } from "../stack/mirror/tile-index.js";
import type { FailedOver } from "./failover.js";

/** Why voxels inside the stack hold the fill value. */
export type FillCause =
  /** The server says that there is no such block. */
  | "missing"
  /** The section is declared broken and `brokenSliceHandling` is `"fill"`. */
  | "broken-slice"
  /** The stack has these voxels, this mirror does not (`bounds`, `offset`). */
  | "not-held"
  /** The block ends before the stack does. */
  | "short-tile"
  /** The block could not be had and `onTileError` is `"fill"`. */
  | "failed";

/** A block of a mirror's own array, as reports name it. */
export interface ReportedBlock {
  /** Which block. */
  readonly block: BlockIndex;
  /** The tile that it is, where the mirror is one of tiles. */
  readonly tile?: TileIndex;
}

/** A block whose voxels hold, all or in part, the fill value. */
export interface FilledBlock extends ReportedBlock {
  /** Why. */
  readonly cause: FillCause;
  /** The URL asked, without credentials; absent where none was asked. */
  readonly url?: string;
  /** What went wrong; only with the cause `"failed"`. */
  readonly error?: Error;
}

/** Numbers of blocks. A block counts once for each part of the plan that needs it. */
export interface BlockCounts {
  /** Blocks that the region needs, those of broken slices that are filled included. */
  readonly planned: number;
  /** Blocks that were requested and came. */
  readonly fetched: number;
  /** Blocks that came without a request of their own: from the cache, or with one that another fetch accounts for. */
  readonly cached: number;
  /** Blocks that were filled. */
  readonly filled: number;
}

/** A broken section and what stands in for it. */
export interface ReplacedSection {
  /** The broken section, in scaled voxels along z. */
  readonly section: number;
  /** The sections whose voxels it was given: one, or the two that were interpolated. */
  readonly sources: readonly number[];
}

/** A block that did not come from the mirror that was asked first. */
export interface BlockFromElsewhere extends ReportedBlock {
  /** Where it came from. */
  readonly mirror: StackMirror;
}

/** What a fetch did, and every voxel that it could not get. */
export interface FetchReport {
  /** The mirror that was asked; with `failover`, the one that was asked first. */
  readonly mirror: StackMirror;
  /** The changes of mirror, if any went down. */
  readonly failovers: readonly FailedOver[];
  /** The blocks that came from another mirror than the first. */
  readonly elsewhere: readonly BlockFromElsewhere[];
  /** Numbers of blocks. */
  readonly blocks: BlockCounts;
  /** The same, for mirrors of tiles, where each block is one. */
  readonly tiles: BlockCounts;
  /** The blocks that were filled, and why. */
  readonly filled: readonly FilledBlock[];
  /** The broken sections that were replaced, and by which. */
  readonly replaced: readonly ReplacedSection[];
  /** Attempts beyond the first one of each request. */
  readonly retries: number;
  /** Bytes of the blocks that were received, as they were encoded. */
  readonly bytes: number;
  /** Voxels beyond the stack; they hold the fill value. */
  readonly outside: number;
  /** How many blocks each decoder decoded. */
  readonly decoders: Readonly<Record<string, number>>;
}

/** State of a fetch, given to `onProgress` after each block, with each attempt that is made again, and at the end. */
export interface FetchProgress extends BlockCounts {
  /** Blocks that are done: `fetched + cached + filled`. */
  readonly done: number;
  /** Attempts beyond the first one of each request. */
  readonly retries: number;
  /** Bytes received. */
  readonly bytes: number;
}

/** Collects a {@link FetchReport}. */
export class FetchLog {
  readonly #mirror: StackMirror;
  readonly #failovers: FailedOver[] = [];
  readonly #elsewhere: BlockFromElsewhere[] = [];
  #planned: number;
  #outside: number;
  readonly #replaced: readonly ReplacedSection[];
  readonly #filled: FilledBlock[] = [];
  readonly #decoders = new Map<string, number>();
  readonly #onProgress: ((progress: FetchProgress) => void) | undefined;
  #fetched = 0;
  #cached = 0;
  #retries = 0;
  #retrying = 0;
  #bytes = 0;
  #filledBlocks = 0;
  readonly #failures = new Set<Error>();

  constructor(
    mirror: StackMirror,
    plan: { readonly outsideVoxels: number; readonly replacedSections: readonly ReplacedSection[] },
    planned: number,
    onProgress: ((progress: FetchProgress) => void) | undefined,
  ) {
    this.#mirror = mirror;
    this.#planned = planned;
    this.#outside = plan.outsideVoxels;
    this.#replaced = plan.replacedSections;
    this.#onProgress = onProgress;
  }

  /** A block came from the cache. */
  cached(block: BlockIndex, source: BlockSource): void {
    this.#cached++;
    this.#note(block, source);
    this.#progress();
  }

  /** A block came from the server. */
  fetched(
    block: BlockIndex,
    source: BlockSource,
    transfer: { retries: number; bodyBytes: number; decoder?: string },
  ): void {
    this.#fetched++;
    this.#note(block, source);
    this.#count(transfer);
    const { decoder } = transfer;
    if (decoder !== undefined) this.#decoders.set(decoder, (this.#decoders.get(decoder) ?? 0) + 1);
    this.#progress();
  }

  /** So many attempts more, or less, are being made again for blocks that are still under way. */
  retrying(attempts: number): void {
    this.#retrying += attempts;
    if (attempts > 0) this.#progress();
  }

  /** A block was filled, after an answer or without a request. */
  filled(entry: FilledBlock, transfer?: { retries: number; bodyBytes: number }): void {
    this.#filled.push(entry);
    this.#filledBlocks++;
    if (transfer !== undefined) this.#count(transfer);
    this.#progress();
  }

  /** A block could not be had and was filled. An error that several uses of the block share counts its retries once. */
  failed(block: ReportedBlock, error: Error & { readonly url: string; readonly attempts: number }): void {
    this.#countFailure(error);
    this.filled({ ...block, cause: "failed", url: error.url, error });
  }

  /** A block could not be had from a mirror that is down, and is asked of another. */
  abandoned(error: Error & { readonly attempts: number }): void {
    this.#countFailure(error);
  }

  /** A block that came was too short, so that a part of it was filled. */
  short(block: ReportedBlock, url: string | undefined): void {
    this.#filled.push({ ...block, cause: "short-tile", ...(url !== undefined && { url }) });
  }

  /** A mirror went down and another took over. */
  failedOver(change: FailedOver): void {
    this.#failovers.push(change);
  }

  /**
   * The blocks of the mirror that took over are more, or fewer, than those planned; and it may lack the last voxels of
   * a level, which only a part of a voxel reaches.
   */
  replanned(difference: number, outsideVoxels = 0): void {
    this.#planned += difference;
    this.#outside += outsideVoxels;
  }

  /** The fetch is complete: tells `onProgress` so, and reports. */
  finish(): FetchReport {
    this.#progress();
    return {
      mirror: this.#mirror,
      failovers: this.#failovers,
      elsewhere: this.#elsewhere,
      blocks: this.#counts(),
      tiles: this.#counts(),
      filled: this.#filled,
      replaced: this.#replaced,
      retries: this.#retries,
      bytes: this.#bytes,
      outside: this.#outside,
      decoders: Object.fromEntries(this.#decoders),
    };
  }

  #note(block: BlockIndex, source: BlockSource): void {
    const { mirror } = source;
    if (mirror !== this.#mirror) this.#elsewhere.push({ ...reported(block, source), mirror });
  }

  #countFailure(error: Error & { readonly attempts: number }): void {
    if (!this.#failures.has(error)) this.#retries += error.attempts - 1;
    this.#failures.add(error);
  }

  #count(transfer: { retries: number; bodyBytes: number }): void {
    this.#retries += transfer.retries;
    this.#bytes += transfer.bodyBytes;
  }

  #counts(): BlockCounts {
    return {
      planned: this.#planned,
      fetched: this.#fetched,
      cached: this.#cached,
      filled: this.#filledBlocks,
    };
  }

  #progress(): void {
    if (this.#onProgress === undefined) return;
    const done = this.#fetched + this.#cached + this.#filledBlocks;
    this.#onProgress({
      ...this.#counts(),
      done,
      retries: this.#retries + this.#retrying,
      bytes: this.#bytes,
    });
  }
}

/** A block of a source, as reports name it. */
export function reported(block: BlockIndex, source: BlockSource): ReportedBlock {
  const tile = source.tile?.(block);
  return tile === undefined ? { block } : { block, tile };
}
