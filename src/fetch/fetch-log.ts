import type { FillCause } from "../assemble/fill-cause.js";
import type { BlockSource } from "../source/block-source.js";
import type { BlockIndex } from "../space/block.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type {
  BlockCounts,
  BlockFromElsewhere,
  FailedOver,
  FetchProgress,
  FetchReport,
  FilledBlock,
  ReplacedSection,
  ReportedBlock,
} from "./fetch-report.js";
import { mostListed, noFills, reported, reportedError, reportedMirror } from "./fetch-report.js";

/** Callbacks that follow a fetch while it is under way. */
export interface FetchListeners {
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  readonly onFilled?: ((filled: FilledBlock) => void) | undefined;
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
  readonly #listeners: FetchListeners;
  #fetched = 0;
  #cached = 0;
  #retries = 0;
  #retrying = 0;
  #bytes = 0;
  #filledBlocks = 0;
  #emptyBlocks = 0;
  #elsewhereBlocks = 0;
  readonly #fills: Record<FillCause, number> = { ...noFills };
  readonly #failures = new Set<Error>();

  constructor(
    mirror: StackMirror,
    plan: { readonly outsideVoxels: number; readonly replacedSections: readonly ReplacedSection[] },
    planned: number,
    listeners: FetchListeners,
  ) {
    this.#mirror = mirror;
    this.#planned = planned;
    this.#outside = plan.outsideVoxels;
    this.#replaced = plan.replacedSections;
    this.#listeners = listeners;
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

  /** The mirror does not store a block, whose voxels are 0 by the format. */
  empty(transfer: { retries: number; bodyBytes: number }): void {
    this.#emptyBlocks++;
    this.#count(transfer);
    this.#progress();
  }

  /** Adds to the number of retries of blocks that are still under way, or takes from it if `attempts` is negative. */
  retrying(attempts: number): void {
    this.#retrying += attempts;
    if (attempts > 0) this.#progress();
  }

  /** A block was filled, after an answer or without a request. */
  filled(entry: FilledBlock, transfer?: { retries: number; bodyBytes: number }): void {
    this.#filledBlocks++;
    if (transfer !== undefined) this.#count(transfer);
    this.#fill(entry);
    this.#progress();
  }

  /** A block could not be fetched and was filled. If uses of the block share an error, its retries count once. */
  failed(block: ReportedBlock, error: Error & { readonly url: string; readonly attempts: number }): void {
    this.#countFailure(error);
    this.filled({ ...block, cause: "failed", url: error.url, error: reportedError(error) });
  }

  /** A block could not be fetched because its mirror is down; the next mirror is asked for it. */
  abandoned(error: Error & { readonly attempts: number }): void {
    this.#countFailure(error);
  }

  /** A block was too short, so a part of the region was filled. */
  short(block: ReportedBlock, url: string | undefined): void {
    this.#fill({ ...block, cause: "short-tile", ...(url !== undefined && { url }) });
  }

  /** A mirror went down and another took over. */
  failedOver(change: FailedOver): void {
    this.#failovers.push(change);
  }

  /** Corrects the number of planned blocks, for example after another mirror took over. */
  replanned(difference: number): void {
    this.#planned += difference;
  }

  /** More voxels than planned are outside: a mirror lacks the last voxels of a level, where the stack ends within a voxel. */
  outside(voxels: number): void {
    this.#outside += voxels;
  }

  /** The fetch is complete: calls `onProgress` a last time and returns the report. */
  finish(): FetchReport {
    this.#progress();
    return this.report();
  }

  /** Reports what was done so far. */
  report(): FetchReport {
    return {
      mirror: reportedMirror(this.#mirror),
      failovers: [...this.#failovers],
      elsewhere: [...this.#elsewhere],
      blocks: this.#counts(),
      tiles: this.#counts(),
      filled: [...this.#filled],
      fills: { ...this.#fills },
      replaced: this.#replaced,
      retries: this.#retries,
      bytes: this.#bytes,
      outside: this.#outside,
      decoders: Object.fromEntries(this.#decoders),
    };
  }

  #note(block: BlockIndex, source: BlockSource): void {
    const { mirror } = source;
    if (mirror === this.#mirror) return;
    this.#elsewhereBlocks++;
    if (this.#elsewhere.length === mostListed) return;
    this.#elsewhere.push({ ...reported(block, source), mirror: reportedMirror(mirror) });
  }

  #fill(entry: FilledBlock): void {
    this.#fills[entry.cause]++;
    if (this.#filled.length < mostListed) this.#filled.push(entry);
    this.#listeners.onFilled?.(entry);
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
      empty: this.#emptyBlocks,
      elsewhere: this.#elsewhereBlocks,
    };
  }

  #progress(): void {
    const { onProgress } = this.#listeners;
    if (onProgress === undefined) return;
    const done = this.#fetched + this.#cached + this.#filledBlocks + this.#emptyBlocks;
    onProgress({
      ...this.#counts(),
      // For a writer, the planned number is an estimate until the last block, and may be too low.
      planned: Math.max(this.#planned, done),
      done,
      retries: this.#retries + this.#retrying,
      bytes: this.#bytes,
    });
  }
}
