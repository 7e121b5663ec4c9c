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
  /** The zoom level in this source. */
  readonly level: BlockLevel;
  /** Makes the requests to the source. */
  readonly requests: BlockRequests;
  /** Which blocks of the source the fetch needs, and for which voxels. */
  readonly plan: Pick<BlockPlan, "steps" | "isWanted" | "countVoxels">;
  /** Returns a block of zeros, which stands for every block that the mirror does not store. */
  emptyBlock(): Block;
}

/** The mirrors that take over the rest of a fetch, one after the other, when the mirror in use goes down. */
export class Failover {
  readonly #candidates: StackMirror[];
  readonly #open: (mirror: StackMirror) => Promise<OpenSource>;
  readonly #onFailover: (change: FailedOver) => void;
  readonly #successors = new Map<OpenSource, Promise<OpenSource | undefined>>();
  #firstError: Error | undefined;

  /**
   * @param candidates - Mirrors in the order in which they are tried.
   * @param open - Opens a mirror as a source; rejects with an error of this library if the mirror cannot serve the
   *   region.
   * @param onFailover - Called at each change of mirror.
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

  /** The error of the first mirror that went down, which is the mirror that the fetch began with. */
  get firstError(): Error | undefined {
    return this.#firstError;
  }

  /**
   * The source that has taken over from `source`. `undefined` while `source` is up; resolves to `undefined` if no
   * mirror was left.
   */
  successorOf(source: OpenSource): Promise<OpenSource | undefined> | undefined {
    return this.#successors.get(source);
  }

  /** Declares a source down. One successor takes over all its blocks; resolves to `undefined` if no mirror is left. */
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
        // This mirror cannot serve the region, but the next one may.
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
