import { describe, expect, test } from "vitest";
import type { BlockResult } from "../../../workers/protocol.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";
import {
  missing,
  request,
  schedulerUnderTest,
  voxelOf,
} from "../../support/fetching/scheduler-under-test.js";
import { failure, plainBlock, plainJob, settle } from "../../support/pools/hand-driven-pool.js";

describe("one request per tile", () => {
  test("however many callers want it", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const callers = Array.from({ length: 100 }, () => scheduler.request(request("a")));
    await settle();
    expect(pool.started).toEqual(["a"]);
    pool.end("a", plainBlock(7));
    expect((await Promise.all(callers)).map(voxelOf)).toEqual(Array(100).fill(7));
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
    pool.end("a", plainBlock(1));
    const outcomes = await Promise.all(callers);
    expect(outcomes.map(({ bodyBytes, retries }) => [bodyBytes, retries])).toEqual([
      [11, 1],
      [0, 0],
      [0, 0],
    ]);
    expect(outcomes.map((outcome) => outcome.kind === "block" && outcome.shared)).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("where the first caller has left, the next one accounts for it", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const controller = new AbortController();
    const left = scheduler.request(request("a"), controller.signal).catch((error: unknown) => error);
    const stayed = scheduler.request(request("a"));
    await settle();
    controller.abort("gone");
    pool.end("a", plainBlock(1));
    expect(await left).toBe("gone");
    expect(await stayed).toMatchObject({ shared: false, bodyBytes: 11 });
  });

  test.each([
    [[false, false], false],
    [[true, false], true],
    [[false, true], true],
  ])("is kept if one of its callers wants it: %j", async (wishes, isKept) => {
    const { pool, cache, scheduler } = schedulerUnderTest();
    const callers = wishes.map((wish) => scheduler.request(request("a", { isKept: wish })));
    await settle();
    pool.end("a", plainBlock(1));
    await Promise.all(callers);
    expect([pool.started, cache.has("a")]).toEqual([["a"], isKept]);
    // What was wanted of one request is not wanted of the next.
    cache.clear();
    const next = scheduler.request(request("a", { isKept: false }));
    await settle();
    pool.end("a", plainBlock(1));
    await next;
    expect(cache.has("a")).toBe(false);
  });

  test.each<[string, wishes: readonly boolean[], leaves: boolean, isOwn: boolean]>([
    ["is alone with it", [false], false, true],
    ["wants it kept", [true], false, false],
    ["shares it with another", [false, false], false, false],
    ["shares it with one who wants it kept", [false, true], false, false],
    ["shared it with one who has left", [false, false], true, false],
  ])("its memory is for a caller to give back who %s: %j", async (_who, wishes, leaves, isOwn) => {
    const { pool, cache, scheduler } = schedulerUnderTest();
    const controller = new AbortController();
    const callers = wishes.map((isKept, n) =>
      scheduler.request(request("a", { isKept }), n === 1 ? controller.signal : undefined),
    );
    await settle();
    if (leaves) {
      controller.abort("gone");
      await expect(callers[1]).rejects.toBe("gone");
    }
    const held = plainBlock(7);
    pool.end("a", held);
    const outcome = await callers[0];
    if (outcome?.kind !== "block" || held.kind !== "block") throw new Error("no block came");
    const { release } = outcome.block;
    expect([release !== undefined, outcome.block.data[0]]).toEqual([isOwn, 7]);
    release?.();
    expect(held.data.length).toBe(isOwn ? 0 : 4);
    expect(cache.get("a")?.data.length).toBe(wishes.includes(true) ? 4 : undefined);
  });

  test("different tiles are different requests", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    const [a, b] = [scheduler.request(request("a")), scheduler.request(request("b"))];
    await settle();
    pool.end("b", plainBlock(2));
    pool.end("a", plainBlock(1));
    expect([voxelOf(await a), voxelOf(await b)]).toEqual([1, 2]);
  });
});

describe("cache", () => {
  test("keeps what came, and hands it out without a request", async () => {
    const { pool, scheduler } = schedulerUnderTest();
    expect(scheduler.cached("a")).toBeUndefined();
    const fetched = scheduler.request(request("a"));
    await settle();
    pool.end("a", plainBlock(9));
    expect(await fetched).toMatchObject({
      kind: "block",
      shared: false,
      retries: 0,
      bodyBytes: 19,
      decoder: "png-ts",
    });
    expect(scheduler.cached("a")).toEqual({ data: new Uint8Array(4).fill(9), shape: [1, 2, 2] });
  });

  test.each<[string, BlockResult]>([
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
    pool.end("a", plainBlock(5));
    expect(voxelOf(await second)).toBe(5);
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
    pool.end("a", plainBlock(5));
    expect(voxelOf(await again)).toBe(5);
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
    pool.end("a", plainBlock(3));
    expect(voxelOf(await second)).toBe(3);
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
    pool.end("a", plainBlock(8));
    expect(voxelOf(await next)).toBe(8);
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
    pool.end("a", plainBlock(1));
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
    pool.end("b", plainBlock(1));
    expect(voxelOf(await other)).toBe(1);
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
    pool.end("b", plainBlock(2));
    expect(voxelOf(await next)).toBe(2);
  });

  test("listeners of a signal are counted, and are none in the end", async () => {
    const { pool, scheduler } = schedulerUnderTest({ maxRequests: 4 });
    const signal = new CountedSignal();
    const keys = Array.from({ length: 64 }, (_, i) => `tile ${i}`);
    const all = Promise.allSettled(keys.map((key) => scheduler.request(request(key), signal.signal)));
    await settle();
    expect(signal.listeners).toBe(1);
    for (const [i, key] of keys.entries()) {
      pool.end(key, i % 3 === 0 ? plainBlock(1) : i % 3 === 1 ? missing : failure(400));
      await settle();
    }
    await all;
    expect(signal.listeners).toBe(0);
  });
});
