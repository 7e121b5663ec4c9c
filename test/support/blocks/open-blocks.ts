import { onTestFinished } from "vitest";
import type { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { DataType } from "../../../src/space/data-type.js";
import { type MakeFetcher, promptRetry } from "../fetching/fetcher-kinds.js";
import { BlockServer, type FileScript } from "../servers/block-server.js";
import { type BlockArray, blockArray, blockStackInfo } from "./block-arrays.js";

/** What a test of a mirror of blocks needs. */
export interface BlocksUnderTest<D extends DataType> {
  readonly server: BlockServer;
  readonly fetcher: ImageFetcher<D>;
  readonly warnings: string[];
  readonly array: BlockArray;
  /** The whole level, as an ROI. */
  readonly all: readonly [readonly [0, 0, 0], readonly [number, number, number]];
}

/** What differs from test to test. */
export interface BlocksSetUp<D extends DataType> {
  readonly script?: FileScript;
  readonly options?: ImageFetcherOptions<D>;
  /** Keys of the stack info that are different. */
  readonly info?: (server: BlockServer) => Record<string, unknown>;
}

/** Starts a server of the arrays of blocks and a fetcher for one of them. Both end with the test. */
export async function openBlocks<D extends DataType = "uint8">(
  make: MakeFetcher,
  name: string,
  { script, options, info }: BlocksSetUp<D> = {},
): Promise<BlocksUnderTest<D>> {
  const array = blockArray(name);
  const server = await BlockServer.start(script);
  onTestFinished(() => server.close());
  const warnings: string[] = [];
  const fetcher = make<D>(blockStackInfo(array, [server.url()], info?.(server)), {
    retry: promptRetry,
    onWarning: (message) => warnings.push(message),
    ...options,
  });
  onTestFinished(() => fetcher.close());
  return { server, fetcher, warnings, array, all: [[0, 0, 0], array.shape] };
}
