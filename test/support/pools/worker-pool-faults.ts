import { describe, expect, test, vi } from "vitest";
import type { CreateTileWorker } from "../../../src/pool/worker-handle.js";
import { createWorkerPool, type WorkerPoolOptions } from "../../../src/pool/worker-pool.js";
import type { BlockJob } from "../../../workers/protocol.js";
import { CountedSignal } from "../fetching/counted-signal.js";
import { TestTiles } from "../model/test-tiles.js";
import { greyTile } from "../model/tile-drawing.js";

/** Misbehaving workers of a platform. */
export interface FaultyWorkers {
  /** Creates a worker that runs `faulty-tile-worker.ts`. */
  readonly faulty: CreateTileWorker;
  /** Creates a worker that starts and then never answers. */
  readonly mute: CreateTileWorker;
  /** Creates a worker that cannot be loaded. */
  readonly unloadable: CreateTileWorker;
  /** The origin of the test server. */
  readonly origin: () => string;
}

/** Time limits that only {@link withHandDrivenTime} reaches. */
const watched = { hungAfterMs: 1_000_000, handshakeTimeoutMs: 1_000_000_000 };

/** Runs a test whose timers fire when it says so. Each call of `passWatch` lets one watch elapse and messages arrive. */
async function withHandDrivenTime(use: (passWatch: () => Promise<void>) => Promise<void>): Promise<void> {
  const setRealTimeout = globalThis.setTimeout;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await use(async () => {
      vi.advanceTimersByTime(watched.hungAfterMs);
      await new Promise((resolve) => setRealTimeout(resolve, 10));
    });
  } finally {
    vi.useRealTimers();
  }
}

