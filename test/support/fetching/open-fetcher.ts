import { onTestFinished } from "vitest";
import type { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { DataType } from "../../../src/space/data-type.js";
import { modelStackInfo } from "../model/model-fetcher.js";
import { ModelServer, type Script } from "../model/model-server.js";
import type { ModelStack } from "../model/model-stack.js";
import { modelStack } from "../model/model-stack.js";
import { type MakeFetcher, promptRetry } from "./fetcher-kinds.js";

export { bothPlaces, fetcherKinds, type MakeFetcher, oneKind, promptRetry } from "./fetcher-kinds.js";

/** What a test of a fetcher needs. */
export interface FetcherUnderTest<D extends DataType = "uint8"> {
  readonly server: ModelServer;
  readonly fetcher: ImageFetcher<D>;
  readonly warnings: string[];
}

/** What differs from test to test. */
export interface FetcherSetUp<D extends DataType = "uint8"> {
  readonly stack?: Partial<ModelStack>;
  readonly script?: Script;
  readonly options?: ImageFetcherOptions<D>;
  /** Keys of the stack info that are different. */
  readonly info?: (server: ModelServer) => Record<string, unknown>;
}

/** Starts a server of a model stack and a fetcher for it. Both end with the test. */
export async function openFetcher<D extends DataType = "uint8">(
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
