import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { TileIndex } from "../stack/mirror/tile-index.js";
import type { FailedOver } from "./failover.js";

/** Why voxels inside the stack hold the fill value. */
export type FillCause =
  /** The server says that there is no such tile. */
  | "missing"
  /** The section is declared broken and `brokenSliceHandling` is `"fill"`. */
  | "broken-slice"
  /** The stack has these voxels, this mirror does not (`bounds`, `offset`). */
  | "not-held"
  /** The tile ends before the stack does. */
  | "short-tile"
  /** The tile could not be had and `onTileError` is `"fill"`. */
  | "failed";

/** A tile whose voxels hold, all or in part, the fill value. */
export interface FilledTile {
  /** Which tile. */
  readonly tile: TileIndex;
  /** Why. */
  readonly cause: FillCause;
  /** The URL asked, without credentials; absent where none was asked. */
  readonly url?: string;
  /** What went wrong; only with the cause `"failed"`. */
  readonly error?: Error;
}

/** Numbers of tiles. A tile counts once for each part of the plan that needs it. */
export interface TileCounts {
  /** Tiles that the region needs, those of broken slices that are filled included. */
  readonly planned: number;
  /** Tiles that were requested and came. */
  readonly fetched: number;
  /** Tiles that came without a request of their own: from the cache, or with one that another fetch accounts for. */
  readonly cached: number;
  /** Tiles that were filled. */
  readonly filled: number;
}

/** A broken section and what stands in for it. */
export interface ReplacedSection {
  /** The broken section, in scaled voxels along z. */
  readonly section: number;
  /** The sections whose pixels it was given: one, or the two that were interpolated. */
  readonly sources: readonly number[];
}

/** A tile that did not come from the mirror that was asked first. */
export interface TileFromElsewhere {
  /** Which tile, in the array of its mirror. */
  readonly tile: TileIndex;
  /** Where it came from. */
  readonly mirror: StackMirror;
}

/** What a fetch did, and every voxel that it could not get. */
export interface FetchReport {
  /** The mirror that was asked; with `failover`, the one that was asked first. */
  readonly mirror: StackMirror;
  /** The changes of mirror, if any went down. */
  readonly failovers: readonly FailedOver[];
  /** The tiles that came from another mirror than the first. */
  readonly elsewhere: readonly TileFromElsewhere[];
  /** Numbers of tiles. */
  readonly tiles: TileCounts;
  /** The tiles that were filled, and why. */
  readonly filled: readonly FilledTile[];
  /** The broken sections that were replaced, and by which. */
  readonly replaced: readonly ReplacedSection[];
  /** Attempts beyond the first one of each request. */
  readonly retries: number;
  /** Bytes of the tiles that were received, as they were encoded. */
  readonly bytes: number;
  /** Voxels beyond the stack; they hold the fill value. */
  readonly outside: number;
  /** How many tiles each decoder decoded. */
  readonly decoders: Readonly<Record<string, number>>;
}

/** State of a fetch, given to `onProgress` after each tile, with each attempt that is made again, and at the end. */
export interface FetchProgress extends TileCounts {
  /** Tiles that are done: `fetched + cached + filled`. */
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
  readonly #elsewhere: TileFromElsewhere[] = [];
  #planned: number;
  #outside: number;
  readonly #replaced: readonly ReplacedSection[];
  readonly #filled: FilledTile[] = [];
  readonly #decoders = new Map<string, number>();
  readonly #onProgress: ((progress: FetchProgress) => void) | undefined;
  #fetched = 0;
  #cached = 0;
  #retries = 0;
  #retrying = 0;
  #bytes = 0;
  #filledTiles = 0;
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

  /** A tile came from the cache. */
  cached(tile: TileIndex, mirror: StackMirror): void {
    this.#cached++;
    this.#note(tile, mirror);
    this.#progress();
  }

  /** A tile came from the server. */
  fetched(
    tile: TileIndex,
    mirror: StackMirror,
    transfer: { retries: number; bodyBytes: number; decoder?: string },
  ): void {
    this.#fetched++;
    this.#note(tile, mirror);
    this.#count(transfer);
    const { decoder } = transfer;
    if (decoder !== undefined) this.#decoders.set(decoder, (this.#decoders.get(decoder) ?? 0) + 1);
    this.#progress();
  }

  /** So many attempts more, or less, are being made again for tiles that are still under way. */
  retrying(attempts: number): void {
    this.#retrying += attempts;
    if (attempts > 0) this.#progress();
  }

  /** A tile was filled, after an answer or without a request. */
  filled(entry: FilledTile, transfer?: { retries: number; bodyBytes: number }): void {
    this.#filled.push(entry);
    this.#filledTiles++;
    if (transfer !== undefined) this.#count(transfer);
    this.#progress();
  }

  /** A tile could not be had and was filled. An error that several uses of the tile share counts its retries once. */
  failed(tile: TileIndex, error: Error & { readonly url: string; readonly attempts: number }): void {
    this.#countFailure(error);
    this.filled({ tile, cause: "failed", url: error.url, error });
  }

  /** A tile could not be had from a mirror that is down, and is asked of another. */
  abandoned(error: Error & { readonly attempts: number }): void {
    this.#countFailure(error);
  }

  /** A tile that came was too short, so that a part of it was filled. */
  short(tile: TileIndex, url: string): void {
    this.#filled.push({ tile, cause: "short-tile", url });
  }

  /** A mirror went down and another took over. */
  failedOver(change: FailedOver): void {
    this.#failovers.push(change);
  }

  /**
   * The tiles of the mirror that took over are more, or fewer, than those planned; and it may lack the last voxels of
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
      tiles: this.#counts(),
      filled: this.#filled,
      replaced: this.#replaced,
      retries: this.#retries,
      bytes: this.#bytes,
      outside: this.#outside,
      decoders: Object.fromEntries(this.#decoders),
    };
  }

  #note(tile: TileIndex, mirror: StackMirror): void {
    if (mirror !== this.#mirror) this.#elsewhere.push({ tile, mirror });
  }

  #countFailure(error: Error & { readonly attempts: number }): void {
    if (!this.#failures.has(error)) this.#retries += error.attempts - 1;
    this.#failures.add(error);
  }

  #count(transfer: { retries: number; bodyBytes: number }): void {
    this.#retries += transfer.retries;
    this.#bytes += transfer.bodyBytes;
  }

  #counts(): TileCounts {
    return {
      planned: this.#planned,
      fetched: this.#fetched,
      cached: this.#cached,
      filled: this.#filledTiles,
    };
  }

  #progress(): void {
    if (this.#onProgress === undefined) return;
    const done = this.#fetched + this.#cached + this.#filledTiles;
    this.#onProgress({
      ...this.#counts(),
      done,
      retries: this.#retries + this.#retrying,
      bytes: this.#bytes,
    });
  }
}
