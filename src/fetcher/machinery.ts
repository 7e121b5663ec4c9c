import { freeMemory } from "../cache/free-memory.js";
import { TileCache } from "../cache/tile-cache.js";
import { withAnySignal } from "../concurrency/linked-signal.js";
import { ClosedError } from "../errors.js";
import type { FetchReport } from "../fetch/fetch-report.js";
import type { FetchRequest } from "../fetch/fetch-request.js";
import type { SampleOptions } from "../fetch/get-options.js";
import { checkFillValue } from "../options/check-option.js";
import type { ResolvedOptions } from "../options/image-fetcher-options.js";
import type { BlockPool } from "../pool/block-pool.js";
import { createCallerFetchPool } from "../pool/caller-fetch-pool.js";
import { type PackBytes, packBytesIn } from "../pool/pack-bytes.js";
import { BlockScheduler } from "../schedule/block-scheduler.js";
import type { BlockSource } from "../source/block-source.js";
import { MirrorAccess } from "../source/mirror-access.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { AskedFetch } from "./asked-region.js";
import { MirrorChoice } from "./mirror-choice.js";
import { emptyRegionWarning, placeWarnings } from "./place-warnings.js";

/** The parts that a fetcher makes for its first fetch. */
interface StartedParts {
  /** Where blocks are fetched and decoded. */
  readonly pool: BlockPool;
  readonly scheduler: BlockScheduler;
  readonly access: MirrorAccess;
  readonly packBytes: PackBytes;
}

/** What all fetches of a fetcher share. */
export class Machinery {
  readonly mirrors: MirrorChoice;
  readonly cache: TileCache;
  readonly #stack: Stack;
  readonly #options: ResolvedOptions;
  readonly #createPool: (onWarning: ResolvedOptions["onWarning"]) => BlockPool;
  readonly #closing = new AbortController();
  readonly #warnings = new Set<string>();
  #parts: StartedParts | undefined;

  /**
   * Checks the options against the stack.
   *
   * @param createPool - Called at the first fetch.
   */
  constructor(
    stack: Stack,
    options: ResolvedOptions,
    createPool: (onWarning: ResolvedOptions["onWarning"]) => BlockPool,
  ) {
    this.#stack = stack;
    this.#options = options;
    this.#createPool = createPool;
    const { preferredMirror, auth, headers, cacheBytes, cacheItems, dataType, fillValue, onWarning } =
      options;
    const mirrors = new MirrorChoice(stack, preferredMirror, onWarning);
    this.mirrors = mirrors;
    for (const warning of stack.warnings) onWarning(warning);
    // Tiles have a known data type, so the fill value can be checked before the first request.
    const isTiles = stack.mirrors.every(({ blockFormat }) => blockFormat === undefined);
    if (isTiles && dataType === undefined) checkFillValue(fillValue, "uint8");
    if (auth !== undefined) mirrors.setAuth(mirrors.current, auth);
    if (headers !== undefined) mirrors.setHeaders(mirrors.current, headers);
    this.cache = new TileCache({ maxBytes: cacheBytes, maxItems: cacheItems });
  }

  /** Aborts when the fetcher is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Makes the parts at the first call. Throws a `ClosedError` if the fetcher was closed. */
  start(): StartedParts {
    this.closing.throwIfAborted();
    this.#parts ??= this.#newParts();
    return this.#parts;
  }

  /** The fetcher's part of a request to the mirror in use. Warns of anything there that the caller may not expect. */
  forFetch({
    roiMode,
    signal,
  }: SampleOptions): Omit<FetchRequest, keyof AskedFetch> & Pick<StartedParts, "packBytes"> {
    const { scheduler, access, packBytes } = this.start();
    const mirror = this.mirrors.current;
    for (const warning of placeWarnings(this.#stack, mirror, roiMode)) this.#warnOnce(warning);
    const failover = this.mirrors.failoverFrom(mirror, this.#options.failover);
    return { scheduler, access, packBytes, mirror, failover, signals: [signal, this.closing] };
  }

  /** Opens a mirror: the one in use, or another one of the stack. */
  open(
    choice: number | string | StackMirror | undefined,
    signal: AbortSignal | undefined,
  ): Promise<BlockSource> {
    const { access } = this.start();
    const mirror = choice === undefined ? this.mirrors.current : this.mirrors.usable(choice);
    return withAnySignal([signal, this.closing], (anySignal) => access.open(mirror, anySignal));
  }

  /** Returns the result, after a warning if something about it is odd. */
  checked<T extends { readonly report: FetchReport }>(result: T): T {
    const warning = emptyRegionWarning(result.report);
    if (warning !== undefined) this.#warnOnce(warning);
    return result;
  }

  /** Ends all fetches, and gives workers back. */
  async close(): Promise<void> {
    this.#closing.abort(new ClosedError("the fetcher was closed"));
    // Nobody reads the blocks any more: the fetches that did were aborted above.
    this.cache.clear(({ data }) => freeMemory(data));
    await this.#parts?.pool.close();
  }

  #newParts(): StartedParts {
    const { fetch, maxRequests, maxRequestsPerSecond, retry } = this.#options;
    const { dataType, channel, timeoutMs, missingStatuses, isMissing } = this.#options;
    const { mirrors, cache } = this;
    const workers = this.#createPool(this.#options.onWarning);
    const pool = fetch === undefined ? workers : createCallerFetchPool(workers, fetch);
    const scheduler = new BlockScheduler({ pool, cache, maxRequests, maxRequestsPerSecond, retry });
    const access = new MirrorAccess({
      stack: this.#stack,
      dataType,
      channel,
      timeoutMs,
      missingStatuses,
      isMissing,
      scheduler,
      onWarning: (warning) => this.#warnOnce(warning),
      credentialsOf: (mirror) => ({ auth: mirrors.authOf(mirror), headers: mirrors.headersOf(mirror) }),
    });
    return { pool, scheduler, access, packBytes: packBytesIn(pool) };
  }

  #warnOnce(warning: string): void {
    if (this.#warnings.has(warning)) return;
    this.#warnings.add(warning);
    this.#options.onWarning(warning);
  }
}
