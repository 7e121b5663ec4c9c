import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runJob } from "../../../workers/run-job.js";
import { fetchFile } from "../../../workers/transport/fetch-file.js";
import type { Transport } from "../../../workers/transport/transport.js";
import { plainJob } from "../../support/pools/hand-driven-pool.js";

const job = { ...plainJob("http://host/tile"), timeoutMs: 100 };

/** Answers never, and fails when the request is aborted. */
const silent: Transport = (_request, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Decodes a file, which takes so many ms by the clock. */
async function decodeFor(ms: number): Promise<void> {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now += ms;
    return now;
  });
  await runJob({ ...job, body: new Uint8Array(10) }, new AbortController());
  expect(clock).toHaveBeenCalledTimes(2);
  clock.mockRestore();
}

test("the time limit aborts the request by the job's own controller", async () => {
  const controller = new AbortController();
  const fetching = fetchFile(job, controller, silent);
  vi.advanceTimersByTime(99);
  expect(controller.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(controller.signal.aborted).toBe(true);
  expect(await fetching).toMatchObject({ kind: "error", error: { reason: "timeout" } });
});

test("the time for which the thread decodes is no part of the time limit", async () => {
  const controller = new AbortController();
  const fetching = fetchFile(job, controller, silent);
  vi.advanceTimersByTime(50);
  await decodeFor(5000);
  vi.advanceTimersByTime(50);
  expect(controller.signal.aborted).toBe(false);
  vi.advanceTimersByTime(2000);
  await decodeFor(300);
  vi.advanceTimersByTime(3000);
  // That was the time of the first one; now that of the second.
  expect(controller.signal.aborted).toBe(false);
  vi.advanceTimersByTime(299);
  expect(controller.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await fetching).toMatchObject({ kind: "error", error: { reason: "timeout" } });
});

test("an answer that is no tile aborts what is left of it, and no timer is left", async () => {
  const controller = new AbortController();
  const refusing: Transport = async () => ({
    status: 500,
    body: new Uint8Array(),
    contentType: undefined,
    contentRange: undefined,
    retryAfter: undefined,
  });
  expect(await fetchFile(job, controller, refusing)).toMatchObject({
    error: { reason: "http", status: 500 },
  });
  expect([controller.signal.aborted, vi.getTimerCount()]).toEqual([true, 0]);
});

test("no request is made for a job that was aborted before", async () => {
  const controller = new AbortController();
  controller.abort();
  const transport = vi.fn(silent);
  expect(await fetchFile(job, controller, transport)).toMatchObject({ kind: "error" });
  expect(transport).not.toHaveBeenCalled();
});
