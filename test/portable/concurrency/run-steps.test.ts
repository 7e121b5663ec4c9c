import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runSteps } from "../../../src/concurrency/run-steps.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";
import { settle } from "../../support/pools/hand-driven-pool.js";
import { runs } from "../../support/thorough.js";

/** Steps whose ends are the test's, and that obey their signal. */
class HeldSteps {
  readonly started: number[] = [];
  readonly aborted: number[] = [];
  pulled = 0;
  returned = false;
  readonly #ends = new Map<number, { resolve: () => void; reject: (reason: unknown) => void }>();

  *plan(count: number): Generator<number> {
    try {
      for (let i = 0; i < count; i++) {
        this.pulled++;
        yield i;
      }
    } finally {
      this.returned = true;
    }
  }

  readonly run = (step: number, signal: AbortSignal): Promise<void> => {
    this.started.push(step);
    return new Promise((resolve, reject) => {
      this.#ends.set(step, { resolve, reject });
      signal.addEventListener("abort", () => {
        this.aborted.push(step);
        reject(signal.reason);
      });
    });
  };

  end(step: number): void {
    this.#ends.get(step)?.resolve();
  }

  fail(step: number, reason: unknown): void {
    this.#ends.get(step)?.reject(reason);
  }
}

describe("runSteps", () => {
  test("pulls a step only when there is room for it", async () => {
    const steps = new HeldSteps();
    const all = runSteps(steps.plan(10), 3, steps.run);
    await settle();
    expect(steps.started).toEqual([0, 1, 2]);
    expect(steps.pulled).toBe(3);
    steps.end(1);
    await settle();
    expect(steps.started).toEqual([0, 1, 2, 3]);
    expect(steps.pulled).toBe(4);
    for (let i = 0; i < 10; i++) {
      steps.end(i);
      await settle();
    }
    await all;
    expect(steps.started).toHaveLength(10);
  });

  test("no steps are done at once", async () => {
    await expect(runSteps([], 4, async () => {})).resolves.toBeUndefined();
  });

  test("steps that are done when they return run in order", async () => {
    const done: number[] = [];
    await runSteps(Array(1000).keys(), 5, (step) => {
      done.push(step);
    });
    expect(done).toEqual([...Array(1000).keys()]);
  });

  test("the first failure aborts the others, waits for them, and is what it rejects with", async () => {
    const steps = new HeldSteps();
    let otherSettled = false;
    const run = async (step: number, signal: AbortSignal): Promise<void> => {
      if (step !== 2) return steps.run(step, signal);
      // Takes its time to notice.
      await steps.run(step, new AbortController().signal);
      otherSettled = true;
    };
    let settledAtRejection: boolean | undefined;
    const all = runSteps(steps.plan(10), 3, run).catch((error: unknown) => {
      settledAtRejection = otherSettled;
      return error;
    });
    await settle();
    const error = new Error("first");
    steps.fail(1, error);
    await settle();
    expect(steps.aborted).toEqual([0, 1]);
    expect(settledAtRejection).toBeUndefined();
    steps.end(2);
    expect(await all).toBe(error);
    expect(settledAtRejection).toBe(true);
    expect(steps.started).toEqual([0, 1, 2]);
    expect(steps.returned).toBe(true);
  });

  test("of several failures, the first one counts", async () => {
    const steps = new HeldSteps();
    const all = runSteps(steps.plan(3), 3, steps.run);
    await settle();
    steps.fail(2, "first");
    steps.fail(0, "second");
    await expect(all).rejects.toBe("first");
  });

  test("a step that throws is a failure like any other", async () => {
    const error = new Error("thrown");
    const started: number[] = [];
    const all = runSteps([0, 1, 2, 3], 2, (step) => {
      started.push(step);
      if (step === 1) throw error;
      return Promise.resolve();
    });
    await expect(all).rejects.toBe(error);
    expect(started).toEqual([0, 1]);
  });

  test("a plan that throws is a failure like any other", async () => {
    const error = new Error("no plan");
    function* plan(): Generator<number> {
      yield 1;
      throw error;
    }
    await expect(runSteps(plan(), 2, async () => {})).rejects.toBe(error);
  });

  test("an abort rejects at once with the reason, unchanged, even while a step hangs", async () => {
    const steps = new HeldSteps();
    const signal = new CountedSignal();
    const deaf = (step: number): Promise<void> => steps.run(step, new AbortController().signal);
    const all = runSteps(steps.plan(10), 2, deaf, signal.signal);
    await settle();
    expect(signal.listeners).toBe(1);
    const reason = { why: "enough" };
    signal.abort(reason);
    await expect(all).rejects.toBe(reason);
    steps.end(0);
    await settle();
    expect(steps.started).toEqual([0, 1]);
    expect(steps.returned).toBe(true);
  });

  test("even a reason of null is passed on", async () => {
    const controller = new AbortController();
    const steps = new HeldSteps();
    const all = runSteps(steps.plan(3), 1, steps.run, controller.signal);
    controller.abort(null);
    await expect(all).rejects.toBeNull();
  });

  test("a signal that has aborted already lets no step start", async () => {
    const steps = new HeldSteps();
    await expect(runSteps(steps.plan(3), 1, steps.run, AbortSignal.abort("before"))).rejects.toBe("before");
    expect(steps.pulled).toBe(0);
  });

  test("leaves no listener behind, however it ends", async () => {
    for (const fails of [false, true]) {
      const signal = new CountedSignal();
      const run = async (): Promise<void> => {
        if (fails) throw new Error("no");
      };
      await runSteps([1, 2, 3], 2, run, signal.signal).catch(() => {});
      expect(signal.listeners).toBe(0);
    }
  });

  test("property: every step once, never more at a time than the width, whatever the order of the ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.boolean(), { maxLength: 30 }),
        async (scheduler, width, areDoneAtOnce) => {
          let running = 0;
          let most = 0;
          const ended: number[] = [];
          const all = runSteps(areDoneAtOnce.entries(), width, ([i, atOnce]) => {
            if (atOnce) {
              ended.push(i);
              return;
            }
            most = Math.max(most, ++running);
            return scheduler.schedule(Promise.resolve(), `end ${i}`).then(() => {
              running--;
              ended.push(i);
            });
          });
          await scheduler.waitFor(all);
          expect(most).toBeLessThanOrEqual(width);
          expect(ended.sort((a, b) => a - b)).toEqual([...areDoneAtOnce.keys()]);
        },
      ),
      { numRuns: runs(50) },
    );
  });
});
