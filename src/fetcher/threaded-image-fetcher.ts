import type { CatmaidClientLike } from "../client/stack-info-request.js";
import { duration, functionOrNone, wholeNumber } from "../options/check-option.js";
import type { ThreadedImageFetcherOptions } from "../options/image-fetcher-options.js";
import { threadedOptionNames } from "../options/image-fetcher-options.js";
import type { BlockPool } from "../pool/block-pool.js";
import { acquireSharedPool } from "../pool/shared-pool.js";
import type { DataType } from "../space/data-type.js";
import type { Stack } from "../stack/stack.js";
import type { FromStackInfoOptions } from "../stack/stack-options.js";
import { ImageFetcher } from "./image-fetcher.js";

/**
 * An {@link ImageFetcher} that fetches and decodes in workers: Web Workers in a browser, worker threads in Node.
 * Fetchers with the same `threads` and `createWorker` share their workers, which outlive the last fetcher for a while.
 * In Node, the calling thread does regions of fewer than 64 blocks, and workers do all others; in browsers workers do
 * all regions. If no worker can be started, the fetcher warns once and works in the calling thread.
 *
 * @example
 * ```ts
 * await using fetcher = ThreadedImageFetcher.fromStackInfo(stackInfo, { threads: 4 });
 * const { data, shape } = await fetcher.get([[0, 0, 0], [10, 2048, 2048]]);
 * ```
 */
export class ThreadedImageFetcher<D extends DataType = "uint8"> extends ImageFetcher<D> {
  // The inherited factories make an instance of the class that they are called on; only their types differ here.

  /** See {@link ImageFetcher.fromStackInfo}. */
  declare static fromStackInfo: <D extends DataType = "uint8">(
    info: unknown,
    options?: ThreadedImageFetcherOptions<D> & FromStackInfoOptions,
  ) => ThreadedImageFetcher<D>;

  /** See {@link ImageFetcher.fromCatmaid}. */
  declare static fromCatmaid: <D extends DataType = "uint8">(
    client: CatmaidClientLike,
    stackId: number | string,
    options?: ThreadedImageFetcherOptions<D> & FromStackInfoOptions,
  ) => Promise<ThreadedImageFetcher<D>>;

  readonly #poolOptions: Pick<ThreadedImageFetcherOptions, "threads" | "createWorker" | "keepWorkersMs">;

  /** See {@link ImageFetcher}; takes `threads`, `createWorker` and `keepWorkersMs` as well. */
  constructor(stack: Stack, options: ThreadedImageFetcherOptions<D> = {}) {
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
      threads,
      ...(createWorker && { createWorker }),
      ...(keepWorkersMs !== undefined && { lingerMs: keepWorkersMs }),
      onFallback: onWarning,
    });
  }
}
