import { afterAll, beforeAll } from "vitest";
import { createInProcessPool } from "../../src/pool/in-process-pool.js";
import { type HttpTestServer, startHttpTestServer } from "../support/http-test-server.js";
import { describeTilePool } from "../support/pool-conformance.js";

let server: HttpTestServer;
beforeAll(async () => {
  server = await startHttpTestServer();
});
afterAll(() => server.close());

describeTilePool("in-process pool", {
  createPool: createInProcessPool,
  origins: () => server,
  followsRedirects: true,
});
