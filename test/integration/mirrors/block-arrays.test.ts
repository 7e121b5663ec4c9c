import { afterAll, beforeAll } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { describeBlockArrays } from "../../support/blocks/block-arrays-conformance.js";
import { BlockServer } from "../../support/servers/block-server.js";

let server: BlockServer;
beforeAll(async () => {
  server = await BlockServer.start();
});
afterAll(async () => {
  await closeSharedPools();
  await server.close();
});

describeBlockArrays(() => server.url(), 2);
