import type { FillCause } from "../assemble/fill-cause.js";
import type { CatmaidImageErrorCode, TileErrorReason } from "../errors.js";
import { isCatmaidImageError, isTileError } from "../errors.js";
import type { BlockSource } from "../source/block-source.js";
import type { BlockIndex } from "../space/block.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { TileIndexOptions } from "../stack/mirror/tile-index.js";

/** A mirror, as reports name it. */
export type ReportedMirror = Pick<StackMirror, "position" | "title" | "id">;

/** An error, as reports name it. */
export interface ReportedError {
  /** The `code` of an error of this library. */
  readonly code?: CatmaidImageErrorCode;
  /** For an error about a tile: why the tile could not be fetched or decoded. */
  readonly reason?: TileErrorReason;
  /** For an error about a tile: the HTTP status; 0 if there was no answer. */
  readonly status?: number;
  /** What went wrong, in a sentence without credentials. */
  readonly message: string;
}

/** A mirror that went down during a fetch, and the one that took over. */
export interface FailedOver {
  /** The mirror that went down. */
  readonly from: ReportedMirror;
  /** The mirror that took over. */
  readonly to: ReportedMirror;
  /** What was wrong. */
  readonly error: ReportedError;
}

/** A block of a mirror's own array, as reports name it. */
export interface ReportedBlock {
  /** Which block. */
  readonly block: BlockIndex;
  /** The index of the tile, if the mirror serves tiles. */
  readonly tile?: TileIndexOptions;
}

/** A block of which all or some voxels hold the fill value. */
export interface FilledBlock extends ReportedBlock {
  /** Why. */
  readonly cause: FillCause;
  /** The requested URL, without credentials; absent if there was no request. */
  readonly url?: string;
  /** What went wrong; only with the cause `"failed"`. */
  readonly error?: ReportedError;
}

/** Numbers of blocks. A block counts once for each part of the plan that needs it. */
export interface BlockCounts {
  /** Blocks that the region needs, including those of broken slices that are filled. */
  readonly planned: number;
  /** Blocks that were requested and came. */
  readonly fetched: number;
  /** Blocks that came without a request of their own: from the cache, or from a request that is counted elsewhere. */
  readonly cached: number;
  /** Blocks that were filled. */
  readonly filled: number;
  /** Blocks that the mirror does not store because they are 0 by its format (N5, precomputed). */
  readonly empty: number;
  /** Blocks that came from another mirror than the first. */
  readonly elsewhere: number;
}

/** A broken section and what stands in for it. */
export interface ReplacedSection {
  /** The broken section, in scaled voxels along z. */
  readonly section: number;
  /** The sections whose voxels replace it: one, or the two that were interpolated. */
  readonly sources: readonly number[];
}

/** A block that did not come from the mirror that was asked first. */
export interface BlockFromElsewhere extends ReportedBlock {
  /** Where it came from. */
  readonly mirror: ReportedMirror;
}

/**
 * What a fetch did, and what it could not get. A report is plain data that JSON can hold. Lists of blocks end after
 * 10,000 entries; the numbers count all blocks.
 */
export interface FetchReport {
  /** The mirror that was asked; with `failover`, the mirror that was asked first. */
  readonly mirror: ReportedMirror;
  /** The changes of mirror, if any went down. */
  readonly failovers: readonly FailedOver[];
  /** The first 10,000 blocks that came from another mirror than the first. */
  readonly elsewhere: readonly BlockFromElsewhere[];
  /** Numbers of blocks. */
  readonly blocks: BlockCounts;
  /** The same numbers as `blocks`. For a mirror of tiles, each block is one tile. */
  readonly tiles: BlockCounts;
  /** The first 10,000 blocks that were filled, and why; `onFilled` is called for all of them. */
  readonly filled: readonly FilledBlock[];
  /** How many blocks were filled, all or in part, by cause. */
  readonly fills: Readonly<Record<FillCause, number>>;
  /** The broken sections that were replaced, and by which. */
  readonly replaced: readonly ReplacedSection[];
  /** Attempts beyond the first one of each request. */
  readonly retries: number;
  /** Bytes received for blocks, before decoding. */
  readonly bytes: number;
  /**
   * Voxels beyond the stack, and voxels at the end of a coarser level that are partly beyond it and that the mirror does
   * not have. They hold the fill value.
   */
  readonly outside: number;
  /** How many blocks each decoder decoded. */
  readonly decoders: Readonly<Record<string, number>>;
}

