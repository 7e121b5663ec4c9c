import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createInProcessPool } from "../../../src/pool/in-process-pool.js";
import { TestTiles } from "../../support/model/test-tiles.js";
import { greyTile } from "../../support/model/tile-drawing.js";
import { describeBlockPool } from "../../support/pools/pool-conformance.js";
import { type HttpTestServer, startHttpTestServer } from "../../support/servers/http-test-server.js";

let server: HttpTestServer;
beforeAll(async () => {
  server = await startHttpTestServer();
});
afterAll(() => server.close());

describeBlockPool("in-process pool", {
  createPool: createInProcessPool,
  origins: () => server,
  followsRedirects: true,
});

test("the memory of a body is not used again while its tile waits for the decoder", async () => {
  const pool = createInProcessPool();
  onTestFinished(() => pool.close());
  const tiles = new TestTiles(server.url);
  const { signal } = new AbortController();
  const get = (seed: number) => pool.run(tiles.job(`hold/512x512/${seed}`, { shape: [1, 512, 512] }), signal);
  // Enough for some turns of decoding; and others that come meanwhile.
  const first = Array.from({ length: 16 }, (_, seed) => get(seed));
  await tiles.untilRequests(16);
  await tiles.release();
  const second = Array.from({ length: 16 }, (_, seed) => get(16 + seed));
  for (const [seed, tile] of (await Promise.all([...first, ...second])).entries()) {
    const drawn = greyTile(seed, 512, 512);
    expect(tile.kind === "block" && Buffer.compare(tile.data as Uint8Array, drawn)).toBe(0);
  }
});
