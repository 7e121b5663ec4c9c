import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import { freeMemory } from "../cache/free-memory.js";
import type { TileCache } from "../cache/tile-cache.js";
import { abortableDelay } from "../concurrency/abortable-delay.js";
import { SharedTask } from "../concurrency/shared-task.js";
import type { TileErrorRecord } from "../errors.js";
import { tileErrorFrom } from "../errors.js";
import type { BlockPool } from "../pool/block-pool.js";
import type { Block } from "../space/block.js";
import type { TurnEnd } from "./request-limit.js";
import { RequestLimit } from "./request-limit.js";
import { RequestPace } from "./request-pace.js";
import type { RetryOptions } from "./retry.js";
import { isOverload, isRetryable, mostAttempts, retryDelayMs } from "./retry.js";

/** A block that somebody wants. */
export interface BlockRequest {
  /** Names mirror and block; equal keys mean the same voxels. Holds no credentials. */
  readonly key: string;
  /** The host whose limit counts. */
  readonly origin: string;
  /** What messages call the block. */
  readonly position: string;
  /** How many blocks the region has that it is for: the pool may do a few in another place than many. */
  readonly regionBlocks?: number;
  /** Whether the block is kept in the cache when it has come. Default: yes. */
  readonly isKept?: boolean;
  /** Whether a file that came stands for a block that is missing. */
  isMissing?(body: Uint8Array): boolean;
  /** Called when an attempt failed and another will be made. */
  onRetry?(): void;
  /** Makes the job of one attempt, headers included; `undefined` where it is known by now that there is no such block. */
  makeJob(signal: AbortSignal): BlockJob | Promise<BlockJob | undefined>;
}

/** A block that came for a request. */
export interface DeliveredBlock extends Block {
  /** Gives its memory back; call it when done with the block. Only where nobody else has it: no cache, no other caller. */
  readonly release?: () => void;
}

/** What became of a request. */
export type BlockOutcome =
  | {
      readonly kind: "block";
      readonly block: DeliveredBlock;
      /** Whether it came with a request that is another caller's account. */
      readonly shared: boolean;
      /** Attempts after the first one. */
      readonly retries: number;
      /** Bytes received for it. */
      readonly bodyBytes: number;
      /** Which decoder ran. */
      readonly decoder: string;
    }
  | {
      readonly kind: "missing";
      /** The URL that was asked; absent where none had to be. */
      readonly url?: string;
      /** The HTTP status; 0 where no server was asked for the block itself. */
      readonly status: number;
      readonly retries: number;
      readonly bodyBytes: number;
    };

/** What a scheduler works with. */
export interface BlockSchedulerOptions {
  /** Where blocks are fetched and decoded. */
  readonly pool: BlockPool;
  /** Where decoded blocks are kept. */
  readonly cache: TileCache;
  /** Most requests in flight to one host. */
  readonly maxRequests: number;
  /** Most requests per second to one host. Default: no limit. */
  readonly maxRequestsPerSecond?: number;
  /** How failed requests are repeated. */
  readonly retry: Required<RetryOptions>;
  /** Waits between attempts; replaced in tests. */
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The time in ms, for `maxRequestsPerSecond`; replaced in tests. */
  readonly now?: () => number;
  /** A number in [0, 1) for the jitter; replaced in tests. */
  readonly random?: () => number;
}

/** What is known of a host. */
interface Host {
  readonly limit: RequestLimit;
  readonly pace: RequestPace;
  /** When it last answered as it should. */
  answeredAt: number;
}

/** How long after a good answer a host's refusals use up no attempts, in ms: some rounds of waiting, and no long wait for what is down. */
const excusedMs = 5000;

/** Cache, one request per block, limits, retry, abort. The states of a block are in this folder's README. */
export class BlockScheduler {
  readonly #options: BlockSchedulerOptions &
    Required<Pick<BlockSchedulerOptions, "delay" | "now" | "random">>;
  readonly #underWay = new Map<string, SharedTask<BlockOutcome>>();
  readonly #hosts = new Map<string, Host>();
  /** Keys of the blocks under way of which somebody wants that they are kept. */
  readonly #kept = new Set<string>();
  readonly #accounted = new WeakSet<BlockOutcome>();

  constructor(options: BlockSchedulerOptions) {
    this.#options = { delay: abortableDelay, now: () => performance.now(), random: Math.random, ...options };
  }

  /** Resolves when the pace of a host, `maxRequestsPerSecond`, lets one more request start. */
  pace(origin: string, signal: AbortSignal): Promise<void> {
    return this.#hostOf(origin).pace.start(signal);
  }

  /** Whether so many bytes of blocks are few against what the cache may hold. */
  isSmall(bytes: number): boolean {
    return this.#options.cache.isSmall(bytes);
  }

  /** The block, if it is in the cache: without a promise, for the fast way through a warm cache. */
  cached(key: string): Block | undefined {
    return this.#options.cache.get(key);
  }