/** State of a fetch. `onProgress` gets it after each block, at each retry, and at the end. */
export interface FetchProgress extends BlockCounts {
  /** Blocks that are done: `fetched + cached + filled + empty`. */
  readonly done: number;
  /** Attempts beyond the first one of each request. */
  readonly retries: number;
  /** Bytes received. */
  readonly bytes: number;
}

/** Most entries of a list in a report. */
export const mostListed = 10_000;

/** A count of 0 for each cause. */
export const noFills: Readonly<Record<FillCause, number>> = {
  missing: 0,
  "broken-slice": 0,
  "not-held": 0,
  "short-tile": 0,
  failed: 0,
};

/**
 * Merges the reports of several fetches. Numbers are added; lists are joined, up to 10,000 entries for lists of blocks.
 * The mirror is the first report's.
 *
 * @param first - A report.
 * @param others - More of them.
 */
export function mergeReports(first: FetchReport, ...others: readonly FetchReport[]): FetchReport {
  return others.reduce(merged, first);
}

function merged(a: FetchReport, b: FetchReport): FetchReport {
  const joined = <T>(one: readonly T[], other: readonly T[]): T[] => [...one, ...other].slice(0, mostListed);
  const sections = new Map([...a.replaced, ...b.replaced].map((replaced) => [replaced.section, replaced]));
  const blocks = added(a.blocks, b.blocks);
  return {
    mirror: a.mirror,
    failovers: joined(a.failovers, b.failovers),
    elsewhere: joined(a.elsewhere, b.elsewhere),
    blocks,
    tiles: blocks,
    filled: joined(a.filled, b.filled),
    fills: added(a.fills, b.fills),
    replaced: [...sections.values()].sort((one, other) => one.section - other.section),
    retries: a.retries + b.retries,
    bytes: a.bytes + b.bytes,
    outside: a.outside + b.outside,
    decoders: added(a.decoders, b.decoders),
  };
}

function added<T extends object>(a: T, b: T): T {
  const sum = new Map<string, number>(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + count);
  return Object.fromEntries(sum) as T;
}

/** A mirror, as reports name it. */
export function reportedMirror({ position, title, id }: StackMirror): ReportedMirror {
  return { position, title, id };
}

/** An error, as reports name it. */
export function reportedError(error: Error): ReportedError {
  const { message } = error;
  if (!isCatmaidImageError(error)) return { message };
  const { code } = error;
  return isTileError(error)
    ? { code, reason: error.reason, status: error.status, message }
    : { code, message };
}

/**
 * Returns the report of a fetch that was rejected with an error of this library: what the fetch had done until then.
 * The error carries it as `report`. Returns `undefined` for other errors, for errors before the first request, and if
 * the fetch was aborted or its fetcher closed.
 */
export function reportOf(error: unknown): FetchReport | undefined {
  return isCatmaidImageError(error) ? (error as { report?: FetchReport }).report : undefined;
}

/**
 * Returns the error with the report. Copies the error if it already carries the report of another fetch that waited for
 * the same block.
 */
export function withReport(error: unknown, report: FetchReport): unknown {
  if (!isCatmaidImageError(error)) return error;
  const own = Object.hasOwn(error, "report") ? copyOf(error) : error;
  return Object.defineProperty(own, "report", { value: report, configurable: true });
}

function copyOf(error: Error): Error {
  // In some browsers `stack` is a getter, which would return the stack of the new error.
  const stack = { value: error.stack, writable: true, configurable: true };
  const properties = { ...Object.getOwnPropertyDescriptors(error), stack };
  return Object.setPrototypeOf(
    Object.defineProperties(new Error(), properties),
    Object.getPrototypeOf(error),
  );
}

/** A block of a source, as reports name it. */
export function reported(block: BlockIndex, source: BlockSource): ReportedBlock {
  const tile = source.tile?.(block);
  return tile === undefined ? { block } : { block, tile: { ...tile } };
}
