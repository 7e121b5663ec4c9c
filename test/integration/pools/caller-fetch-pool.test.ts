import { afterAll, beforeAll } from "vitest";
import { createCallerFetchPool } from "../../../src/pool/caller-fetch-pool.js";
import { createInProcessPool } from "../../../src/pool/in-process-pool.js";
import { describeBlockPool } from "../../support/pools/pool-conformance.js";
import { type HttpTestServer, startHttpTestServer } from "../../support/servers/http-test-server.js";

let server: HttpTestServer;
beforeAll(async () => {
  server = await startHttpTestServer();
});
afterAll(() => server.close());

describeBlockPool("caller's fetch, with Node's own", {
  createPool: () => createCallerFetchPool(createInProcessPool(), (url, init) => fetch(url, init)),
  origins: () => server,
  followsRedirects: false,
});
