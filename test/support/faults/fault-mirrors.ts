import { expect, onTestFinished } from "vitest";
import type { FetchReport } from "../../../src/fetch/fetch-report.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { MakeFetcher } from "../fetching/open-fetcher.js";
import { promptRetry } from "../fetching/open-fetcher.js";
import { modelStackInfo } from "../model/model-fetcher.js";
import type { Script } from "../model/model-server.js";
import { ModelServer } from "../model/model-server.js";
import type { ModelStack } from "../model/model-stack.js";
import { modelStack, modelVoxel } from "../model/model-stack.js";

/** How a mirror differs from the model stack. */
export interface MirrorSetUp {
  readonly script?: Script;
  readonly tileWidth?: number;
  readonly tileHeight?: number;
  /** Keys of the mirror in the stack info that are different. */
  readonly info?: object;
  /** Base URL to use instead of the server's. */
  readonly base?: string;
}

/** One server per mirror, and a fetcher that starts with the first. */
export async function openMirrors(
  make: MakeFetcher,
  mirrors: readonly MirrorSetUp[],
  options: ImageFetcherOptions = {},
  changes: Partial<ModelStack> = {},
) {
  const stack = modelStack(changes);
  const servers: ModelServer[] = [];
  const entries: object[] = [];
  for (const { script, info, base, ...size } of mirrors) {
    const own = { ...stack, ...size };
    const server = await ModelServer.start(own, script);
    onTestFinished(() => server.close());
    const [entry] = modelStackInfo(own, [base ?? server.base()])["mirrors"] as [object];
    entries.push({ ...entry, position: servers.length, title: `mirror ${servers.length}`, ...info });
    servers.push(server);
  }
  const fetcher = make(
    { ...modelStackInfo(stack, []), mirrors: entries },
    {
      retry: promptRetry,
      failover: true,
      fillValue: 255,
      ...options,
    },
  );
  onTestFinished(() => fetcher.close());
  return { fetcher, servers, stack };
}

/** Checks that the numbers of a report add up, whatever happened. */
export function expectSums({ report }: { readonly report: FetchReport }): void {
  const { planned, fetched, cached, filled } = report.tiles;
  expect(fetched + cached + filled).toBe(planned);
  expect(report.filled.filter(({ cause }) => cause !== "short-tile")).toHaveLength(filled);
  expect(report.tiles.elsewhere).toBe(report.elsewhere.length);
  expect(report.elsewhere.length).toBeLessThanOrEqual(fetched + cached);
  for (const { mirror } of report.elsewhere) {
    expect(mirror).not.toEqual(report.mirror);
    expect(report.failovers.map(({ to }) => to)).toContainEqual(mirror);
  }
}

/** A mirror whose array is the stack, shifted by an offset. */
export const moved = ({ x, y, z }: { x: number; y: number; z: number }): MirrorSetUp => ({
  info: { offset: { x, y, z } },
  script: ({ depth, row, col }) => {
    const data = Uint8Array.from({ length: 64 * 48 }, (_, i) =>
      modelVoxel(col * 64 + (i % 64) - x, row * 48 + Math.floor(i / 64) - y, depth - z, 0),
    );
    return { pixels: { data, width: 64, height: 48 } };
  },
});
