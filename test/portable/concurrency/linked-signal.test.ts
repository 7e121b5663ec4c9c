import { describe, expect, test } from "vitest";
import { withAnySignal } from "../../../src/concurrency/linked-signal.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";

/** Work that ends with the reason of its signal. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

describe("withAnySignal", () => {
  test("hands on the result, and leaves no listener", async () => {
    const [a, b] = [new CountedSignal(), new CountedSignal()];
    const result = withAnySignal([a.signal, undefined, b.signal], async (signal) => {
      expect([a.listeners, b.listeners]).toEqual([1, 1]);
      return signal.aborted;
    });
    expect(await result).toBe(false);
    expect([a.listeners, b.listeners]).toEqual([0, 0]);
  });

  test.each([0, 1])("signal %i alone ends the work, with its own reason", async (which) => {
    const controllers = [new AbortController(), new AbortController()];
    const result = withAnySignal(
      controllers.map(({ signal }) => signal),
      untilAborted,
    );
    const reason = { which };
    controllers[which]?.abort(reason);
    await expect(result).rejects.toBe(reason);
  });

  test("of two that abort, the first one's reason counts", async () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const result = withAnySignal([a.signal, b.signal], untilAborted);
    b.abort("first");
    a.abort("second");
    await expect(result).rejects.toBe("first");
  });

  test("one that has aborted already lets nothing start", async () => {
    const other = new CountedSignal();
    let started = false;
    const run = async (): Promise<void> => {
      started = true;
    };
    await expect(withAnySignal([other.signal, AbortSignal.abort("before")], run)).rejects.toBe("before");
    expect(started).toBe(false);
    expect(other.listeners).toBe(0);
  });

  test("a failure of the work leaves no listener either", async () => {
    const signal = new CountedSignal();
    const error = new Error("no");
    const failing = withAnySignal([signal.signal], async () => {
      throw error;
    });
    await expect(failing).rejects.toBe(error);
    expect(signal.listeners).toBe(0);
  });
});
