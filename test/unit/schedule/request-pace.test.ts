import { expect, test } from "vitest";
import { RequestPace } from "../../../src/schedule/request-pace.js";
import { heldWait } from "../../support/fetching/held-wait.js";
import { request, schedulerUnderTest } from "../../support/fetching/scheduler-under-test.js";
import { plainBlock, settle } from "../../support/pools/hand-driven-pool.js";

const never = new AbortController().signal;

/** A pace whose clock the test turns. */
function paceUnderTest(perSecond: number) {
  let time = 5000;
  const waits: { readonly until: number; wake(): void }[] = [];
  const pace = new RequestPace(perSecond, {
    now: () => time,
    delay: (ms, signal) => {
      const { done, end } = heldWait(signal);
      waits.push({ until: time + ms, wake: end });
      return done;
    },
  });
  const starts: number[] = [];
  return {
    starts,
    /** Asks for a start, and notes when it comes. */
    ask: (signal = never): Promise<void> =>
      pace.start(signal).then(() => {
        starts.push(time - 5000);
      }),
    /** Lets time pass, waking late by so much. */
    async turn(ms: number, late = 0): Promise<void> {
      const end = time + ms;
      for (await settle(); ; await settle()) {
        const next = waits[0];
        if (next === undefined || next.until + late > end) break;
        time = next.until + late;
        waits.shift()?.wake();
      }
      time = end;
    },
  };
}

test("requests start one after another, spread evenly", async () => {
  const { ask, starts, turn } = paceUnderTest(10);
  for (let n = 0; n < 5; n++) void ask();
  await turn(1000);
  expect(starts).toEqual([0, 100, 200, 300, 400]);
});

test("timers that are late do not add up", async () => {
  const { ask, starts, turn } = paceUnderTest(10);
  for (let n = 0; n < 5; n++) void ask();
  await turn(1000, 30);
  expect(starts).toEqual([0, 130, 230, 330, 430]);
});

test("an idle time is not made up for", async () => {
  const { ask, starts, turn } = paceUnderTest(10);
  void ask();
  await turn(5000);
  for (let n = 0; n < 4; n++) void ask();
  await turn(1000);
  expect(starts).toEqual([0, 5000, 5100, 5200, 5300]);
});

test("who aborts while waiting takes no place from those behind", async () => {
  const { ask, starts, turn } = paceUnderTest(10);
  const controller = new AbortController();
  void ask();
  const aborted = [ask(controller.signal), ask(controller.signal)].map((done) =>
    expect(done).rejects.toBe("off"),
  );
  void ask();
  await turn(50);
  controller.abort("off");
  await Promise.all(aborted);
  await turn(1000);
  expect(starts).toEqual([0, 100]);
});

test("without a limit nothing waits", async () => {
  const { ask, starts, turn } = paceUnderTest(Number.POSITIVE_INFINITY);
  for (let n = 0; n < 3; n++) void ask();
  await turn(0);
  expect(starts).toEqual([0, 0, 0]);
});

test("the scheduler keeps the pace of each host, and an aborted request gives its turn back", async () => {
  const under = schedulerUnderTest({ maxRequests: 2, maxRequestsPerSecond: 1, now: () => 0 });
  const { pool, scheduler, sleeps } = under;
  const controller = new AbortController();
  const first = scheduler.request(request("a"));
  const second = scheduler.request(request("b"), controller.signal);
  const elsewhere = scheduler.request(request("c", { origin: "http://other" }));
  await settle();
  expect(pool.started).toEqual(["a", "c"]);
  expect(sleeps.map(({ ms }) => ms)).toEqual([1000]);
  controller.abort("off");
  await expect(second).rejects.toBe("off");
  const third = scheduler.request(request("d"));
  await settle();
  sleeps[1]?.wake();
  await settle();
  expect(pool.started).toEqual(["a", "c", "d"]);
  for (const key of ["a", "c", "d"]) pool.end(key, plainBlock(1));
  await Promise.all([first, elsewhere, third]);
});

test("a request that goes round the scheduler keeps the same pace", async () => {
  const { pool, scheduler, sleeps } = schedulerUnderTest({
    maxRequests: 2,
    maxRequestsPerSecond: 1,
    now: () => 0,
  });
  await scheduler.pace(request("a").origin, new AbortController().signal);
  const tile = scheduler.request(request("a"));
  await settle();
  expect(pool.started).toEqual([]);
  sleeps[0]?.wake();
  await settle();
  expect(pool.started).toEqual(["a"]);
  pool.end("a", plainBlock(1));
  await tile;
});