  /**
   * Fetches a block that {@link cached} did not have. Callers that want the same block share one request. Rejects with
   * `signal.reason` at once on abort, else with the typed error of the last attempt.
   */
  async request(request: BlockRequest, signal?: AbortSignal): Promise<BlockOutcome> {
    signal?.throwIfAborted();
    const { key, isKept = true } = request;
    if (isKept) this.#kept.add(key);
    let task = this.#underWay.get(key);
    if (task === undefined) {
      task = new SharedTask(
        (taskSignal) => this.#fetch(request, taskSignal),
        () => {
          this.#underWay.delete(key);
          this.#kept.delete(key);
        },
      );
      this.#underWay.set(key, task);
    }
    const outcome = this.#accountOnce(await task.join(signal));
    // From now on nobody can join, and whether the block was kept is settled.
    if (outcome.kind !== "block" || task.joined > 1 || isKept) return outcome;
    const { data } = outcome.block;
    return { ...outcome, block: { ...outcome.block, release: () => freeMemory(data) } };
  }

  /** However many callers share a request: the first to hear of it accounts for its bytes and retries. */
  #accountOnce(outcome: BlockOutcome): BlockOutcome {
    if (this.#accounted.has(outcome)) {
      const nothing = { retries: 0, bodyBytes: 0 };
      return outcome.kind === "block" ? { ...outcome, ...nothing, shared: true } : { ...outcome, ...nothing };
    }
    this.#accounted.add(outcome);
    return outcome;
  }

  async #fetch(request: BlockRequest, signal: AbortSignal): Promise<BlockOutcome> {
    const { pool, retry, delay, random, now } = this.#options;
    const host = this.#hostOf(request.origin);
    const { limit, pace } = host;
    const allowed = retry.attempts === 1 ? 1 : Math.max(retry.attempts, mostAttempts);
    let failures = 0;
    let resume = (): void => {};
    try {
      for (let attempt = 1; ; attempt++) {
        // Before the turn: credentials that take their time, or never come, must not keep a turn from others.
        const made = request.makeJob(signal);
        // Not by `instanceof`: pages replace the class (zone.js), and an async function's promise is none of theirs.
        if ("then" in made) resume();
        const job = "then" in made ? await made : made;
        if (job === undefined) return { kind: "missing", status: 0, retries: attempt - 1, bodyBytes: 0 };
        const place = limit.acquire(signal, attempt > 1);
        // Only now, so that it is this block that goes first.
        resume();
        const turn = await place;
        let end: TurnEnd = "neither";
        let failure: TileErrorRecord;
        try {
          await pace.start(signal);
          const result = withVerdict(await pool.run(job, signal, request.regionBlocks), request);
          if (result.kind !== "error") {
            end = "answered";
            host.answeredAt = now();
            return this.#outcomeOf(result, request.key, shownUrl(job.url), attempt - 1);
          }
          failure = result.error;
          if (isOverload(failure)) end = "overloaded";
        } finally {
          if (end === "overloaded") resume = limit.pause();
          turn.release(end);
        }
        // A host that refuses some and answers others works off all in time; the block is not to blame. The others may be
        // another process's: what this one saw lately counts.
        const excused = end === "overloaded" && now() - host.answeredAt < excusedMs;
        if (!excused) failures++;
        if (failures >= retry.attempts || attempt >= allowed || !isRetryable(failure)) {
          throw tileErrorFrom(failure, attempt, request.position);
        }
        request.onRetry?.();
        const inARow = Math.max(1, excused ? limit.overloads : failures);
        await delay(retryDelayMs(inARow, failure.retryAfterMs, retry, random()), signal);
      }
    } finally {
      resume();
    }
  }

  #outcomeOf(
    result: Exclude<BlockResult, { readonly kind: "error" }>,
    key: string,
    url: string,
    retries: number,
  ): BlockOutcome {
    const { bodyBytes } = result;
    if (result.kind === "missing") return { kind: "missing", url, status: result.status, retries, bodyBytes };
    const { data, shape, decoder } = result;
    const block = { data, shape };
    if (this.#kept.has(key)) this.#options.cache.set(key, block);
    return { kind: "block", block, shared: false, retries, bodyBytes, decoder };
  }

  #hostOf(origin: string): Host {
    let host = this.#hosts.get(origin);
    if (host === undefined) {
      const { maxRequests, maxRequestsPerSecond = Number.POSITIVE_INFINITY } = this.#options;
      host = {
        limit: new RequestLimit(maxRequests),
        pace: new RequestPace(maxRequestsPerSecond, this.#options),
        answeredAt: Number.NEGATIVE_INFINITY,
      };
      this.#hosts.set(origin, host);
    }
    return host;
  }
}

/** A result, or that the block is missing where the caller says so of its file. */
function withVerdict(result: BlockResult, request: BlockRequest): BlockResult {
  if (result.kind === "missing" || result.body === undefined) return result;
  if (request.isMissing === undefined || !request.isMissing(result.body)) return result;
  return { kind: "missing", status: 200, bodyBytes: result.body.length };
}
