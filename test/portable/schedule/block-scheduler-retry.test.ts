import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RetryOptions } from "../../../src/schedule/retry.js";
import type { BlockResult } from "../../../workers/protocol.js";
import { heldWait } from "../../support/fetching/held-wait.js";
import {
  missing,
  request,
  schedulerUnderTest,
  voxelOf,
} from "../../support/fetching/scheduler-under-test.js";
import { failure, plainBlock, plainJob, settle } from "../../support/pools/hand-driven-pool.js";
import { runs } from "../../support/thorough.js";

describe("retry", () => {
  /** Answers the attempts for one tile one after another, waking every sleep. */
  async function answers(results: readonly BlockResult[], retry: RetryOptions = {}) {
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
    const { outcome, pool } = await answers([failure(503), failure(500), plainBlock(4)]);
    expect(outcome).toMatchObject({ kind: "block", retries: 2, bodyBytes: 14 });
    expect(pool.started).toHaveLength(3);
  });

  test("a tile that turns out to be missing is missing", async () => {
    const { outcome } = await answers([failure(500), missing]);
    expect(outcome).toEqual({ kind: "missing", url: "a", status: 404, retries: 1, bodyBytes: 3 });
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

  test.each([
    failure(400),
    failure(401),
    failure(403),
    failure(0, { reason: "unsupported-image" }),
    failure(0, { reason: "worker" }),
  ])("does not repeat what no repetition helps", async (result) => {
    const { outcome, pool, sleeps } = await answers([result]);
    expect(outcome).toMatchObject({ attempts: 1 });
    expect([pool.started.length, sleeps.length]).toEqual([1, 0]);
  });

  test("waits longer each time, with jitter", async () => {
    const { sleeps } = await answers(Array(5).fill(failure(0, { reason: "network" })));
    expect(sleeps.map(({ ms }) => ms)).toEqual([100, 200, 400, 800]);
  });

  test("waits as long as the server asks for, up to the longest delay", async () => {
    const { sleeps } = await answers([
      failure(503, { retryAfterMs: 3000 }),
      failure(429, { retryAfterMs: 99_000 }),
      plainBlock(1),
    ]);
    expect(sleeps.map(({ ms }) => ms)).toEqual([3100, 10_000]);
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
    pool.end("a", plainBlock(1));
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
    pool.end("b", plainBlock(2));
    await second;
    sleeps[0]?.wake();
    await settle();
    pool.end("a", plainBlock(1));
    expect(voxelOf(await first)).toBe(1);
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
    pool.end("c", plainBlock(6));
    expect(voxelOf(await fine)).toBe(6);
  });
});

describe("a host that is asked too much", () => {
  /** A host with as many answers as it has tokens; the test gives it more. */
  function throttled(retry: RetryOptions = {}) {
    const under = schedulerUnderTest({ maxRequests: 4, retry, now: () => 0 });
    return {
      ...under,
      /** Answers what is asked with as many tiles, and refusals for the rest. Wakes all sleeps. */
      async round(tokens: number): Promise<void> {
        await settle();
        for (const { job } of [...under.pool.open]) {
          under.pool.end(job.url, tokens-- > 0 ? plainBlock(1) : failure(503));
          await settle();
        }
        for (const sleep of under.sleeps.splice(0)) sleep.wake();
        await settle();
      },
    };
  }

  test("does not use up a tile's attempts while it answers others", async () => {
    const { pool, round, scheduler } = throttled({ attempts: 2 });
    const all = Promise.all(Array.from({ length: 30 }, (_, i) => scheduler.request(request(`t${i}`))));
    for (let rounds = 0; rounds < 100 && pool.started.length < 1000; rounds++) await round(1);
    const outcomes = await all;
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(30).fill("block"));
    expect(outcomes.some(({ retries }) => retries >= 2)).toBe(true);
  });

  test("does not use them up within 5 s of a good answer, though another process has all the others, and waits longer each time", async () => {
    let time = 0;
    const { pool, scheduler, sleeps } = schedulerUnderTest({ retry: { attempts: 2 }, now: () => time });
    const good = scheduler.request(request("good"));
    await settle();
    pool.end("good", plainBlock(1));
    await good;
    const end = scheduler.request(request("a")).catch((error: unknown) => error);
    const waits: number[] = [];
    const refuse = async (): Promise<void> => {
      await settle();
      pool.end("a", failure(503));
      await settle();
      for (const { ms, wake } of sleeps.splice(0)) {
        waits.push(ms);
        wake();
      }
    };
    for (time of [100, 200, 400, 4999]) await refuse();
    expect(waits).toEqual([100, 200, 400, 800]);
    for (time of [5000, 5100]) await refuse();
    expect(await end).toMatchObject({ status: 503, attempts: 6 });
  });

  test("uses them up where it answers nobody", async () => {
    const { round, scheduler } = throttled({ attempts: 3 });
    const ends = Promise.allSettled(["a", "b"].map((key) => scheduler.request(request(key))));
    for (let rounds = 0; rounds < 6; rounds++) await round(0);
    for (const end of await ends) expect(end).toMatchObject({ reason: { status: 503, attempts: 3 } });
  });

  test("a tile that alone is refused for ever is an error in the end", async () => {
    const { pool, scheduler, sleeps } = schedulerUnderTest({ retry: { attempts: 2 }, now: () => 0 });
    let ended: unknown;
    const end = scheduler.request(request("bad")).catch((error: unknown) => {
      ended = error;
    });
    for (let round = 0; ended === undefined && round < 100; round++) {
      const good = Promise.all(
        Array.from({ length: 8 }, (_, n) => scheduler.request(request(`good ${round} ${n}`))),
      );
      for (let answers = 0; answers < 8; ) {
        await settle();
        for (const { job } of [...pool.open]) {
          if (job.url === "bad") pool.end("bad", failure(429));
          else {
            pool.end(job.url, plainBlock(1));
            answers++;
          }
        }
        await settle();
        for (const sleep of sleeps.splice(0)) sleep.wake();
      }
      await good;
    }
    await end;
    expect(ended).toMatchObject({ status: 429, attempts: 32 });
  });

  test("who does not want retries gets none", async () => {
    const { pool, scheduler } = schedulerUnderTest({ retry: { attempts: 1 } });
    const good = scheduler.request(request("good"));
    const end = scheduler.request(request("bad")).catch((error: unknown) => error);
    await settle();
    pool.end("good", plainBlock(1));
    await good;
    pool.end("bad", failure(429));
    expect(await end).toMatchObject({ status: 429, attempts: 1 });
  });

  test("an abort while it is waited for lets the others go on", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const controller = new AbortController();
    const refused = scheduler.request(request("a"), controller.signal);
    await settle();
    pool.end("a", failure(503));
    await settle();
    const other = scheduler.request(request("b"));
    await settle();
    expect(pool.started).toEqual(["a"]);
    controller.abort("off");
    await expect(refused).rejects.toBe("off");
    await settle();
    pool.end("b", plainBlock(5));
    expect(voxelOf(await other)).toBe(5);
  });

  test("each attempt that is made again is told while the tile is under way", async () => {
    const { pool, scheduler, sleeps } = schedulerUnderTest();
    let told = 0;
    const done = scheduler.request(request("a", { onRetry: () => told++ }));
    for (const n of [1, 2]) {
      await settle();
      pool.end("a", failure(500));
      await settle();
      expect(told).toBe(n);
      sleeps.pop()?.wake();
    }
    await settle();
    pool.end("a", plainBlock(1));
    expect(await done).toMatchObject({ retries: 2 });
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
    pool.end("x", plainBlock(1));
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
    pool.end("t2", plainBlock(1));
    pool.end("t3", plainBlock(1));
    await settle();
    // Nothing is asked for while the refused ones wait, and then those go first.
    expect(pool.open).toHaveLength(0);
    sleeps[0]?.wake();
    await settle();
    expect(pool.open).toHaveLength(0);
    sleeps[1]?.wake();
    await settle();
    expect(pool.open.map(({ job }) => job.url)).toEqual(["t0", "t1"]);
    pool.end("t0", missing);
    pool.end("t1", plainBlock(1));
    await settle();
    // Those that were asked before the refusal told nothing about a bound of two; these do.
    expect(pool.open).toHaveLength(3);
    while (pool.open.length > 0) {
      for (const { job } of [...pool.open]) pool.end(job.url, plainBlock(1));
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
            async run(job: { url: string }, signal: AbortSignal): Promise<BlockResult> {
              signal.throwIfAborted();
              expect(underWay.has(job.url)).toBe(false);
              underWay.add(job.url);
              expect(underWay.size).toBeLessThanOrEqual(maxRequests);
              const { done, end } = heldWait(signal);
              order.schedule(Promise.resolve(), `answer ${job.url}`).then(end);
              try {
                await done;
              } finally {
                underWay.delete(job.url);
              }
              return failuresLeft-- > 0 ? failure(503) : plainBlock(Number(job.url));
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
              (value) => voxelOf(value),
              (reason: unknown) => ({ reason }),
            );
            if (typeof outcome === "object") expect([outcome.reason, aborts]).toEqual([i, true]);
            else expect(outcome).toBe(tile);
          });
          await order.waitFor(Promise.all(outcomes));
          expect(underWay.size).toBe(0);
        },
      ),
      { numRuns: runs(37) },
    );
  });
});
