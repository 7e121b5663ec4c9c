import { Worker } from "node:worker_threads";
import workerUrl from "virtual:tile-worker-url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageFetcher } from "../../src/image-fetcher.js";
import {
  createCallerAndWorkersPool,
  startsThatPay,
  type WorkerStarts,
} from "../../src/pool/caller-and-workers-pool.js";
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

const starts: WorkerStarts = { manyTiles: 64, decodeMs: 60, helpedTiles: 1000 };
const startTileWorker = (): Worker => new Worker(new URL(workerUrl));

let server: HttpTestServer;
beforeAll(async () => {
  server = await startHttpTestServer();
});
afterAll(async () => {
  await closeSharedPools();
  await server.close();
});

describeTilePool("caller and workers, none started", {
  createPool: () => createCallerAndWorkersPool(createWorkerPool({ threads: 1 }), 2),
  origins: () => server,
  followsRedirects: true,
});

describeTilePool("caller and workers, started", {
  createPool: () =>
    createCallerAndWorkersPool(createWorkerPool({ threads: 1 }), 2, { ...starts, decodeMs: 0 }),
  origins: () => server,
  followsRedirects: true,
});

describeTilePool("caller and workers, which do it alone", {
  createPool: () =>
    createCallerAndWorkersPool(createWorkerPool({ threads: 1 }), 2, {
      ...starts,
      decodeMs: 0,
      helpedTiles: 0,
    }),
  origins: () => server,
  followsRedirects: true,
});

describe("caller and workers: who does the jobs", () => {
  const never = new AbortController().signal;

  /** The workers that were started, and the jobs that they got. */
  interface Watched {
    readonly pool: TilePool;
    readonly workers: WorkerPool;
    started: number;
    jobs: number;
    readonly tile: (seed: number) => Promise<void>;
  }

  async function watch(
    { threads = 2, ...changes }: Partial<WorkerStarts> & { readonly threads?: number },
    use: (watched: Watched) => Promise<void>,
    createWorker: CreateTileWorker = startTileWorker,
  ): Promise<void> {
    const count = (): ReturnType<CreateTileWorker> => {
      watched.started++;
      return createWorker();
    };
    const workers = createWorkerPool({ threads: threads - 1, createWorker: count });
    const run = workers.run.bind(workers);
    workers.run = (job, signal) => {
      watched.jobs++;
      return run(job, signal);
    };
    const pool = createCallerAndWorkersPool(workers, threads, { ...starts, ...changes });
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
    watch({}, async (watched) => {
      for (let seed = 1; seed <= 5; seed++) await watched.tile(seed);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
    }));

  test("enough of them start the workers", () =>
    watch({ threads: 3, decodeMs: 0 }, async (watched) => {
      await watched.tile(1);
      expect(watched).toMatchObject({ started: 2 });
    }));

  test("a fetch of many tiles starts them", () =>
    watch({ threads: 3 }, async (watched) => {
      watched.pool.expect?.(63);
      await watched.tile(1);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
      watched.pool.expect?.(64);
      expect(watched).toMatchObject({ started: 2 });
    }));

  test("a fetch of very many starts the last one too", () =>
    watch({ threads: 3 }, async (watched) => {
      watched.pool.expect?.(1000);
      expect(watched).toMatchObject({ started: 3, jobs: 0 });
    }));

  test.each([
    [2, 3],
    [3, 4],
  ])("one of %i threads is the calling one: of six tiles at a time it leaves %i", (threads, theirs) =>
    watch({ threads, decodeMs: 0 }, async (watched) => {
      await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => watched.tile(seed)));
      expect(watched.jobs).toBe(theirs);
    }),
  );

  test("one tile at a time is the calling thread's: no message is faster", () =>
    watch({ decodeMs: 0 }, async (watched) => {
      for (let seed = 1; seed <= 5; seed++) await watched.tile(seed);
      expect(watched).toMatchObject({ started: 1, jobs: 0 });
    }));

  test("after long, the last worker starts, and the calling thread helps until all are ready", () =>
    watch({ decodeMs: 0, helpedTiles: 2 }, async (watched) => {
      await watched.tile(1);
      await watched.tile(2);
      expect(watched.started).toBe(1);
      let seed = 3;
      do {
        await watched.tile(seed++);
        expect(watched.started).toBe(2);
      } while (watched.workers.ready < 2);
      const before = watched.jobs;
      await watched.tile(seed);
      expect(watched.jobs).toBe(before + 1);
    }));

  test("where none can be started, the calling thread goes on and the pool says so", () =>
    watch(
      { decodeMs: 0 },
      async (watched) => {
        for (let seed = 1; seed <= 3; seed++) await watched.tile(seed);
        expect(watched.pool.kind).toBe("in-process");
        expect(watched.workers.fallbackMessage).toMatch("no workers here");
      },
      () => {
        throw new Error("no workers here");
      },
    ));
});

test.each([
  ["one that is new", 2, 0, 64],
  ["one that has decoded much", 2, 60, 500],
  ["one of many", 3, 60, 64],
])("%s starts workers as they pay", (_name, threads, decodedMs, manyTiles) => {
  expect(startsThatPay(threads, decodedMs)).toMatchObject({ manyTiles });
});

describe("shared pool: a caller that helps, and early ends", () => {
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

  test("one of the threads is the calling one, and nothing starts for a single tile", async () => {
    const count = counted();
    const { createWorker } = count;
    const tiles = new TestTiles(server.url);
    const pool = acquireSharedPool({ threads: 3, createWorker, callerHelps: true });
    await pool.run(tiles.job("tile/64x48/1"), never);
    expect(count.started).toBe(0);
    pool.expect?.(64);
    expect(count.started).toBe(2);
    await pool.close();
  });

  test("who wants workers alone gets a pool of their own, which starts at once", async () => {
    const count = counted();
    const { createWorker } = count;
    const helped = acquireSharedPool({ threads: 2, createWorker, callerHelps: true });
    const workersAlone = acquireSharedPool({ threads: 2, createWorker });
    expect(count.started).toBe(2);
    await Promise.all([helped.close(), workersAlone.close()]);
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