/** Tests how a pool of workers handles failing workers, on every platform. */
export function describeWorkerFaults(name: string, workers: FaultyWorkers): void {
  const never = (): AbortSignal => new AbortController().signal;
  const job = (word: string | number): BlockJob => new TestTiles("http://127.0.0.1:1").job(String(word));
  const withPool = async (
    options: Partial<WorkerPoolOptions>,
    use: (pool: ReturnType<typeof createWorkerPool>, started: () => number) => Promise<void>,
  ): Promise<void> => {
    let started = 0;
    const createWorker = (): ReturnType<CreateTileWorker> => {
      started += 1;
      return (options.createWorker ?? workers.faulty)();
    };
    const pool = createWorkerPool({ threads: 2, ...options, createWorker });
    try {
      await use(pool, () => started);
    } finally {
      await pool.close();
    }
  };

  describe(`${name}: workers that fail`, () => {
    test("a crash loses no other job: they are done again on a replacement", async () => {
      await withPool({ threads: 1 }, async (pool, started) => {
        const signal = new CountedSignal();
        const crash = pool.run(job("crash"), signal.signal);
        const others = [1, 2, 3].map((value) => pool.run(job(value), never()));
        for (const [i, tile] of (await Promise.all(others)).entries()) {
          expect(tile).toMatchObject({ kind: "block", data: new Uint8Array([i + 1]) });
        }
        expect(await crash).toMatchObject(lostWith("lost 3 times"));
        expect(signal.listeners).toBe(0);
        expect(started()).toBeGreaterThanOrEqual(3);
        expect(await pool.run(job(77), never())).toMatchObject({ data: new Uint8Array([77]) });
        expect(pool.kind).toBe("workers");
      });
    });

    test("workers that crash with every job break the pool, with an error that says so", async () => {
      await withPool({ threads: 1 }, async (pool) => {
        await pool.run(job(1), never());
        const crashes = Array.from({ length: 3 }, () =>
          pool.run(job("crash"), never()).catch((e: unknown) => e),
        );
        // Each job has a result while workers are replaced, and a rejection when they are not any more.
        for (const end of await Promise.all(crashes)) {
          expect([end]).toContainEqual(
            end instanceof Error
              ? expect.objectContaining({ code: "worker" })
              : expect.objectContaining({ kind: "error" }),
          );
        }
        await pool.run(job("crash"), never()).catch(() => {});
        expect(pool.broken).toBe(true);
        await expect(pool.run(job(1), never())).rejects.toMatchObject({
          code: "worker",
          message: expect.stringContaining("in a row"),
        });
      });
    });

    test("jobs that wait to be done alone start no worker once the pool is closed", async () => {
      await withPool({ threads: 1 }, async (pool, started) => {
        await pool.run(job(1), never());
        // Each job was lost twice and is tried a third time alone. There, the first of them never ends.
        const jobs = ["crash", "wait", "wait", "wait"].map((word) => pool.run(job(word), never()));
        const settled = Promise.allSettled(jobs);
        await jobs[0];
        await someTurns();
        const before = started();
        await pool.close();
        for (const outcome of (await settled).slice(1))
          expect(outcome).toMatchObject({ reason: { code: "closed" } });
        await someTurns();
        expect(started()).toBe(before);
      });
    });

    test("a hung worker is found out and replaced", async () => {
      await withHandDrivenTime(async (passWatch) => {
        await withPool({ threads: 1, ...watched }, async (pool) => {
          await pool.run(job(1), never());
          let hung: unknown;
          const settled = pool.run(job("hang"), never()).then((result) => {
            hung = result;
          });
          while (hung === undefined) await passWatch();
          await settled;
          expect(hung).toMatchObject(lostWith("hung"));
          expect(await pool.run(job(5), never())).toMatchObject({ data: new Uint8Array([5]) });
        });
      });
    });

    test("a worker that only waits is not taken for hung", async () => {
      await withHandDrivenTime(async (passWatch) => {
        await withPool({ threads: 1, ...watched }, async (pool, started) => {
          await pool.run(job(1), never());
          const controller = new AbortController();
          const waiting = pool.run(job("wait"), controller.signal).catch((error: unknown) => error);
          for (let watches = 0; watches < 6; watches += 1) {
            await passWatch();
            // Answers come in the order of the questions, so with this one the sign of life has come too.
            if (watches % 2 === 0) await pool.run(job(2), never());
          }
          expect(started()).toBe(1);
          controller.abort();
          expect(await waiting).toBe(controller.signal.reason);
        });
      });
    });

    test.each(["nonsense", "throw", "hand-back"])(
      "a worker that answers with %s is not believed",
      async (word) => {
        await withPool({}, async (pool) => {
          const end = await pool.run(job(word), never()).catch((error: unknown) => error);
          if (word === "hand-back") expect(end).toMatchObject({ code: "worker" });
          else expect(end).toMatchObject(lostWith("lost 3 times"));
          expect(await pool.run(job(9), never())).toMatchObject({ data: new Uint8Array([9]) });
        });
      },
    );

    test("an abort frees the caller of a job that its worker never finishes", async () => {
      await withPool({ threads: 1 }, async (pool) => {
        const controller = new AbortController();
        const waiting = pool.run(job("wait"), controller.signal);
        controller.abort(new Error("enough"));
        await expect(waiting).rejects.toThrow("enough");
        expect(await pool.run(job(3), never())).toMatchObject({ kind: "block" });
      });
    });

    test("close ends a hung worker as well", async () => {
      await withPool({ threads: 1 }, async (pool) => {
        await pool.run(job(1), never());
        const hung = pool.run(job("hang"), never()).catch((error: unknown) => error);
        await Promise.all([pool.close(), pool.close()]);
        expect(await hung).toMatchObject({ code: "closed" });
      });
    });
  });

  describe(`${name}: one more worker that cannot be started`, () => {
    test.each([
      ["cannot be constructed", undefined],
      ["does not load", workers.unloadable],
    ])("%s: those that are there do it all", async (_what, another) => {
      const warnings: string[] = [];
      let made = 0;
      const createWorker: CreateTileWorker = () => {
        if (++made === 1) return workers.faulty();
        if (another === undefined) throw new Error("no room for another");
        return another();
      };
      const options = { threads: 2, createWorker, onFallback: (message: string) => warnings.push(message) };
      await withPool(options, async (pool) => {
        await pool.run(job(1), never());
        for (let round = 0; round < 10; round++) {
          const blocks = await Promise.all([1, 2, 3, 4].map((value) => pool.run(job(value), never())));
          expect(blocks).toMatchObject([1, 2, 3, 4].map((value) => ({ data: new Uint8Array([value]) })));
        }
        expect([made, pool.kind, pool.broken, warnings]).toEqual([2, "workers", false, []]);
      });
    });
  });

  describe(`${name}: workers that cannot be started`, () => {
    const throwing: CreateTileWorker = () => {
      throw new Error("no workers here");
    };
    test.each([
      ["do not load", workers.unloadable],
      ["never report ready", workers.mute],
      ["cannot be constructed", throwing],
      ["are none", () => ({ postMessage() {}, terminate() {} })],
    ])("where they %s, the calling thread takes over and says so once", async (_what, createWorker) => {
      const warnings: string[] = [];
      const onFallback = (message: string): number => warnings.push(message);
      const tiles = new TestTiles(workers.origin());
      await withPool({ createWorker, handshakeTimeoutMs: 300, onFallback }, async (pool) => {
        const jobs = [1, 2, 3, 4].map((seed) => pool.run(tiles.job(`tile/64x48/${seed}`), never()));
        for (const [i, tile] of (await Promise.all(jobs)).entries()) {
          expect(tile).toMatchObject({ kind: "block", data: greyTile(i + 1, 64, 48) });
        }
        expect(pool.kind).toBe("in-process");
        expect(warnings).toEqual([expect.stringContaining("No tile worker could be started")]);
        expect(pool.fallbackMessage).toBe(warnings[0]);
      });
    });
  });
}

/** Waits until everything that is under way in this thread has run. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
}

/** The result of a job that was lost with its workers. */
function lostWith(words: string): object {
  return {
    kind: "error",
    error: { reason: "worker", status: 0, message: expect.stringContaining(words) },
  };
}
