import { expect, test } from "vitest";
import { OpenJobs } from "../../../src/pool/open-jobs.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";

const never = (): AbortSignal => new AbortController().signal;

test("a job ends as its work does", async () => {
  const jobs = new OpenJobs();
  await expect(jobs.run(never(), async () => 7)).resolves.toBe(7);
  await expect(jobs.run(never(), () => Promise.reject("no"))).rejects.toBe("no");
  expect(jobs.size).toBe(0);
});

test("work that throws before its first await rejects and is no longer open", async () => {
  const jobs = new OpenJobs();
  const thrown = new Error("at once");
  const job = jobs.run(never(), () => {
    throw thrown;
  });
  await expect(job).rejects.toBe(thrown);
  expect(jobs.size).toBe(0);
});

test("an abort rejects at once with the reason, although the work never ends", async () => {
  const jobs = new OpenJobs();
  const signal = new CountedSignal();
  const job = jobs.run(signal.signal, () => new Promise(() => {}));
  expect(jobs.size).toBe(1);
  signal.abort("enough");
  await expect(job).rejects.toBe("enough");
  expect([jobs.size, signal.listeners]).toEqual([0, 0]);
});

test("all jobs of a signal share one listener, which goes with the last of them", async () => {
  const jobs = new OpenJobs();
  const signal = new CountedSignal();
  const ends: (() => void)[] = [];
  const all = Array.from({ length: 20 }, () =>
    jobs.run(signal.signal, () => new Promise<void>((resolve) => ends.push(resolve))),
  );
  expect([jobs.size, signal.listeners]).toEqual([20, 1]);
  for (const end of ends.slice(1)) end();
  await Promise.all(all.slice(1));
  expect([jobs.size, signal.listeners]).toEqual([1, 1]);
  ends[0]?.();
  await all[0];
  expect([jobs.size, signal.listeners]).toEqual([0, 0]);
  await jobs.run(signal.signal, async () => expect(signal.listeners).toBe(1));
  expect(signal.listeners).toBe(0);
});

test("an abort ends the jobs of its signal alone", async () => {
  const jobs = new OpenJobs();
  const signals = [new CountedSignal(), new CountedSignal()] as const;
  const [first, second, other] = [signals[0], signals[0], signals[1]].map(({ signal }) =>
    jobs.run(signal, () => new Promise(() => {})),
  );
  signals[0].abort("enough");
  await expect(first).rejects.toBe("enough");
  await expect(second).rejects.toBe("enough");
  expect([jobs.size, signals[0].listeners, signals[1].listeners]).toEqual([1, 0, 1]);
  signals[1].abort("this too");
  await expect(other).rejects.toBe("this too");
});

test("an aborted signal starts no work", async () => {
  let started = false;
  const job = new OpenJobs().run(AbortSignal.abort("before"), async () => {
    started = true;
  });
  await expect(job).rejects.toBe("before");
  expect(started).toBe(false);
});

test("rejectAll rejects every job, once, also those that another's rejection ends", async () => {
  const jobs = new OpenJobs();
  const signals = [new CountedSignal(), new CountedSignal(), new CountedSignal()];
  const all = signals.map(({ signal }) => jobs.run(signal, () => new Promise(() => {})));
  const settled = Promise.allSettled(all);
  jobs.rejectAll("closed");
  jobs.rejectAll("again");
  expect((await settled).map((job) => (job.status === "rejected" ? job.reason : undefined))).toEqual([
    "closed",
    "closed",
    "closed",
  ]);
  expect(signals.map(({ listeners }) => listeners)).toEqual([0, 0, 0]);
});

test("what work does after its job was rejected reaches nobody", async () => {
  const jobs = new OpenJobs();
  const controller = new AbortController();
  let fail: (reason: unknown) => void = () => {};
  const job = jobs.run(
    controller.signal,
    () =>
      new Promise((_, reject) => {
        fail = reject;
      }),
  );
  controller.abort("first");
  fail("second");
  await expect(job).rejects.toBe("first");
});
