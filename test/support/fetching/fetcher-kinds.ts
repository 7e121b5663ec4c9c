import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { ThreadedImageFetcher } from "../../../src/fetcher/threaded-image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { BlockPool } from "../../../src/pool/block-pool.js";
import { acquireSharedPool } from "../../../src/pool/shared-pool.js";
import type { DataType } from "../../../src/space/data-type.js";
import { isThorough } from "../thorough.js";

/** Makes a fetcher of one of the kinds. */
export type MakeFetcher = <D extends DataType = "uint8">(
  info: unknown,
  options?: ImageFetcherOptions<D>,
) => ImageFetcher<D>;

/** A threaded fetcher whose workers handle small regions too. */
export class WorkersImageFetcher<D extends DataType = "uint8"> extends ThreadedImageFetcher<D> {
  protected override createPool(onFallback: (message: string) => void): BlockPool {
    return acquireSharedPool({ threads: 2, fewestBlocks: 0, onFallback });
  }
}

/** All kinds of fetchers. They must all behave in the same way. */
export const fetcherKinds: readonly (readonly [name: string, make: MakeFetcher])[] = [
  ["ImageFetcher", (info, options) => ImageFetcher.fromStackInfo(info, options)],
  ["ThreadedImageFetcher", (info, options) => ThreadedImageFetcher.fromStackInfo(info, { ...options })],
  [
    "ThreadedImageFetcher, workers alone",
    (info, options) => WorkersImageFetcher.fromStackInfo(info, { ...options }),
  ],
];

/** The kinds that handle small regions in the calling thread, and in workers. In a thorough run, all kinds. */
export const bothPlaces: typeof fetcherKinds = fetcherKinds.filter(
  ([name]) => isThorough || name !== "ThreadedImageFetcher",
);

/**
 * The kind that does most, in which everything goes to workers and back, for tests of what all kinds do in the same
 * way. In a thorough run, all kinds.
 */
export const oneKind: typeof fetcherKinds = isThorough ? fetcherKinds : fetcherKinds.slice(2);

/** No delay between attempts, so that no test waits for a clock. */
export const promptRetry = { attempts: 3, baseDelayMs: 0, maxDelayMs: 0 } as const;
