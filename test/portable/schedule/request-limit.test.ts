import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Turn, TurnEnd } from "../../../src/schedule/request-limit.js";
import { RequestLimit } from "../../../src/schedule/request-limit.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";
import { settle } from "../../support/pools/hand-driven-pool.js";
import { runs } from "../../support/thorough.js";

const never = (): AbortSignal => new AbortController().signal;

/** Takes so many turns at once. */
function take(limit: RequestLimit, count: number): Promise<Turn[]> {
  return Promise.all(Array.from({ length: count }, () => limit.acquire(never())));
}

/** As many good answers as may be in flight. */
async function roundOf(limit: RequestLimit): Promise<void> {
  for (const turn of await take(limit, limit.bound)) turn.release("answered");
}

describe("RequestLimit", () => {
  test("lets as many run as it may, and the others in the order in which they came", async () => {
    const limit = new RequestLimit(2);
    const order: number[] = [];
    const turns: Turn[] = [];
    for (let i = 0; i < 5; i++) {
      limit.acquire(never()).then((turn) => {
        order.push(i);
        turns.push(turn);
      });
    }
    await settle();
    expect(order).toEqual([0, 1]);
    expect(limit.running).toBe(2);
    turns[1]?.release("answered");
    await settle();
    expect(order).toEqual([0, 1, 2]);
    turns[0]?.release("answered");
    turns[2]?.release("answered");
    await settle();
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test("a turn that is given back twice counts once", async () => {
    const limit = new RequestLimit(1);
    const [turn] = await take(limit, 1);
    turn?.release("answered");
    turn?.release("answered");
    expect(limit.running).toBe(0);
    await take(limit, 1);
    turn?.release("overloaded");
    expect(limit.running).toBe(1);
    expect(limit.bound).toBe(1);
  });

  test("who aborts while waiting leaves at once with its reason, and is passed over", async () => {
    const limit = new RequestLimit(1);
    const [turn] = await take(limit, 1);
    const signal = new CountedSignal();
    const waiting = limit.acquire(signal.signal);
    const next = limit.acquire(never());
    expect(signal.listeners).toBe(1);
    const reason = { mine: true };
    signal.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    turn?.release("answered");
    await expect(next).resolves.toBeDefined();
    expect(limit.running).toBe(1);
  });

  test("a signal that has aborted already gets no turn", async () => {
    const limit = new RequestLimit(1);
    await expect(limit.acquire(AbortSignal.abort("before"))).rejects.toBe("before");
    expect(limit.running).toBe(0);
  });

  test("who got a turn listens no more", async () => {
    const limit = new RequestLimit(1);
    const signal = new CountedSignal();
    const first = await limit.acquire(signal.signal);
    const second = limit.acquire(signal.signal);
    expect(signal.listeners).toBe(1);
    first.release("answered");
    await second;
    expect(signal.listeners).toBe(0);
  });

  describe("an overloaded server", () => {
    test("halves the bound, once for all that was in flight", async () => {
      const limit = new RequestLimit(32);
      const turns = await take(limit, 32);
      for (const turn of turns) turn.release("overloaded");
      expect(limit.bound).toBe(16);
    });

    test("halves it again when it says so again, down to one", async () => {
      const limit = new RequestLimit(32);
      const bounds: number[] = [];
      for (let i = 0; i < 7; i++) {
        const [turn] = await take(limit, 1);
        turn?.release("overloaded");
        bounds.push(limit.bound);
      }
      expect(bounds).toEqual([16, 8, 4, 2, 1, 1, 1]);
    });

    test("gets no further request until fewer than the new bound run", async () => {
      const limit = new RequestLimit(4);
      const turns = await take(limit, 4);
      let started = false;
      const next = limit.acquire(never()).then(() => {
        started = true;
      });
      turns[0]?.release("overloaded");
      turns[1]?.release("answered");
      await settle();
      expect([limit.bound, limit.running, started]).toEqual([2, 2, false]);
      turns[2]?.release("answered");
      await next;
      expect(limit.running).toBe(2);
    });

    test("recovers by one with each round of answers, up to the maximum", async () => {
      const limit = new RequestLimit(8);
      (await take(limit, 1))[0]?.release("overloaded");
      const bounds: number[] = [];
      for (let round = 0; round < 4; round++) {
        bounds.push(limit.bound);
        await roundOf(limit);
      }
      expect(bounds).toEqual([4, 5, 6, 7]);
      for (let round = 0; round < 20; round++) await roundOf(limit);
      expect(limit.bound).toBe(8);
    });

    test("tries a bound again that was refused after 16 rounds, and grows on by one with each round if it is not", async () => {
      const limit = new RequestLimit(32);
      for (let i = 0; i < 3; i++) (await take(limit, 1))[0]?.release("overloaded");
      const bounds: number[] = [];
      for (let round = 0; round < 24; round++) {
        bounds.push(limit.bound);
        await roundOf(limit);
      }
      // 8 was refused: from 4 by one to 7, and there it stays.
      expect(bounds).toEqual([4, 5, 6, ...Array(16).fill(7), 8, 9, 10, 11, 12]);
    });

    test("counts the overloads since the last good answer", async () => {
      const limit = new RequestLimit(8);
      for (let i = 0; i < 3; i++) for (const turn of await take(limit, 1)) turn.release("overloaded");
      expect(limit.overloads).toBe(3);
      for (const turn of await take(limit, 1)) turn.release("answered");
      expect(limit.overloads).toBe(0);
    });

    test("does not recover by what tells nothing about its load", async () => {
      const limit = new RequestLimit(4);
      (await take(limit, 1))[0]?.release("overloaded");
      for (let i = 0; i < 10; i++) for (const turn of await take(limit, 2)) turn.release("neither");
      expect(limit.bound).toBe(2);
    });

    test("does not recover by answers to what was asked before it complained", async () => {
      const limit = new RequestLimit(8);
      const turns = await take(limit, 8);
      turns[0]?.release("overloaded");
      for (const turn of turns.slice(1)) turn.release("answered");
      expect(limit.bound).toBe(4);
    });
  });

  test("property: never more than the bound start, whatever comes in whatever order; everybody has a turn in the end", async () => {
    const request = fc.record({
      end: fc.constantFrom<TurnEnd>("answered", "answered", "answered", "overloaded", "neither"),
      aborts: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 6 }),
        fc.array(request, { minLength: 1, maxLength: 40 }),
        async (scheduler, max, requests) => {
          const limit = new RequestLimit(max);
          let running = 0;
          const check = (): void => {
            expect(limit.bound).toBeGreaterThanOrEqual(1);
            expect(limit.bound).toBeLessThanOrEqual(max);
            expect(limit.running).toBeLessThanOrEqual(max);
          };
          const outcomes = requests.map(async ({ end, aborts }, i) => {
            await scheduler.schedule(Promise.resolve(), `arrive ${i}`);
            const controller = new AbortController();
            if (aborts) scheduler.schedule(Promise.resolve(), `abort ${i}`).then(() => controller.abort(i));
            let turn: Turn;
            try {
              turn = await limit.acquire(controller.signal);
            } catch (reason) {
              expect(reason).toBe(i);
              expect(aborts).toBe(true);
              return;
            }
            running++;
            check();
            expect(running).toBeLessThanOrEqual(limit.running);
            await scheduler.schedule(Promise.resolve(), `answer ${i}`);
            running--;
            turn.release(end);
            check();
          });
          await scheduler.waitFor(Promise.all(outcomes));
          expect(limit.running).toBe(0);
        },
      ),
      { numRuns: runs(50) },
    );
  });
});
