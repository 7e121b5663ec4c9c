import { Worker } from "node:worker_threads";
import workerUrl from "virtual:tile-worker-url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageFetcher } from "../../src/image-fetcher.js";
import { createCallerFirstPool } from "../../src/pool/caller-first-pool.js";
import { createInProcessPool } from "../../src/pool/in-process-pool.js";
import { acquireSharedPool, closeSharedPools } from "../../src/pool/shared-pool.js";
import type { TilePool } from "../../src/pool/tile-pool.js";
import type { CreateTileWorker } from "../../src/pool/tile-worker-handle.js";
import { createWorkerPool, type WorkerPool } from "../../src/pool/worker-pool.js";
import { openFetcher } from "../support/fetcher-kinds.js";
import { type HttpTestServer, startHttpTestServer } from "../support/http-test-server.js";
import { describeTilePool } from "../support/pool-conformance.js";
import { TestTiles } from "../support/test-tiles.js";
import { greyTile } from "../support/tile-drawing.js";

const startTileWorker = (): Worker => new Worker(new URL(workerUrl));

let server: HttpTestServer;
beforeAll(async () => {
  server = await startHttpTestServer();
});
afterAll(async () => {
  await closeSharedPools();
  await server.close();
});

describeTilePool("caller-first pool, calling thread", {
  createPool: () => createCallerFirstPool(createWorkerPool({ threads: 2 })),
  origins: () => server,
  followsRedirects: true,
});

describeTilePool("caller-first pool, workers", {
  createPool: () => {
    const pool = createCallerFirstPool(createWorkerPool({ threads: 2 }));
    pool.start();
    return pool;
  },
  origins: () => server,
  followsRedirects: true,
});

describe("caller-first pool: who does the jobs", () => {
  const never = new AbortController().signal;

  /** The workers that were started, and the jobs that they got. */
  interface Watched {
    readonly pool: WorkerPool;
    readonly workers: WorkerPool;
    started: number;
    jobs: number;
    readonly tile: (seed: number) => Promise<void>;
  }

  async function watch(
    decodeMs: number | undefined,
    use: (watched: Watched) => Promise<void>,
    createWorker: CreateTileWorker = startTileWorker,
  ): Promise<void> {
    const count = (): ReturnType<CreateTileWorker> => {
      watched.started++;
      return createWorker();
    };
    const workers = createWorkerPool({ threads: 2, createWorker: count });
    const run = workers.run.bind(workers);
    workers.run = (job, signal) => {
      watched.jobs++;
      return run(job, signal);
    };
    const pool = createCallerFirstPool(workers, decodeMs);
    const tiles = new TestTiles(server.url);
    const tile = async (seed: number): Promise<void> => {
      const got = await pool.run(tiles.job(`tile/64x48/${seed}`), never);
      expect(got).toMatchObject({ data: greyTile(seed, 64, 48) });
    };
    const watched: Watched = { pool, workers, started: 0, jobs: 0, tile };
    try {
      await use(watched);
    } finally {
      await pool.close();
    }
  }

  test("a few tiles start no worker", () =>
    watch(undefined, async (watched) => {
      for (let seed = 1; seed <= 5; seed++) await watched.tile(seed);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
    }));

  test("enough of them start the workers, which do the jobs once one is ready", () =>
    watch(0, async (watched) => {
      await watched.tile(1);
      expect(watched).toMatchObject({ started: 2, jobs: 0 });
      let seed = 2;
      while (!watched.pool.ready) await watched.tile(seed++);
      expect(watched.jobs).toBe(0);
      await watched.tile(seed);
      expect(watched).toMatchObject({ started: 2, jobs: 1 });
    }));

  test("a fetch of many tiles starts them, and leaves it all to them", () =>
    watch(undefined, async (watched) => {
      watched.pool.expect?.(63);
      await watched.tile(1);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
      watched.pool.expect?.(64);
      await watched.tile(2);
      expect(watched).toMatchObject({ started: 2, jobs: 1 });
    }));

  test("started expressly, they do all of them", () =>
    watch(undefined, async (watched) => {
      watched.pool.start();
      await watched.tile(1);
      expect(watched).toMatchObject({ started: 2, jobs: 1 });
    }));

  test("where none can be started, the calling thread goes on and the pool says so", () =>
    watch(
      0,
      async (watched) => {
        for (let seed = 1; seed <= 3; seed++) await watched.tile(seed);
        expect(watched.pool.kind).toBe("in-process");
        expect(watched.pool.fallbackMessage).toMatch("no workers here");
      },
      () => {
        throw new Error("no workers here");
      },
    ));
});

describe("shared pool: late starts and early ends", () => {
  const never = new AbortController().signal;

  function counted(): { readonly createWorker: CreateTileWorker; started: number; ended: number } {
    const count = {
      started: 0,
      ended: 0,
      createWorker(): ReturnType<CreateTileWorker> {
        count.started++;
        const worker = startTileWorker();
        worker.once("exit", () => count.ended++);
        return worker;
      },
    };
    return count;
  }

  test("a share that may start late starts nothing; the next one that may not starts the workers of both", async () => {
    const count = counted();
    const { createWorker } = count;
    const tiles = new TestTiles(server.url);
    const late = acquireSharedPool({ threads: 2, createWorker, startLate: true });
    await late.run(tiles.job("tile/64x48/1"), never);
    expect(count.started).toBe(0);
    const atOnce = acquireSharedPool({ threads: 2, createWorker });
    expect(count.started).toBe(2);
    await Promise.all([late.close(), atOnce.close()]);
  });

  test.each([
    ["of its own", {}],
    ["with the caller's fetch", { fetch: globalThis.fetch }],
  ])("a fetch tells the pool, %s, how many tiles it wants", async (_name, options) => {
    const expected: number[] = [];
    class Told extends ImageFetcher {
      protected override createPool(): TilePool {
        return Object.assign(createInProcessPool(), { expect: (tiles: number) => expected.push(tiles) });
      }
    }
    const { fetcher } = await openFetcher((info, more) => Told.fromStackInfo(info, more), { options });
    const twoSections = [
      [1, 30, 50],
      [3, 80, 145],
    ] as const; // of 2 × 3 tiles
    await fetcher.get(twoSections);
    expect(expected).toEqual([12]);
  });

  test("with no time to linger, close waits until the workers have ended", async () => {
    const count = counted();
    const pool = acquireSharedPool({ threads: 2, createWorker: count.createWorker, lingerMs: 0 });
    await pool.run(new TestTiles(server.url).job("tile/64x48/1"), never);
    await pool.close();
    expect(count).toMatchObject({ started: 2, ended: 2 });
  });
});
