import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TileCache } from "../../src/cache/tile-cache.js";
import type { RetryOptions } from "../../src/schedule/retry.js";
import { defaultRetry } from "../../src/schedule/retry.js";
import type { TileOutcome, TileRequest, TileSchedulerOptions } from "../../src/schedule/tile-scheduler.js";
import { TileScheduler } from "../../src/schedule/tile-scheduler.js";
import type { TileResult } from "../../workers/protocol.js";
import { CountedSignal } from "../support/counted-signal.js";
import { failure, HandDrivenPool, plainJob, plainTile, settle } from "../support/hand-driven-pool.js";

const missing: TileResult = { kind: "missing", status: 404, bodyBytes: 3 };

function request(key: string, changes: Partial<TileRequest> = {}): TileRequest {
  return {
    key,
    origin: "http://host",
    position: `tile ${key}`,
    url: `http://host/${key}`,
    makeJob: () => plainJob(key),
    ...changes,
  };
}

interface Sleep {
  readonly ms: number;
  readonly signal: AbortSignal;
  wake(): void;
}

/** A scheduler whose pool, time and chance are the test's. */
function schedulerUnderTest(
  changes: Partial<Omit<TileSchedulerOptions, "retry">> & { retry?: RetryOptions } = {},
) {
  const pool = new HandDrivenPool();
  const cache = new TileCache();
  const sleeps: Sleep[] = [];
  const delay = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      sleeps.push({ ms, signal, wake: resolve });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const options = { pool, cache, maxRequests: 32, delay, random: () => 0.5, ...changes };
  const scheduler = new TileScheduler({ ...options, retry: { ...defaultRetry, ...changes.retry } });
  return { pool, cache, sleeps, scheduler };
}

function pixelOf(outcome: TileOutcome): number | undefined {
  return outcome.kind === "tile" ? outcome.tile.data[0] : undefined;
}

describe("one request per tile", () => {
  test("however many callers want it", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const callers = Array.from({ length: 100 }, () => scheduler.request(request("a")));
    await settle();
    expect(pool.started).toEqual(["a"]);
    pool.end("a", plainTile(7));
    expect((await Promise.all(callers)).map(pixelOf)).toEqual(Array(100).fill(7));
    expect(pool.started).toEqual(["a"]);
  });

  test("its bytes and retries are accounted for once", async () => {
    const { pool, scheduler, sleeps } = schedulerUnderTest();
    const callers = [1, 2, 3].map(() => scheduler.request(request("a")));
    await settle();
    pool.end("a", failure(500));
    await settle();
    sleeps[0]?.wake();
    await settle();
    pool.end("a", plainTile(1));
    const outcomes = await Promise.all(callers);
    expect(outcomes.map(({ bodyBytes, retries }) => [bodyBytes, retries])).toEqual([
      [11, 1],
      [0, 0],
      [0, 0],
    ]);
    expect(outcomes.map((outcome) => outcome.kind === "tile" && outcome.shared)).toEqual([false, true, true]);
  });

  test("where the first caller has left, the next one accounts for it", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const controller = new AbortController();
    const left = scheduler.request(request("a"), controller.signal).catch((error: unknown) => error);
    const stayed = scheduler.request(request("a"));
    await settle();
    controller.abort("gone");
    pool.end("a", plainTile(1));
    expect(await left).toBe("gone");
    expect(await stayed).toMatchObject({ shared: false, bodyBytes: 11 });
  });

  test("different tiles are different requests", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const [a, b] = [scheduler.request(request("a")), scheduler.request(request("b"))];
    await settle();
    pool.end("b", plainTile(2));
    pool.end("a", plainTile(1));
    expect([pixelOf(await a), pixelOf(await b)]).toEqual([1, 2]);
  });
});

describe("cache", () => {
  test("keeps what came, and hands it out without a request", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    expect(scheduler.cached("a")).toBeUndefined();
    const fetched = scheduler.request(request("a"));
    await settle();
    pool.end("a", plainTile(9));
    expect(await fetched).toMatchObject({
      kind: "tile",
      shared: false,
      retries: 0,
      bodyBytes: 19,
      decoder: "png-ts",
    });
    expect(scheduler.cached("a")).toEqual({ data: new Uint8Array(4).fill(9), width: 2, height: 2 });
  });

  test.each<[string, TileResult]>([
    ["a missing tile", missing],
    ["a failed one", failure(403)],
  ])("never keeps %s: a later caller asks anew", async (_what, result) => {
    const { pool, cache, scheduler } = schedulerUnderTest();
    const first = scheduler.request(request("a")).catch(() => "failed");
    await settle();
    pool.end("a", result);
    await first;
    expect(cache.size).toBe(0);
    const second = scheduler.request(request("a"));
    await settle();
    pool.end("a", plainTile(5));
    expect(pixelOf(await second)).toBe(5);
    expect(pool.started).toEqual(["a", "a"]);
  });

  test("never keeps an aborted one, not even if it still came", async () => {
    const { pool, cache, scheduler } = schedulerUnderTest();
    const controller = new AbortController();
    const left = scheduler.request(request("a"), controller.signal);
    await settle();
    controller.abort("gone");
    await expect(left).rejects.toBe("gone");
    expect(cache.size).toBe(0);
    const again = scheduler.request(request("a"));
    await settle();
    expect(pool.started).toEqual(["a", "a"]);
    pool.end("a", plainTile(5));
    expect(pixelOf(await again)).toBe(5);
    expect(cache.size).toBe(1);
  });
});

