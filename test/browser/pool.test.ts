import { inject } from "vitest";
import { createInProcessPool } from "../../src/pool/in-process-pool.js";
import { createWorkerPool } from "../../src/pool/worker-pool.js";
import { describeTilePool } from "../support/pool-conformance.js";
import { describeWorkerFaults } from "../support/worker-pool-faults.js";

const origins = () => inject("tileServer");

describeTilePool("browser in-process pool", {
  createPool: createInProcessPool,
  origins,
  followsRedirects: false,
});

describeTilePool("browser worker pool", {
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
    new Worker(new URL("../support/faulty-tile-worker.browser.ts", import.meta.url), { type: "module" }),
  mute: () => fromSource(""),
  unloadable: () => new Worker("/no-such-worker.js"),
  origin: () => origins().url,
});
