import { describe, expect, test } from "vitest";
import { onAbort } from "../../../src/concurrency/on-abort.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";

describe("onAbort", () => {
  test("calls all callbacks of a signal, in order, once", () => {
    const controller = new AbortController();
    const calls: number[] = [];
    for (const i of [1, 2, 3]) onAbort(controller.signal, () => calls.push(i));
    expect(calls).toEqual([]);
    controller.abort();
    controller.abort();
    expect(calls).toEqual([1, 2, 3]);
  });

  test("one listener serves any number of callbacks, and goes with the last", () => {
    const signal = new CountedSignal();
    const takenBack = Array.from({ length: 100 }, () => onAbort(signal.signal, () => {}));
    expect(signal.listeners).toBe(1);
    for (const takeBack of takenBack.slice(1)) takeBack();
    expect(signal.listeners).toBe(1);
    takenBack[0]?.();
    expect(signal.listeners).toBe(0);
  });

  test("a callback that was taken back is not called, and taking it back twice is once", () => {
    const controller = new AbortController();
    let calls = 0;
    const count = (): number => calls++;
    const takeBack = onAbort(controller.signal, count);
    onAbort(controller.signal, count);
    takeBack();
    takeBack();
    controller.abort();
    expect(calls).toBe(1);
  });

  test("a callback may take another one back while the signal aborts", () => {
    const controller = new AbortController();
    let called = false;
    let takeBack = (): void => {};
    onAbort(controller.signal, () => takeBack());
    takeBack = onAbort(controller.signal, () => {
      called = true;
    });
    controller.abort();
    expect(called).toBe(false);
  });

  test("after the last one was taken back, a new one works", () => {
    const signal = new CountedSignal();
    onAbort(signal.signal, () => {})();
    let called = false;
    onAbort(signal.signal, () => {
      called = true;
    });
    expect(signal.listeners).toBe(1);
    signal.abort();
    expect(called).toBe(true);
  });
});
