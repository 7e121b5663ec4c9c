import { Worker } from "node:worker_threads";
import workerSource from "virtual:node-tile-worker-source";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { acquireSharedPool, closeSharedPools } from "../../../src/pool/shared-pool.js";
import { TestTiles } from "../../support/model/test-tiles.js";
import { greyTile } from "../../support/model/tile-drawing.js";
import { describeBlockPool } from "../../support/pools/pool-conformance.js";
import { type HttpTestServer, startHttpTestServer } from "../../support/servers/http-test-server.js";

let server: HttpTestServer;
beforeAll(async () => {
  server = await startHttpTestServer();
});
afterAll(() => server.close());

describeBlockPool("shared pool", {
  createPool: () => acquireSharedPool({ threads: 2 }),
  origins: () => server,
  followsRedirects: true,
});

describe("shared pool: shares", () => {
  beforeAll(closeSharedPools);
  afterEach(closeSharedPools);
  const never = (): AbortSignal => new AbortController().signal;

  test("closing one share leaves the other's jobs alone", async () => {
    const tiles = new TestTiles(server.url);
    const [one, other] = [acquireSharedPool({ threads: 1 }), acquireSharedPool({ threads: 1 })];
    const mine = one.run(tiles.job("hold/64x48/1"), never()).catch((error: unknown) => error);
    const theirs = other.run(tiles.job("hold/64x48/2"), never());
    await tiles.untilRequests(2);
    await one.close();
    expect(await mine).toMatchObject({ code: "closed" });
    await tiles.release();
    expect(await theirs).toMatchObject({ data: greyTile(2, 64, 48) });
    await other.close();
  });

  test("whoever shares a pool that fell back is told, once each", async () => {
    const createWorker = (): never => {
      throw new Error("no workers here");
    };
    const warnings: string[] = [];
    const acquire = (name: string) =>
      acquireSharedPool({
        threads: 2,
        createWorker,
        onFallback: (message) => warnings.push(`${name}: ${message}`),
      });
    const [first, second] = [acquire("first"), acquire("second")];
    const tiles = new TestTiles(server.url);
    const tile = await second.run(tiles.job("tile/64x48/3"), never());
    expect(tile).toMatchObject({ data: greyTile(3, 64, 48) });
    await first.run(tiles.job("tile/64x48/4"), never());
    acquire("third");
    expect(warnings.map((warning) => warning.split(" ", 1)[0])).toEqual(["first:", "second:", "third:"]);
    expect([first.kind, second.kind]).toEqual(["in-process", "in-process"]);
  });

  test("a share that was closed can be acquired again, with the same workers, until their time is up", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const tiles = new TestTiles(server.url);
      let started = 0;
      const createWorker = (): Worker => {
        started += 1;
        return new Worker(workerSource, { eval: true });
      };
      const useOnce = async (seed: number): Promise<void> => {
        const pool = acquireSharedPool({ threads: 2, createWorker, lingerMs: 5000 });
        const tile = await pool.run(tiles.job(`tile/64x48/${seed}`), never());
        expect(tile).toMatchObject({ data: greyTile(seed, 64, 48) });
        await pool.close();
      };
      await useOnce(1);
      vi.advanceTimersByTime(4999);
      await useOnce(2);
      expect(started).toBe(1);
      vi.advanceTimersByTime(5000);
      await useOnce(3);
      expect(started).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