describe("abort", () => {
  test("of one caller leaves the request to the others", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const [a, b] = [new AbortController(), new AbortController()];
    const first = scheduler.request(request("a"), a.signal);
    const second = scheduler.request(request("a"), b.signal);
    await settle();
    const reason = new Error("mine alone");
    a.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(pool.aborted).toEqual([]);
    pool.end("a", plainTile(3));
    expect(pixelOf(await second)).toBe(3);
  });

  test("of all callers aborts the request; who comes next starts a new one", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const controllers = [1, 2, 3].map(() => new AbortController());
    const settled = Promise.allSettled(
      controllers.map(({ signal }) => scheduler.request(request("a"), signal)),
    );
    await settle();
    for (const [i, controller] of controllers.entries()) {
      expect(pool.aborted).toEqual([]);
      controller.abort(i);
    }
    expect(pool.aborted).toEqual(["a"]);
    // Still in the same turn of the event loop: the aborted task must not be joined.
    const next = scheduler.request(request("a"));
    expect((await settled).map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([
      0, 1, 2,
    ]);
    await settle();
    pool.end("a", plainTile(8));
    expect(pixelOf(await next)).toBe(8);
  });

  test("before the start makes no request and asks for no credentials", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    let asked = 0;
    const makeJob = () => {
      asked++;
      return plainJob("a");
    };
    const aborted = scheduler.request(request("a", { makeJob }), AbortSignal.abort("before"));
    await expect(aborted).rejects.toBe("before");
    await settle();
    expect([pool.started, asked]).toEqual([[], 0]);
  });

  test("of a queued request makes none", async () => {
    const { pool, scheduler } = schedulerUnderTest({ maxRequests: 1 });
    const running = scheduler.request(request("a"));
    const controller = new AbortController();
    const queued = scheduler.request(request("b"), controller.signal);
    await settle();
    controller.abort("not worth waiting");
    await expect(queued).rejects.toBe("not worth waiting");
    pool.end("a", plainTile(1));
    await running;
    await settle();
    expect(pool.started).toEqual(["a"]);
  });

  test("ends the sleep before the next attempt", async () => {
    const { pool, scheduler, sleeps } = schedulerUnderTest();
    const controller = new AbortController();
    const sleeping = scheduler.request(request("a"), controller.signal);
    await settle();
    pool.end("a", failure(500));
    await settle();
    expect(sleeps).toHaveLength(1);
    controller.abort("no patience");
    await expect(sleeping).rejects.toBe("no patience");
    expect(sleeps[0]?.signal.aborted).toBe(true);
    await settle();
    expect(pool.started).toEqual(["a"]);
  });

  test("while the credentials are awaited makes no request, and keeps no turn", async () => {
    const { pool, scheduler } = schedulerUnderTest({ maxRequests: 1 });
    const controller = new AbortController();
    const makeJob = (): Promise<never> => new Promise(() => {});
    const stuck = scheduler.request(request("a", { makeJob }), controller.signal);
    await settle();
    const other = scheduler.request(request("b"));
    await settle();
    expect(pool.started).toEqual(["b"]);
    controller.abort("enough");
    await expect(stuck).rejects.toBe("enough");
    pool.end("b", plainTile(1));
    expect(pixelOf(await other)).toBe(1);
  });

  test("frees the turn of a request that ran", async () => {
    const { pool, scheduler } = schedulerUnderTest({ maxRequests: 1 });
    const controller = new AbortController();
    const aborted = scheduler.request(request("a"), controller.signal);
    const next = scheduler.request(request("b"));
    await settle();
    controller.abort("gone");
    await expect(aborted).rejects.toBe("gone");
    await settle();
    pool.end("b", plainTile(2));
    expect(pixelOf(await next)).toBe(2);
  });

  test("listeners of a signal are counted, and are none in the end", async () => {
    const { pool, scheduler } = schedulerUnderTest({ maxRequests: 4 });
    const signal = new CountedSignal();
    const keys = Array.from({ length: 64 }, (_, i) => `tile ${i}`);
    const all = Promise.allSettled(keys.map((key) => scheduler.request(request(key), signal.signal)));
    await settle();
    expect(signal.listeners).toBe(1);
    for (const [i, key] of keys.entries()) {
      pool.end(key, i % 3 === 0 ? plainTile(1) : i % 3 === 1 ? missing : failure(400));
      await settle();
    }
    await all;
    expect(signal.listeners).toBe(0);
  });
});

