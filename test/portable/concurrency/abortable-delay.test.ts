import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { abortableDelay } from "../../../src/concurrency/abortable-delay.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("abortableDelay", () => {
  test("resolves when the time has passed, not before", async () => {
    const signal = new CountedSignal();
    let over = false;
    const delay = abortableDelay(1000, signal.signal).then(() => {
      over = true;
    });
    expect(signal.listeners).toBe(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await delay;
    expect(signal.listeners).toBe(0);
  });

  test("an abort ends it at once with the reason, and no timer is left", async () => {
    const controller = new AbortController();
    const delay = abortableDelay(1000, controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    const reason = new Error("enough");
    controller.abort(reason);
    expect(vi.getTimerCount()).toBe(0);
    await expect(delay).rejects.toBe(reason);
  });

  test("a signal that has aborted already starts no timer", async () => {
    await expect(abortableDelay(1000, AbortSignal.abort("before"))).rejects.toBe("before");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("no time is still a turn of the event loop", async () => {
    const delay = abortableDelay(0, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(0);
    await expect(delay).resolves.toBeUndefined();
  });
});
