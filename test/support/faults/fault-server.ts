import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { MakeFetcher } from "../fetching/open-fetcher.js";
import { openFetcher } from "../fetching/open-fetcher.js";
import type { ServedTile } from "../model/model-server.js";
import { ModelServer } from "../model/model-server.js";
import type { ModelTile } from "../model/model-stack.js";
import { modelStack } from "../model/model-stack.js";
import type { Fault } from "./fault-kinds.js";
import { bodyFaults, connectionFaults, redirectFaults, stalls, statusFaults } from "./fault-kinds.js";

/** Part of the credentials of every fault test. Only the server may see it. */
export const secret = "very-secret";

/** A server that can do anything wrong, another origin that it may redirect to, and a fetcher with credentials. */
export interface FaultyServer {
  readonly server: ModelServer;
  /** Another origin; it has all tiles. */
  readonly elsewhere: ModelServer;
  readonly fetcher: ImageFetcher;
  /** All faults. */
  readonly faults: readonly Fault[];
}

/** Starts both servers. They end with the test. */
export async function openFaultyServer(
  make: MakeFetcher,
  faultOf: (
    tile: ServedTile,
    faults: readonly Fault[],
  ) => Fault | { readonly act: undefined | { readonly status: 404 | 410 } } | undefined,
  options: ImageFetcherOptions = {},
): Promise<FaultyServer> {
  const elsewhere = await ModelServer.start(modelStack());
  onTestFinished(() => elsewhere.close());
  const faults = [
    ...connectionFaults,
    ...stalls,
    ...statusFaults,
    ...bodyFaults,
    ...redirectFaults(elsewhere.origin),
  ];
  const { server, fetcher } = await openFetcher(make, {
    script: (tile) => faultOf(tile, faults)?.act,
    options: { auth: { token: secret }, fillValue: 255, ...options },
  });
  return { server, elsewhere, fetcher, faults };
}

/** The origin of a port that nobody listens on. */
export async function refusedOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Names a tile. */
export function nameOfTile({ depth, row, col, zoomLevel }: ModelTile): string {
  return `${depth}/${row}_${col}_${zoomLevel}`;
}