describe("retry", () => {
  /** Answers the attempts for one tile one after another, waking every sleep. */
  async function answers(results: readonly TileResult[], retry: RetryOptions = {}) {
    const under = schedulerUnderTest({ retry });
    const done = under.scheduler.request(request("a")).then(
      (outcome) => outcome,
      (error: unknown) => error,
    );
    for (const [i, result] of results.entries()) {
      await settle();
      under.pool.end("a", result);
      await settle();
      under.sleeps[i]?.wake();
    }
    return { ...under, done, outcome: await done };
  }

  test("goes on until the tile comes, and says how often it did", async () => {
    const { outcome, pool } = await answers([failure(503), failure(500), plainTile(4)]);
    expect(outcome).toMatchObject({ kind: "tile", retries: 2, bodyBytes: 14 });
    expect(pool.started).toHaveLength(3);
  });

  test("a tile that turns out to be missing is missing", async () => {
    const { outcome } = await answers([failure(500), missing]);
    expect(outcome).toEqual({ kind: "missing", url: "http://host/a", status: 404, retries: 1, bodyBytes: 3 });
  });

  test("ends after the last attempt with an error that names tile, cause and attempts", async () => {
    const { outcome, pool } = await answers(Array(3).fill(failure(500)), { attempts: 3 });
    expect(pool.started).toHaveLength(3);
    expect(outcome).toMatchObject({
      name: "TileFetchError",
      code: "tile-fetch",
      status: 500,
      attempts: 3,
      reason: "http",
      message: "tile a: answered with 500 (3 attempts)",
    });
  });

  test("one attempt is no retry", async () => {
    const { outcome, pool, sleeps } = await answers([failure(500)], { attempts: 1 });
    expect(outcome).toMatchObject({ code: "tile-fetch", attempts: 1, message: "tile a: answered with 500" });
    expect([pool.started.length, sleeps.length]).toEqual([1, 0]);
  });

  test.each([failure(400), failure(401), failure(403), failure(0, { reason: "unsupported-image" })])(
    "does not repeat what no repetition helps",
    async (result) => {
      const { outcome, pool, sleeps } = await answers([result]);
      expect(outcome).toMatchObject({ attempts: 1 });
      expect([pool.started.length, sleeps.length]).toEqual([1, 0]);
    },
  );

  test("waits longer each time, with jitter", async () => {
    const { sleeps } = await answers(Array(5).fill(failure(0, { reason: "network" })));
    expect(sleeps.map(({ ms }) => ms)).toEqual([100, 200, 400, 800]);
  });

  test("waits as long as the server asks for, up to the longest delay", async () => {
    const { sleeps } = await answers([
      failure(503, { retryAfterMs: 3000 }),
      failure(429, { retryAfterMs: 99_000 }),
      plainTile(1),
    ]);
    expect(sleeps.map(({ ms }) => ms)).toEqual([3000, 10_000]);
  });

  test("asks for new credentials with each attempt", async () => {
    const { pool, scheduler, sleeps } = schedulerUnderTest();
    let asked = 0;
    const makeJob = async () => ({ ...plainJob("a"), headers: { Authorization: `Token ${++asked}` } });
    const done = scheduler.request(request("a", { makeJob }));
    await settle();
    pool.end("a", failure(500));
    await settle();
    sleeps[0]?.wake();
    await settle();
    expect(pool.open[0]?.job.headers).toEqual({ Authorization: "Token 2" });
    pool.end("a", plainTile(1));
    await done;
  });

  test("a sleeping request holds no turn", async () => {
    const { pool, scheduler, sleeps } = schedulerUnderTest({ maxRequests: 1 });
    const first = scheduler.request(request("a"));
    const second = scheduler.request(request("b"));
    await settle();
    pool.end("a", failure(500));
    await settle();
    expect(pool.started).toEqual(["a", "b"]);
    pool.end("b", plainTile(2));
    await second;
    sleeps[0]?.wake();
    await settle();
    pool.end("a", plainTile(1));
    expect(pixelOf(await first)).toBe(1);
  });

  test("what is wrong with the pool or the credentials is passed on as it is, and no turn is lost", async () => {
    const { pool, scheduler } = schedulerUnderTest({ maxRequests: 1 });
    const crashed = scheduler.request(request("a"));
    await settle();
    const crash = new Error("worker lost");
    pool.open[0]?.reject(crash);
    await expect(crashed).rejects.toBe(crash);
    const refused = new Error("no password");
    const makeJob = (): Promise<never> => Promise.reject(refused);
    await expect(scheduler.request(request("b", { makeJob }))).rejects.toBe(refused);
    const throwing = (): never => {
      throw refused;
    };
    await expect(scheduler.request(request("b", { makeJob: throwing }))).rejects.toBe(refused);
    const fine = scheduler.request(request("c"));
    await settle();
    pool.end("c", plainTile(6));
    expect(pixelOf(await fine)).toBe(6);
  });
});

