import { onTestFinished } from "vitest";
import { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import { ThreadedImageFetcher } from "../../src/fetcher/threaded-image-fetcher.js";
import type { ImageFetcherOptions } from "../../src/options/image-fetcher-options.js";
import type { BlockPool } from "../../src/pool/block-pool.js";
import { acquireSharedPool } from "../../src/pool/shared-pool.js";
import type { TileDataType } from "../../src/source/tiles/tile-source.js";
import { modelStackInfo } from "./model-fetcher.js";
import { ModelServer, type Script } from "./model-server.js";
import type { ModelStack } from "./model-stack.js";
import { modelStack } from "./model-stack.js";

/** Makes a fetcher of one of the kinds. */
export type MakeFetcher = <D extends TileDataType = "uint8">(
  info: unknown,
  options?: ImageFetcherOptions<D>,
) => ImageFetcher<D>;

/** The threaded fetcher, but that workers do its small regions too. */
export class WorkersImageFetcher<D extends TileDataType = "uint8"> extends ThreadedImageFetcher<D> {
  protected override createPool(onFallback: (message: string) => void): BlockPool {
    return acquireSharedPool({ threads: 2, fewestBlocks: 0, onFallback });
  }
}

/** All fetchers: what one promises, the others do too. */
export const fetcherKinds: readonly (readonly [name: string, make: MakeFetcher])[] = [
  ["ImageFetcher", (info, options) => ImageFetcher.fromStackInfo(info, options)],
  ["ThreadedImageFetcher", (info, options) => ThreadedImageFetcher.fromStackInfo(info, { ...options })],
  [
    "ThreadedImageFetcher, workers alone",
    (info, options) => WorkersImageFetcher.fromStackInfo(info, { ...options }),
  ],
];

/** No waiting between attempts, so that no test waits for a clock. */
export const promptRetry = { attempts: 3, baseDelayMs: 0, maxDelayMs: 0 } as const;

/** What a test of a fetcher needs. */
export interface FetcherUnderTest<D extends TileDataType = "uint8"> {
  readonly server: ModelServer;
  readonly fetcher: ImageFetcher<D>;
  readonly warnings: string[];
}

/** What differs from test to test. */
export interface FetcherSetUp<D extends TileDataType = "uint8"> {
  readonly stack?: Partial<ModelStack>;
  readonly script?: Script;
  readonly options?: ImageFetcherOptions<D>;
  /** Keys of the stack info that differ. */
  readonly info?: (server: ModelServer) => Record<string, unknown>;
}

/** A server of a model stack and a fetcher for it; both end with the test. */
export async function openFetcher<D extends TileDataType = "uint8">(
  make: MakeFetcher,
  setUp: FetcherSetUp<D> = {},
): Promise<FetcherUnderTest<D>> {
  const stack = modelStack(setUp.stack);
  const server = await ModelServer.start(stack, setUp.script);
  onTestFinished(() => server.close());
  const warnings: string[] = [];
  const info = { ...modelStackInfo(stack, [server.base()]), ...setUp.info?.(server) };
  const onWarning = (message: string): number => warnings.push(message);
  const fetcher = make<D>(info, { retry: promptRetry, onWarning, ...setUp.options });
  onTestFinished(() => fetcher.close());
  return { server, fetcher, warnings };
}
