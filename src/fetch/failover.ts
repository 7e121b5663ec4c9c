import type { TileDecodeError, TileFetchError, TileMissingError } from "../errors.js";
import { isCatmaidImageError } from "../errors.js";
import type { BlockPlan } from "../plan/block-plan.js";
import type { BlockRequests } from "../source/block-requests.js";
import type { BlockLevel, BlockSource } from "../source/block-source.js";
import type { Block } from "../space/block.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { FailedOver } from "./fetch-report.js";
import { reportedError, reportedMirror } from "./fetch-report.js";

/** A source that a fetch takes blocks from. */
export interface OpenSource {
  /** The source. */
  readonly source: BlockSource;
  /** What it has of the zoom level. */
  readonly level: BlockLevel;
  /** Makes its requests. */
  readonly requests: BlockRequests;
  /** How what is fetched is put together from its blocks. */
  readonly plan: Pick<BlockPlan, "steps" | "isWanted">;
  /** The block that stands for all that the mirror does not store, all 0. */
  emptyBlock(): Block;
}

/** The mirrors that a fetch may take the rest of its blocks from when one goes down, in order. */
export class Failover {
  readonly #candidates: StackMirror[];
  readonly #open: (mirror: StackMirror) => Promise<OpenSource>;
  readonly #onFailover: (change: FailedOver) => void;
  readonly #successors = new Map<OpenSource, Promise<OpenSource | undefined>>();
  #firstError: Error | undefined;

  /**
   * @param candidates - Mirrors in the order in which they are tried.
   * @param open - Makes a source of a mirror; rejects with an error of this library where it cannot serve the region.
   * @param onFailover - Told of each change of mirror.
   */
  constructor(
    candidates: Iterable<StackMirror>,
    open: (mirror: StackMirror) => Promise<OpenSource>,
    onFailover: (change: FailedOver) => void,
  ) {
    this.#candidates = [...candidates];
    this.#open = open;
    this.#onFailover = onFailover;
  }

  /** What was wrong with the first mirror that went down: the one that was asked for. */
  get firstError(): Error | undefined {
    return this.#firstError;
  }

  /** The source that has taken over from one that is down; `undefined` while it is up, or if none was left. */
  successorOf(source: OpenSource): Promise<OpenSource | undefined> | undefined {
    return this.#successors.get(source);
  }

  /** Declares a source down. All of its blocks go to the same successor; `undefined` if no mirror is left. */
  takeOver(source: OpenSource, error: Error): Promise<OpenSource | undefined> {
    this.#firstError ??= error;
    let successor = this.#successors.get(source);
    if (successor === undefined) {
      successor = this.#next(source, error);
      this.#successors.set(source, successor);
    }
    return successor;
  }

  async #next(source: OpenSource, error: Error): Promise<OpenSource | undefined> {
    for (let mirror = this.#candidates.shift(); mirror !== undefined; mirror = this.#candidates.shift()) {
      try {
        const successor = await this.#open(mirror);
        this.#onFailover({
          from: reportedMirror(source.source.mirror),
          to: reportedMirror(mirror),
          error: reportedError(error),
        });
        return successor;
      } catch (reason) {
        // It is of no use for this region; the next one may be.
        if (!isCatmaidImageError(reason)) throw reason;
      }
    }
    return undefined;
  }
}

/** Whether an error says that a mirror is down, not that one of its blocks is missing or damaged. */
export function isMirrorDown(error: TileMissingError | TileFetchError | TileDecodeError): boolean {
  if (error.code === "tile-fetch") return error.reason !== "too-large" && error.reason !== "worker";
  return error.reason === "not-an-image";
}
