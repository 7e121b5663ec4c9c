import { getEventListeners } from "node:events";
import { afterAll, describe, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { chanceOf } from "../../support/faults/fault-chance.js";
import { openFaultyServer } from "../../support/faults/fault-server.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";
import { expectNoComplaints } from "../../support/fetching/expect-no-complaints.js";
import { fetcherKinds, openFetcher } from "../../support/fetching/open-fetcher.js";
import type { Misbehaviour } from "../../support/model/model-server.js";
import { expectedVolume } from "../../support/model/model-stack.js";
import { runs } from "../../support/thorough.js";

afterAll(closeSharedPools);

expectNoComplaints("warning");

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What keeps this process alive: sockets of the server and of requests under way, timers, and so on. */
function openResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  // The turns of this test's own waiting.
  for (const kind of process.getActiveResourcesInfo())
    if (kind !== "Immediate") counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Ends with the test's own time limit if it never holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

const sockets = (): number => openResources()["TCPSocketWrap"] ?? 0;
const timers = (): number => openResources()["Timeout"] ?? 0;

const roi = [
  [2, 0, 0],
  [3, 40, 100],
] as const; // Two tiles.
const [lower, upper] = roi;
const region = { lower, upper } as const;

const waits: readonly Misbehaviour[] = [
  "hold",
  "stall",
  { status: 503, headers: { "Retry-After": "86400" } },
  { answer: (_file, response) => response.writeHead(200, { "Content-Length": 100 }).flushHeaders() },
];

describe.each(fetcherKinds)("%s: leaves nothing behind", (_name, make) => {
  test("after 1,000 fetches that were aborted, at every stage", { timeout: 60_000 }, async () => {
    const { fetcher, server } = await openFetcher(make, {
      options: { retry: { attempts: 3, maxDelayMs: 2 ** 31 - 1 }, timeoutMs: 2 ** 31 - 1, maxRequests: 4 },
    });
    expect((await fetcher.get(roi)).data).toEqual(expectedVolume(server.stack, region).data);
    fetcher.clearCache();
    const before = { timers: timers(), sockets: sockets() };
    const controllers: AbortController[] = [];
    for (let round = 0; round < 100; round++) {
      const seen = server.requests.length;
      server.script = () => waits[round % waits.length];
      const fetches = Array.from({ length: 10 }, () => {
        const controller = new AbortController();
        controllers.push(controller);
        return fetcher.get(roi, { signal: controller.signal });
      });
      const settled = Promise.allSettled(fetches);
      // At once, a few turns later, or when the server has something to answer.
      if (round % 3 === 1) for (let i = 0; i < round % 7; i++) await turn();
      if (round % 3 === 2) await server.until(({ requests }) => requests.length > seen);
      for (const [i, controller] of controllers.slice(-10).entries()) controller.abort(i);
      expect((await settled).map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
    }
    expect(controllers).toHaveLength(1000);
    expect(controllers.flatMap(({ signal }) => getEventListeners(signal, "abort"))).toEqual([]);
    // Connections in use are given up; those that idle are few, whichever side counts them.
    await until(() => sockets() <= before.sockets + 8);
    await until(() => timers() <= before.timers + 8);
    expect(fetcher.cacheStatistics).toMatchObject({ tiles: 0, bytes: 0 });
    server.script = () => undefined;
    expect((await fetcher.get(roi)).data).toEqual(expectedVolume(server.stack, region).data);
    await fetcher.close();
    await server.close();
    await until(() => sockets() === 0);
  });

  test("after fetches that failed, or were filled, in all ways there are", async () => {
    const signal = new CountedSignal();
    const { fetcher, server } = await openFaultyServer(
      make,
      (tile, faults) => {
        const apt = faults.filter(({ stalls }) => stalls === undefined);
        return apt[Math.floor(chanceOf(1, tile) * 1.5 * apt.length)];
      },
      { fillValue: 0, maxRequests: 4 },
    );
    for (let i = 0; i < runs(6); i++) {
      fetcher.clearCache();
      const options = { signal: signal.signal, onTileError: i % 2 === 0 ? "throw" : "fill" } as const;
      await fetcher.get(roi, options).catch(() => {});
      expect(signal.listeners).toBe(0);
    }
    server.script = () => undefined;
    fetcher.clearCache();
    expect((await fetcher.get(roi)).data).toEqual(expectedVolume(server.stack, region).data);
    await fetcher.close();
    await server.close();
    await until(() => sockets() <= 0);
  });

  test("of two callers on one failing tile: one aborts between attempts, the other gets its voxels", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ attempt }) =>
        attempt < 3 ? { status: 503, headers: { "Retry-After": "3600" } } : undefined,
      options: { retry: { attempts: 3, maxDelayMs: 20 } },
    });
    const controller = new AbortController();
    const aborted = fetcher.get(roi, { signal: controller.signal });
    const other = fetcher.get(roi);
    await server.until(({ requests }) => requests.length >= 2);
    controller.abort("mine alone");
    await expect(aborted).rejects.toBe("mine alone");
    const { data, report } = await other;
    expect(data).toEqual(expectedVolume(server.stack, region).data);
    expect(report).toMatchObject({ retries: 4, tiles: { fetched: 2 } });
    expect(server.requests).toHaveLength(6);
  });

  test("after a close between attempts", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: () => ({ status: 429, headers: { "Retry-After": "86400" } }),
      options: { retry: { attempts: 3, maxDelayMs: 2 ** 31 - 1 } },
    });
    const before = timers();
    const fetching = fetcher.get(roi).catch((error: unknown) => error);
    await server.until(({ requests }) => requests.length === 2);
    await fetcher.close();
    expect(await fetching).toMatchObject({ code: "closed" });
    await server.close();
    await until(() => timers() <= before && sockets() === 0);
  });
});
