import { Worker } from "node:worker_threads";
import workerSource from "virtual:node-tile-worker-source";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import type { BlockPool } from "../../src/pool/block-pool.js";
import {
  type CallerAndWorkersOptions,
  createCallerAndWorkersPool,
  startsThatPay,
} from "../../src/pool/caller-and-workers-pool.js";
import { createInProcessPool } from "../../src/pool/in-process-pool.js";
import { acquireSharedPool, closeSharedPools } from "../../src/pool/shared-pool.js";
import type { CreateTileWorker } from "../../src/pool/tile-worker-handle.js";
import { createWorkerPool, type WorkerPool } from "../../src/pool/worker-pool.js";
import { openFetcher } from "../support/fetcher-kinds.js";
import { type HttpTestServer, startHttpTestServer } from "../support/http-test-server.js";
import { describeTilePool } from "../support/pool-conformance.js";
import { TestTiles } from "../support/test-tiles.js";
import { greyTile } from "../support/tile-drawing.js";

const startTileWorker = (): Worker => new Worker(workerSource, { eval: true });

let server: HttpTestServer;
beforeAll(async () => {
  server = await startHttpTestServer();
});
afterAll(async () => {
  await closeSharedPools();
  await server.close();
});

const workersOf = (threads: number, createWorker: CreateTileWorker = startTileWorker): WorkerPool =>
  createWorkerPool({ threads, threadsAtFirst: threads - 1, createWorker });

