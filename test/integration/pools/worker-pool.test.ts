import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { rollup } from "rollup";
import { afterAll, beforeAll } from "vitest";
import { bundlingPlugins } from "../../../build/bundling-plugins.js";
import { createWorkerPool } from "../../../src/pool/worker-pool.js";
import { describeBlockPool } from "../../support/pools/pool-conformance.js";
import { describeWorkerFaults } from "../../support/pools/worker-pool-faults.js";
import { type HttpTestServer, startHttpTestServer } from "../../support/servers/http-test-server.js";

let server: HttpTestServer;
let faultySource: string;
beforeAll(async () => {
  server = await startHttpTestServer();
  const bundle = await rollup({
    input: fileURLToPath(new URL("../../support/pools/faulty-tile-worker.node.ts", import.meta.url)),
    plugins: bundlingPlugins({ platform: "node", minify: false, target: "es2022" }),
    external: /^node:/,
    // An endless loop has no effect that Rollup would keep.
    treeshake: false,
  });
  const { output } = await bundle.generate({ format: "cjs" });
  faultySource = output[0].code;
});
afterAll(() => server.close());

describeBlockPool("worker pool", {
  createPool: () => createWorkerPool({ threads: 2 }),
  origins: () => server,
  followsRedirects: true,
});

const started = (source: string): Worker => new Worker(source, { eval: true });

describeWorkerFaults("worker pool", {
  faulty: () => started(faultySource),
  mute: () => started("setInterval(() => {}, 1000)"),
  unloadable: () => started("import nothing from 'no-such-package'"),
  origin: () => server.url,
});