describe("limit", () => {
  test("bounds the requests to one host, not those to another", async () => {
    const { pool, scheduler } = schedulerUnderTest({ maxRequests: 2 });
    for (const key of ["a", "b", "c"]) scheduler.request(request(key)).catch(() => {});
    for (const key of ["x", "y", "z"])
      scheduler.request(request(key, { origin: "http://other" })).catch(() => {});
    await settle();
    expect(pool.started).toEqual(["a", "b", "x", "y"]);
    pool.end("x", plainTile(1));
    await settle();
    expect(pool.started).toEqual(["a", "b", "x", "y", "z"]);
  });

  test("is halved by 429 and 503 and grows again with answers, missing tiles among them", async () => {
    const { pool, scheduler, sleeps } = schedulerUnderTest({ maxRequests: 4 });
    const all = Array.from({ length: 12 }, (_, i) => scheduler.request(request(`t${i}`)));
    await settle();
    expect(pool.open).toHaveLength(4);
    pool.end("t0", failure(503));
    pool.end("t1", failure(429));
    await settle();
    expect(pool.open).toHaveLength(2);
    pool.end("t2", plainTile(1));
    pool.end("t3", plainTile(1));
    await settle();
    // Those two were asked before: they tell nothing about a bound of two.
    expect(pool.open.map(({ job }) => job.url)).toEqual(["t4", "t5"]);
    pool.end("t4", missing);
    pool.end("t5", plainTile(1));
    await settle();
    expect(pool.open).toHaveLength(3);
    for (const sleep of sleeps) sleep.wake();
    while (pool.open.length > 0) {
      for (const { job } of [...pool.open]) pool.end(job.url, plainTile(1));
      await settle();
    }
    expect(await Promise.all(all)).toHaveLength(12);
    expect(pool.mostOpen).toBe(4);
  });

  test("property: never exceeded, one request at a time per tile, every caller has its own end", async () => {
    const caller = fc.record({
      tile: fc.integer({ min: 0, max: 5 }),
      aborts: fc.boolean(),
      fails: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 3 }),
        fc.array(caller, { minLength: 1, maxLength: 25 }),
        async (order, maxRequests, callers) => {
          const underWay = new Set<string>();
          let failuresLeft = callers.reduce((sum, { fails }) => sum + fails, 0) >> 1;
          const pool = {
            kind: "in-process" as const,
            close: async () => {},
            async run(job: { url: string }, signal: AbortSignal): Promise<TileResult> {
              signal.throwIfAborted();
              expect(underWay.has(job.url)).toBe(false);
              underWay.add(job.url);
              expect(underWay.size).toBeLessThanOrEqual(maxRequests);
              const answer = order.schedule(Promise.resolve(), `answer ${job.url}`);
              const aborted = new Promise<never>((_, reject) =>
                signal.addEventListener("abort", () => reject(signal.reason)),
              );
              try {
                await Promise.race([answer, aborted]);
              } finally {
                underWay.delete(job.url);
              }
              return failuresLeft-- > 0 ? failure(503) : plainTile(Number(job.url));
            },
          };
          const delay = async (): Promise<void> => {
            await order.schedule(Promise.resolve(), "sleep");
          };
          const { scheduler } = schedulerUnderTest({ pool, maxRequests, delay, retry: { attempts: 100 } });
          const outcomes = callers.map(async ({ tile, aborts }, i) => {
            await order.schedule(Promise.resolve(), `caller ${i}`);
            const controller = new AbortController();
            const cached = scheduler.cached(String(tile));
            if (cached !== undefined) return expect(cached.data[0]).toBe(tile);
            if (aborts) order.schedule(Promise.resolve(), `abort ${i}`).then(() => controller.abort(i));
            const outcome = await scheduler.request(request(String(tile)), controller.signal).then(
              (value) => pixelOf(value),
              (reason: unknown) => ({ reason }),
            );
            if (typeof outcome === "object") expect([outcome.reason, aborts]).toEqual([i, true]);
            else expect(outcome).toBe(tile);
          });
          await order.waitFor(Promise.all(outcomes));
          expect(underWay.size).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