async function untilReady(workers: WorkerPool, count: number): Promise<void> {
  while (workers.ready < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A pool whose jobs wait until so many of its workers are ready. */
function onceReady(workers: WorkerPool, ready: number, pool: BlockPool): BlockPool {
  pool.expect?.(Number.POSITIVE_INFINITY);
  const whenReady = untilReady(workers, ready);
  return {
    ...pool,
    async run(job, signal) {
      await whenReady;
      return pool.run(job, signal);
    },
  };
}

const many = { manyTiles: Number.POSITIVE_INFINITY, decodeMs: Number.POSITIVE_INFINITY };

describeTilePool("caller and workers, none started", {
  createPool: () => createCallerAndWorkersPool(workersOf(2), 2, many),
  origins: () => server,
  followsRedirects: true,
});

for (const [name, threads, ready] of [
  ["side by side", 3, 1],
  ["which do it alone", 2, 2],
] as const) {
  describeTilePool(`caller and workers, ${name}`, {
    createPool: () => {
      const workers = workersOf(2);
      return onceReady(workers, ready, createCallerAndWorkersPool(workers, threads));
    },
    origins: () => server,
    followsRedirects: true,
  });
}

describe("caller and workers: who does the jobs", () => {
  const never = new AbortController().signal;

  /** The workers that were started, and the jobs that they got. */
  interface Watched {
    readonly pool: BlockPool;
    readonly workers: WorkerPool;
    started: number;
    jobs: number;
    readonly tiles: (...seeds: number[]) => Promise<void>;
  }

  async function watch(
    { threads = 2, ...changes }: CallerAndWorkersOptions & { readonly threads?: number },
    use: (watched: Watched) => Promise<void>,
    createWorker: CreateTileWorker = startTileWorker,
  ): Promise<void> {
    const workers = workersOf(threads, () => {
      watched.started++;
      return createWorker();
    });
    const run = workers.run.bind(workers);
    workers.run = (job, signal) => {
      watched.jobs++;
      return run(job, signal);
    };
    const pool = createCallerAndWorkersPool(workers, threads, { ...many, ...changes });
    const served = new TestTiles(server.url);
    const tiles = async (...seeds: number[]): Promise<void> => {
      const got = await Promise.all(seeds.map((seed) => pool.run(served.job(`tile/64x48/${seed}`), never)));
      for (const [n, seed] of seeds.entries()) expect(got[n]).toMatchObject({ data: greyTile(seed, 64, 48) });
    };
    const watched: Watched = { pool, workers, started: 0, jobs: 0, tiles };
    try {
      await use(watched);
    } finally {
      await pool.close();
    }
  }

  test("a few tiles start no worker", () =>
    watch({}, async (watched) => {
      await watched.tiles(1, 2, 3, 4, 5);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
    }));

  test("enough of them start workers, one less than threads, and wait for none", () =>
    watch({ threads: 3, decodeMs: 0 }, async (watched) => {
      await watched.tiles(1, 2, 3, 4, 5, 6);
      expect(watched).toMatchObject({ started: 2, jobs: 0 });
    }));

  test("one tile at a time starts none, however long", () =>
    watch({ decodeMs: 0 }, async (watched) => {
      for (let seed = 1; seed <= 5; seed++) await watched.tiles(seed);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
    }));

  test("a fetch of many tiles starts them, and counts on them", () =>
    watch({ threads: 3, manyTiles: 64 }, async (watched) => {
      watched.pool.expect?.(63);
      await watched.tiles(1);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
      watched.pool.expect?.(64);
      expect(watched).toMatchObject({ started: 2 });
      await watched.tiles(1, 2, 3, 4, 5, 6);
      expect(watched.jobs).toBe(4);
    }));

  test("a fetch of very many starts the last one too", () =>
    watch({ threads: 3, manyTiles: 64 }, async (watched) => {
      watched.pool.expect?.(1000);
      expect(watched).toMatchObject({ started: 3, jobs: 0 });
    }));

  test("of two threads one is the calling one, and one tile at a time is its: no message is faster", () =>
    watch({ manyTiles: 64 }, async (watched) => {
      watched.pool.expect?.(64);
      await untilReady(watched.workers, 1);
      await watched.tiles(1, 2, 3, 4, 5, 6);
      expect(watched).toMatchObject({ started: 1, jobs: 3 });
      for (let seed = 1; seed <= 5; seed++) await watched.tiles(seed);
      expect(watched).toMatchObject({ started: 1, jobs: 3 });
    }));

  test("after long, the last worker starts, and the calling thread helps until all are ready", () =>
    watch({ manyTiles: 64, helpedTiles: 64 }, async (watched) => {
      watched.pool.expect?.(64);
      expect(watched.started).toBe(2);
      let tiles = 0;
      while (watched.workers.ready < 2) {
        const before = watched.jobs;
        await watched.tiles(1, 2, 3);
        tiles += 3;
        if (watched.workers.ready < 2) expect(watched.jobs - before).toBeLessThan(3);
      }
      expect(watched.jobs).toBeLessThan(tiles);
      const before = watched.jobs;
      await watched.tiles(1, 2, 3);
      expect(watched.jobs).toBe(before + 3);
    }));

  test("jobs that were shared count, and those of a thread that had nobody else do not", () =>
    watch({ manyTiles: 4, helpedTiles: 5 }, async (watched) => {
      watched.pool.expect?.(4);
      await untilReady(watched.workers, 1);
      for (let seed = 1; seed <= 8; seed++) await watched.tiles(seed);
      await watched.tiles(1, 2, 3, 4, 5, 6);
      expect(watched.started).toBe(1);
      await watched.tiles(1, 2, 3, 4, 5, 6);
      expect(watched.started).toBe(2);
    }));

  test("one thread is the calling one, until a worker takes its place", () =>
    watch({ threads: 1, manyTiles: 4 }, async (watched) => {
      watched.pool.expect?.(4);
      await watched.tiles(1, 2, 3, 4, 5, 6);
      expect(watched).toMatchObject({ started: 0, jobs: 0 });
      watched.pool.expect?.(1000);
      await untilReady(watched.workers, 1);
      await watched.tiles(1, 2);
      expect(watched).toMatchObject({ started: 1, jobs: 2 });
    }));

  test("where none can be started, the calling thread goes on and the pool says so", () =>
    watch(
      { manyTiles: 3 },
      async (watched) => {
        watched.pool.expect?.(3);
        await watched.tiles(1, 2, 3);
        expect(watched.pool.kind).toBe("in-process");
        expect(watched.workers.fallbackMessage).toMatch("no workers here");
      },
      () => {
        throw new Error("no workers here");
      },
    ));

  test.each([
    [
      "cannot be constructed",
      () => {
        throw new Error("no room for another");
      },
    ],
    ["ends before it is ready", () => new Worker("process.exit(3)", { eval: true })],
  ])("a last worker that %s leaves the others at work", (_name, failing) => {
    let started = 0;
    return watch(
      { manyTiles: 3, helpedTiles: 6 },
      async (watched) => {
        watched.pool.expect?.(3);
        await untilReady(watched.workers, 1);
        for (let round = 0; round < 20; round++) await watched.tiles(1, 2, 3, 4, 5, 6);
        expect(watched.started).toBe(2);
        expect(watched.workers).toMatchObject({ broken: false, ready: 1 });
      },
      () => (++started === 1 ? startTileWorker() : failing()),
    );
  });
});

test.each([
  ["one that is new", 2, 0, { manyTiles: 64, decodeMs: 60 }],
  ["one that has decoded much", 2, 250, { manyTiles: 1000, decodeMs: 250 }],
  ["one of many", 3, 250, { manyTiles: 64, decodeMs: 60 }],
])("%s starts workers as they pay", (_name, threads, decodedMs, starts) => {
  expect(startsThatPay(threads, decodedMs)).toEqual(starts);
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
    pool.expect?.(999);
    expect(count.started).toBe(2);
    await pool.close();
    pool.expect?.(1000);
    expect(count.started).toBe(2);
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
      protected override createPool(): BlockPool {
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
