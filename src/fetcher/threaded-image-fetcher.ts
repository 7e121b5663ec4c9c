import { availableThreads } from "#spawn-worker";
import { duration, functionOrNone, wholeNumber } from "../options/check-option.js";
import type { ThreadedImageFetcherOptions } from "../options/image-fetcher-options.js";
import { threadedOptionNames } from "../options/image-fetcher-options.js";
import type { BlockPool } from "../pool/block-pool.js";
import { acquireSharedPool } from "../pool/shared-pool.js";
import type { Stack } from "../stack/stack.js";
import { ImageFetcher } from "./image-fetcher.js";

// More workers than this wait for the network and for each other's memory, not for a core.
const mostThreads = 8;

/**
 * An {@link ImageFetcher} that fetches and decodes in workers: Web Workers in a browser, worker threads in Node.
 * Fetchers with the same `threads` and `createWorker` share their workers, which stay warm for a while after the last.
 * In Node, regions of fewer than 64 blocks are done in the calling thread; all others, and in browsers all, in workers.
 * Where no worker can be started, it warns once and works in the calling thread.
 *
 * @example
 * ```ts
 * await using fetcher = ThreadedImageFetcher.fromStackInfo(stackInfo, { threads: 4 });
 * const { data, shape } = await fetcher.get([[0, 0, 0], [10, 2048, 2048]]);
 * ```
 */
export class ThreadedImageFetcher extends ImageFetcher {
  readonly #poolOptions: Pick<ThreadedImageFetcherOptions, "threads" | "createWorker" | "keepWorkersMs">;

  /** See {@link ImageFetcher}; takes `threads`, `createWorker` and `keepWorkersMs` as well. */
  constructor(stack: Stack, options: ThreadedImageFetcherOptions = {}) {
    super(stack, options);
    if (options.threads !== undefined) wholeNumber("threads", options.threads, 1, 256);
    functionOrNone("createWorker", options.createWorker);
    if (options.keepWorkersMs !== undefined) duration("keepWorkersMs", options.keepWorkersMs, 0);
    this.#poolOptions = options;
  }

  /** @internal */
  protected override optionNames(): ReadonlySet<string> {
    return threadedOptionNames;
  }

  /** @internal */
  protected override createPool(onWarning: (message: string) => void): BlockPool {
    const { threads, createWorker, keepWorkersMs } = this.#poolOptions;
    return acquireSharedPool({
      threads: threads ?? Math.min(mostThreads, availableThreads()),
      ...(createWorker && { createWorker }),
      ...(keepWorkersMs !== undefined && { lingerMs: keepWorkersMs }),
      onFallback: onWarning,
    });
  }
}
