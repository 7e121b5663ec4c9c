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
  /** The origin whose limits apply. */
  readonly origin: string;
  /** Name of the block in messages. */
  readonly position: string;
  /** How many blocks the request's region has: the pool may run a few in another thread than many. */
  readonly regionBlocks?: number;
  /** Whether the cache keeps the block. Default: true. */
  readonly isKept?: boolean;
  /** Whether a received file stands for a missing block. */
  isMissing?(body: Uint8Array): boolean;
  /** Called when an attempt failed and another will be made. */
  onRetry?(): void;
  /** Makes the job of one attempt, headers included; `undefined` if the block is known not to exist. */
  makeJob(signal: AbortSignal): BlockJob | Promise<BlockJob | undefined>;
}

/** A block that a request delivers. */
export interface DeliveredBlock extends Block {
  /** Frees the block's memory; call it when done. Absent if the cache or another caller has the block too. */
  readonly release?: () => void;
}

/** What became of a request. */
export type BlockOutcome =
  | {
      readonly kind: "block";
      readonly block: DeliveredBlock;
      /** Whether another caller accounts for the request that delivered the block. */
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
      /** The requested URL; absent if no request was needed. */
      readonly url?: string;
      /** The HTTP status; 0 if no server was asked for the block itself. */
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
  /** When the host last answered as it should. */
  answeredAt: number;
}

/**
 * For this long after a host's last good answer, in ms, its refusals use up no attempts: a few rounds of waiting, but
 * no long wait for a host that is down.
 */
const excusedMs = 5000;

/** Fetches blocks: cache, one request per block, limits, retries, aborts. This folder's README has a block's states. */
export class BlockScheduler {
  readonly #options: BlockSchedulerOptions &
    Required<Pick<BlockSchedulerOptions, "delay" | "now" | "random">>;
  readonly #underWay = new Map<string, SharedTask<BlockOutcome>>();
  readonly #hosts = new Map<string, Host>();
  /** Keys of the blocks under way that some caller wants in the cache. */
  readonly #kept = new Set<string>();
  readonly #accounted = new WeakSet<BlockOutcome>();

  constructor(options: BlockSchedulerOptions) {
    this.#options = { delay: abortableDelay, now: () => performance.now(), random: Math.random, ...options };
  }

  /** Resolves when the pace of a host, `maxRequestsPerSecond`, lets one more request start. */
  pace(origin: string, signal: AbortSignal): Promise<void> {
    return this.#hostOf(origin).pace.start(signal);
  }

  /** Whether this many bytes of blocks are few compared with what the cache may hold. */
  isSmall(bytes: number): boolean {
    return this.#options.cache.isSmall(bytes);
  }

  /** The block if it is in the cache. Returns no promise, so that fetches from a warm cache are fast. */
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
    // From now on no caller can join, and it is settled whether the cache keeps the block.
    if (outcome.kind !== "block" || task.joined > 1 || isKept) return outcome;
    const { data } = outcome.block;
    return { ...outcome, block: { ...outcome.block, release: () => freeMemory(data) } };
  }

  /** Of the callers that share a request, the first that hears of the outcome accounts for its bytes and retries. */
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
        // Makes the job before the turn: credentials that are slow, or never come, must not keep a turn from others.
        const made = request.makeJob(signal);
        // Not by `instanceof`: zone.js replaces `Promise`, and async functions return promises of the original class.
        if ("then" in made) resume();
        const job = "then" in made ? await made : made;
        if (job === undefined) return { kind: "missing", status: 0, retries: attempt - 1, bodyBytes: 0 };
        const place = limit.acquire(signal, attempt > 1);
        // Ends the pause only now, so that this block gets the first turn.
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
        // A host that refuses some requests and answers others serves all in time; the block is not to blame. The host
        // may be busy with other processes, so the answers that this process saw lately decide.
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

/** The result, or a missing block if the caller's `isMissing` says so of the file. */
function withVerdict(result: BlockResult, request: BlockRequest): BlockResult {
  if (result.kind === "missing" || result.body === undefined) return result;
  if (request.isMissing === undefined || !request.isMissing(result.body)) return result;
  return { kind: "missing", status: 200, bodyBytes: result.body.length };
}
