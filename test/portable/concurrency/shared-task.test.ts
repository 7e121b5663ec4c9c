import { describe, expect, test } from "vitest";
import { SharedTask } from "../../../src/concurrency/shared-task.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";
import { settle } from "../../support/pools/hand-driven-pool.js";

/** A task whose work the test ends. */
function taskUnderTest() {
  let resolve: (value: string) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  let workSignal: AbortSignal | undefined;
  let ended = 0;
  const task = new SharedTask<string>(
    (signal) => {
      workSignal = signal;
      return new Promise((res, rej) => {
        resolve = res;
        reject = rej;
      });
    },
    () => {
      ended++;
    },
  );
  return {
    task,
    resolve: (value: string) => resolve(value),
    reject: (reason: unknown) => reject(reason),
    isAborted: () => workSignal?.aborted,
    abortReason: () => workSignal?.reason as unknown,
    ended: () => ended,
  };
}

describe("SharedTask", () => {
  test("all callers get the one result", async () => {
    const { task, resolve, ended } = taskUnderTest();
    const all = [task.join(undefined), task.join(new AbortController().signal), task.join(undefined)];
    expect(ended()).toBe(0);
    resolve("done");
    expect(await Promise.all(all)).toEqual(["done", "done", "done"]);
    expect(ended()).toBe(1);
  });

  test("all callers get the one error, unchanged", async () => {
    const { task, reject, ended } = taskUnderTest();
    const all = [task.join(undefined), task.join(new AbortController().signal)];
    const error = new Error("no");
    reject(error);
    for (const outcome of await Promise.allSettled(all)) expect(outcome).toMatchObject({ reason: error });
    expect(ended()).toBe(1);
  });

  test("a caller that aborts leaves at once, with its own reason, and the others stay", async () => {
    const { task, resolve, isAborted } = taskUnderTest();
    const [a, b] = [new AbortController(), new AbortController()];
    const first = task.join(a.signal);
    const second = task.join(b.signal);
    const reason = { mine: true };
    a.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(isAborted()).toBe(false);
    resolve("for the other");
    expect(await second).toBe("for the other");
  });

  test("the work is aborted when the last caller has left, with that caller's reason", async () => {
    const { task, isAborted, abortReason, ended } = taskUnderTest();
    const controllers = [1, 2, 3].map(() => new AbortController());
    const settled = Promise.allSettled(controllers.map(({ signal }) => task.join(signal)));
    controllers[0]?.abort("first");
    controllers[1]?.abort("second");
    expect(isAborted()).toBe(false);
    expect(ended()).toBe(0);
    controllers[2]?.abort("third");
    expect(isAborted()).toBe(true);
    expect(abortReason()).toBe("third");
    expect(ended()).toBe(1);
    expect((await settled).map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([
      "first",
      "second",
      "third",
    ]);
  });

  test("a caller without a signal keeps the work going for good", async () => {
    const { task, resolve, isAborted } = taskUnderTest();
    const controller = new AbortController();
    const patient = task.join(undefined);
    const left = task.join(controller.signal);
    controller.abort("gone");
    await expect(left).rejects.toBe("gone");
    expect(isAborted()).toBe(false);
    resolve("late");
    expect(await patient).toBe("late");
  });

  test("a caller whose signal has aborted already is not counted", async () => {
    const { task, isAborted, ended } = taskUnderTest();
    await expect(task.join(AbortSignal.abort("before"))).rejects.toBe("before");
    expect(isAborted()).toBe(true);
    expect(ended()).toBe(1);
  });

  test("the end is told once, whatever comes after it", async () => {
    const { task, resolve, ended } = taskUnderTest();
    const controller = new AbortController();
    const left = task.join(controller.signal).catch((error: unknown) => error);
    controller.abort("gone");
    resolve("too late");
    expect(await left).toBe("gone");
    await settle();
    expect(ended()).toBe(1);
  });

  test("an abort after the result changes nothing", async () => {
    const { task, resolve, isAborted } = taskUnderTest();
    const controller = new AbortController();
    const joined = task.join(controller.signal);
    resolve("done");
    expect(await joined).toBe("done");
    controller.abort();
    expect(isAborted()).toBe(false);
  });

  test("listeners are counted, and go with the result", async () => {
    for (const outcome of ["resolve", "reject"] as const) {
      const { task, ...ends } = taskUnderTest();
      const signal = new CountedSignal();
      const all = Promise.allSettled(Array.from({ length: 40 }, () => task.join(signal.signal)));
      // All that one signal guards share a listener.
      expect(signal.listeners).toBe(1);
      ends[outcome]("x");
      expect(await all).toHaveLength(40);
      expect(signal.listeners).toBe(0);
    }
  });

  test("work that fails after everybody left is nobody's unhandled rejection", async () => {
    const { task, reject } = taskUnderTest();
    const controller = new AbortController();
    const left = task.join(controller.signal).catch(() => "left");
    controller.abort();
    reject(new Error("nobody hears this"));
    expect(await left).toBe("left");
    await settle();
  });
});
