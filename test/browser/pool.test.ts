import { expect, inject, onTestFinished, test, vi } from "vitest";
import { createInProcessPool } from "../../src/pool/in-process-pool.js";
import { acquireSharedPool, closeSharedPools } from "../../src/pool/shared-pool.js";
import { createWorkerPool } from "../../src/pool/worker-pool.js";
import { TestTiles } from "../support/model/test-tiles.js";
import { describeBlockPool } from "../support/pools/pool-conformance.js";
import { describeWorkerFaults } from "../support/pools/worker-pool-faults.js";

const origins = () => inject("tileServer");

describeBlockPool("browser in-process pool", {
  createPool: createInProcessPool,
  origins,
  followsRedirects: false,
});

describeBlockPool("browser worker pool", {
  createPool: () => createWorkerPool({ threads: 2 }),
  origins,
  followsRedirects: false,
});

const fromSource = (source: string): Worker => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
};

describeWorkerFaults("browser worker pool", {
  faulty: () =>
    new Worker(new URL("../support/pools/faulty-tile-worker.browser.ts", import.meta.url), {
      type: "module",
    }),
  mute: () => fromSource(""),
  unloadable: () => new Worker("/no-such-worker.js"),
  origin: () => origins().url,
});

test("in a browser workers do small regions too: the calling thread draws the page", async () => {
  const started = vi.spyOn(URL, "createObjectURL");
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await closeSharedPools();
  });
  const pool = acquireSharedPool({ threads: 2 });
  const job = new TestTiles(origins().url).job("tile/64x48/1");
  expect(await pool.run(job, new AbortController().signal, 1)).toMatchObject({ kind: "block" });
  expect(started).toHaveBeenCalledTimes(1);
  await pool.close();
});

test("object URLs and workers go with the pool, also when one was aborted and one failed", async () => {
  const created = vi.spyOn(URL, "createObjectURL");
  const revoked = vi.spyOn(URL, "revokeObjectURL");
  const ended = vi.spyOn(Worker.prototype, "terminate");
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const tiles = new TestTiles(origins().url);
  for (let round = 0; round < 3; round++) {
    const pool = createWorkerPool({ threads: 2 });
    const controller = new AbortController();
    const jobs = [
      pool.run(tiles.job("tile/64x48/1"), new AbortController().signal),
      pool.run(tiles.job("status/500"), new AbortController().signal),
      pool.run(tiles.job("silence"), controller.signal),
    ];
    await jobs[0];
    controller.abort("enough");
    await Promise.allSettled(jobs);
    await pool.close();
  }
  const urls = created.mock.results.map(({ value }) => value);
  expect(urls).toHaveLength(6);
  expect(revoked.mock.calls.map(([url]) => url)).toEqual(urls);
  expect(ended).toHaveBeenCalledTimes(6);
});
