import { afterAll, describe, expect, test } from "vitest";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { isBad, region, roi } from "../../support/faults/region-with-bad-tile.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import type { Script } from "../../support/model/model-server.js";
import type { ModelTile } from "../../support/model/model-stack.js";
import { expectedVolume } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

describe.each(oneKind)("%s", (_name, make) => {
  const open = (bad: ReturnType<Script>, options: ImageFetcherOptions = {}) =>
    openFetcher(make, {
      script: (tile) => (isBad(tile) ? bad : undefined),
      options: { fillValue: 255, ...options },
    });
  const badTiles = (server: { readonly requests: readonly ModelTile[] }): number =>
    server.requests.filter(isBad).length;

  describe("a missing tile", () => {
    test.each([404, 410])(
      "HTTP %i is filled and reported, with its URL, and asked for once",
      async (status) => {
        const { fetcher, server } = await open({ status });
        const { data, report } = await fetcher.get(roi);
        expect(data).toEqual(
          expectedVolume(server.stack, { ...region, fillValue: 255, isMissing: isBad }).data,
        );
        expect(report.tiles).toEqual({
          planned: 12,
          fetched: 11,
          cached: 0,
          filled: 1,
          empty: 0,
          elsewhere: 0,
        });
        expect(report).toMatchObject({
          retries: 0,
          filled: [{ tile: { depth: 2, row: 1, col: 1 }, cause: "missing" }],
        });
        expect(report.filled[0]?.url).toBe(`${server.base()}2/1_1_0.png`);
        expect(badTiles(server)).toBe(1);
      },
    );

    test("is not kept: a later fetch asks anew, and only for it", async () => {
      const { fetcher, server } = await open({ status: 404 });
      await fetcher.get(roi);
      server.script = () => undefined;
      const { data, report } = await fetcher.get(roi);
      expect(data).toEqual(expectedVolume(server.stack, { ...region, fillValue: 255 }).data);
      expect(report.tiles).toEqual({
        planned: 12,
        fetched: 1,
        cached: 11,
        filled: 0,
        empty: 0,
        elsewhere: 0,
      });
    });

    test.each<[string, ImageFetcherOptions, { missingTile?: "fill" | "throw" }]>([
      ["by the fetcher's policy", { missingTile: "throw" }, {}],
      ["by the fetch's policy", {}, { missingTile: "throw" }],
    ])("is an error %s, which names tile and URL", async (_what, options, getOptions) => {
      const { fetcher, server } = await open({ status: 404 }, options);
      const error: unknown = await fetcher.get(roi, getOptions).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        name: "TileMissingError",
        code: "tile-missing",
        reason: "missing",
        status: 404,
        url: `${server.base()}2/1_1_0.png`,
        attempts: 1,
      });
      const { message } = error as Error;
      expect(message).toContain("tile at section 2, row 1, column 1 of zoom level 0");
      expect(message).toContain(`${server.base()}2/1_1_0.png`);
    });

    test("the fetch's policy goes before the fetcher's", async () => {
      const { fetcher } = await open({ status: 404 }, { missingTile: "throw" });
      const { report } = await fetcher.get(roi, { missingTile: "fill" });
      expect(report.tiles.filled).toBe(1);
    });

    test("403 is an error, unless it was said to mean missing", async () => {
      const refused = await open({ status: 403 });
      await expect(refused.fetcher.get(roi)).rejects.toMatchObject({
        code: "tile-fetch",
        status: 403,
        attempts: 1,
      });
      const { fetcher, server } = await open({ status: 403 }, { missingStatuses: [403, 404] });
      const { data, report } = await fetcher.get(roi);
      expect(data).toEqual(
        expectedVolume(server.stack, { ...region, fillValue: 255, isMissing: isBad }).data,
      );
      expect(report.filled).toMatchObject([{ cause: "missing" }]);
    });
  });

  describe("a tile that fails", () => {
    test.each<[string, ReturnType<Script>]>([
      ["503", { status: 503 }],
      ["503 with Retry-After", { status: 503, headers: { "Retry-After": "3600" } }],
      ["429", { status: 429 }],
      ["500", { status: 500 }],
      ["an HTML page with status 200", { html: "<html>Please log in</html>" }],
      ["half a body", "truncate"],
      ["nothing at all", { html: "" }],
      ["a tile that is too large", { pixels: { data: new Uint8Array(65 * 48), width: 65, height: 48 } }],
    ])("with %s, and then comes, is right", async (_what, act) => {
      const { fetcher, server } = await openFetcher(make, {
        script: (tile) => (isBad(tile) && tile.attempt < 3 ? act : undefined),
      });
      const { data, report } = await fetcher.get(roi);
      expect(data).toEqual(expectedVolume(server.stack, { ...region, fillValue: 0 }).data);
      expect(report).toMatchObject({
        retries: 2,
        tiles: { planned: 12, fetched: 12, filled: 0 },
        filled: [],
      });
      expect(badTiles(server)).toBe(3);
    });

    test.each<[string, ReturnType<Script>, object]>([
      ["500", { status: 500 }, { name: "TileFetchError", code: "tile-fetch", reason: "http", status: 500 }],
      [
        "HTML",
        { html: "<html></html>" },
        { name: "TileDecodeError", code: "tile-decode", reason: "not-an-image" },
      ],
      ["half a body", "truncate", { name: "TileFetchError", code: "tile-fetch", reason: "network" }],
      [
        "a tile that is too large",
        { pixels: { data: new Uint8Array(64 * 49), width: 64, height: 49 } },
        { name: "TileDecodeError", reason: "wrong-size" },
      ],
    ])("for ever with %s is an error that names tile, URL and attempts", async (_what, act, expected) => {
      const { fetcher, server } = await open(act);
      const error: unknown = await fetcher.get(roi).catch((reason: unknown) => reason);
      const url = `${server.base()}2/1_1_0.png`;
      expect(error).toMatchObject({ ...expected, url, attempts: 3 });
      const { message } = error as Error;
      expect(message).toMatch(/^tile at section 2, row 1, column 1 of zoom level 0: /);
      expect(message).toContain(url);
      expect(message).toMatch(/\(3 attempts\)$/);
      expect(badTiles(server)).toBe(3);
    });

    test("a reset connection is repeated, and is an error in the end", async () => {
      // How many requests that takes is the platform's: Node repeats one that met an idle connection at its end.
      const { fetcher, server } = await openFetcher(make, {
        script: (tile) => (isBad(tile) && tile.attempt < 3 ? "reset" : undefined),
      });
      const { data, report } = await fetcher.get(roi);
      expect(data).toEqual(expectedVolume(server.stack, { ...region, fillValue: 0 }).data);
      expect(report).toMatchObject({ tiles: { planned: 12, fetched: 12 }, filled: [] });
      expect(report.retries).toBeGreaterThanOrEqual(1);
      server.script = () => "reset";
      fetcher.clearCache();
      const failure = {
        name: "TileFetchError",
        code: "tile-fetch",
        reason: "network",
        status: 0,
        attempts: 3,
      };
      await expect(fetcher.get(roi)).rejects.toMatchObject(failure);
    });

    test("a stalled body ends with the time limit", async () => {
      const { fetcher } = await open("stall", { timeoutMs: 50, retry: { attempts: 1 } });
      const fetching = fetcher.get([
        [2, 50, 70],
        [3, 60, 80],
      ]);
      await expect(fetching).rejects.toMatchObject({ code: "tile-fetch", reason: "timeout" });
    });

    test("stops the rest of the fetch", async () => {
      const { fetcher, server } = await openFetcher(make, {
        script: ({ depth, col }) =>
          depth === 0 && col === 1 ? { status: 400 } : depth === 0 && col === 0 ? undefined : "hold",
        options: { maxRequests: 3 },
      });
      const all = [
        [0, 0, 0],
        [12, 107, 150],
      ] as const;
      await expect(fetcher.get(all)).rejects.toMatchObject({ status: 400, attempts: 1 });
      // The requests that were held are given up, and no other one starts.
      await server.until(({ disconnects, held }) => disconnects === held);
      await fetcher.probeMirrors();
      expect(server.requests.length - 1).toBeLessThanOrEqual(5);
    });

    test("leaves the fetcher in order: the next fetch is right", async () => {
      const { fetcher, server } = await open({ status: 500 });
      await expect(fetcher.get(roi)).rejects.toMatchObject({ code: "tile-fetch" });
      server.script = () => undefined;
      const { data } = await fetcher.get(roi);
      expect(data).toEqual(expectedVolume(server.stack, { ...region, fillValue: 255 }).data);
    });

    test("can be filled, and is then reported with its error", async () => {
      const { fetcher, server } = await open({ status: 500 });
      const { data, report } = await fetcher.get(roi, { onTileError: "fill" });
      expect(data).toEqual(
        expectedVolume(server.stack, { ...region, fillValue: 255, isMissing: isBad }).data,
      );
      expect(report.tiles).toEqual({
        planned: 12,
        fetched: 11,
        cached: 0,
        filled: 1,
        empty: 0,
        elsewhere: 0,
      });
      expect(report.retries).toBe(2);
      expect(report.filled).toEqual([
        {
          block: { level: 0, at: [2, 1, 1] },
          tile: expect.objectContaining({ depth: 2, row: 1, col: 1 }),
          cause: "failed",
          url: `${server.base()}2/1_1_0.png`,
          error: {
            code: "tile-fetch",
            reason: "http",
            status: 500,
            message: expect.stringMatching(/\(3 attempts\)$/),
          },
        },
      ]);
    });
  });

  test("what is wrong with anything but a tile is an error, though tiles that fail are filled", async () => {
    const failure = new Error("the vault is shut");
    const { fetcher } = await openFetcher(make, { options: { auth: () => Promise.reject(failure) } });
    await expect(fetcher.get(roi, { onTileError: "fill" })).rejects.toBe(failure);
  });
});
