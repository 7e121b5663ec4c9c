import { describe, expect, test } from "vitest";
import type { FetchProgress } from "../../../src/fetch/fetch-report.js";
import { noFills, reportedMirror } from "../../../src/fetch/fetch-report.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { axisOrders, reorder } from "../../../src/space/axis-order.js";
import type { ModelRegion, ModelStack } from "../model/model-stack.js";
import { expectedVolume, modelVoxel } from "../model/model-stack.js";
import type { MakeFetcher } from "./open-fetcher.js";
import { openFetcher } from "./open-fetcher.js";

function expected(
  stack: ModelStack,
  lower: Triple,
  upper: Triple,
  changes: Partial<ModelRegion> = {},
): Uint8Array {
  return expectedVolume(stack, { lower, upper, ...changes }).data;
}

/** Tests the voxels and the report of every fetcher if nothing goes wrong. */
export function describeImageFetcher(name: string, make: MakeFetcher): void {
  describe(`${name}: regions`, () => {
    test("stack space is voxels of level 0, half-open, rounded outward", async () => {
      const { fetcher, server } = await openFetcher(make);
      const roi = [
        [2, 40.5, 60],
        [4, 50, 70.25],
      ] as const;
      const volume = await fetcher.get(roi);
      expect(volume).toMatchObject({
        shape: [2, 10, 11],
        origin: [2, 40, 60],
        stride: [110, 11, 1],
        offset: 0,
      });
      expect(volume).toMatchObject({
        zoomLevel: 0,
        orientation: "zyx",
        resolution: [35, 5, 4],
        out: undefined,
      });
      expect(volume.data).toEqual(expected(server.stack, [2, 40, 60], [4, 50, 71]));
      expect((await fetcher.getStackSpace(roi)).data).toEqual(volume.data);
    });

    test("scaled space is voxels of the level that is fetched", async () => {
      const { fetcher, server } = await openFetcher(make);
      const roi = [
        [0, 3, 20],
        [3, 54, 75],
      ] as const;
      const volume = await fetcher.get(roi, { roiMode: "scaled", zoomLevel: 1 });
      expect(volume).toMatchObject({
        shape: [3, 51, 55],
        origin: [0, 3, 20],
        zoomLevel: 1,
        resolution: [35, 10, 8],
      });
      expect(volume.data).toEqual(expected(server.stack, [0, 3, 20], [3, 54, 75], { zoomLevel: 1 }));
      expect((await fetcher.getScaledSpace(roi, { zoomLevel: 1 })).data).toEqual(volume.data);
    });

    test("project space is nanometres", async () => {
      const { fetcher, server } = await openFetcher(make);
      // z: (70 + 35 · 2.1 … 70 + 35 · 4), y: (−300 + 5 · 10 … + 5 · 30.2), x: (1000 + 4 · 100 … + 4 · 130)
      const roi = [
        [143.5, -250, 1400],
        [210, -149, 1520],
      ] as const;
      const volume = await fetcher.get(roi, { roiMode: "project" });
      expect(volume.data).toEqual(expected(server.stack, [2, 10, 100], [4, 31, 130]));
      const coarse = await fetcher.getProjectSpace(roi, { zoomLevel: 1 });
      expect(coarse.data).toEqual(expected(server.stack, [2, 5, 50], [4, 16, 65], { zoomLevel: 1 }));
    });

    test.each(axisOrders)("orientation %s: columns, shape and voxels", async (outputOrientation) => {
      const { fetcher, server } = await openFetcher(make, { options: { outputOrientation, fillValue: 255 } });
      const [lower, upper] = [
        reorder([9, 90, -5], "zyx", outputOrientation),
        reorder([13, 110, 70], "zyx", outputOrientation),
      ];
      const volume = await fetcher.get([lower, upper]);
      expect(volume.shape).toEqual(reorder([4, 20, 75], "zyx", outputOrientation));
      expect(volume.resolution).toEqual(reorder([35, 5, 4], "zyx", outputOrientation));
      const region = { orientation: outputOrientation, fillValue: 255 };
      expect(volume.data).toEqual(expected(server.stack, lower, upper, region));
    });

    test("downsample factors are used as they are given, z included", async () => {
      const downsampleFactors = [
        { x: 1, y: 1, z: 1 },
        { x: 3, y: 2, z: 2 },
      ];
      const { fetcher, server } = await openFetcher(make, { stack: { downsampleFactors } });
      const roi = [
        [3, 10, 30],
        [8, 60, 90],
      ] as const;
      const volume = await fetcher.get(roi, { zoomLevel: 1 });
      expect(volume).toMatchObject({ origin: [1, 5, 10], shape: [3, 25, 20], resolution: [70, 10, 12] });
      expect(volume.data).toEqual(expected(server.stack, [1, 5, 10], [4, 30, 30], { zoomLevel: 1 }));
    });

    test("what lies beyond the stack is fill, reported, and never asked for", async () => {
      const { fetcher, server } = await openFetcher(make, { options: { fillValue: 251 } });
      const [lower, upper] = [[-1, -4, 140] as const, [2, 6, 160] as const];
      const { data, report } = await fetcher.get([lower, upper]);
      expect(data).toEqual(expected(server.stack, lower, upper, { fillValue: 251 }));
      expect(report.outside).toBe(3 * 10 * 20 - 2 * 6 * 10);
      expect(server.paths.sort()).toEqual(["/a/0/0_2_0.png", "/a/1/0_2_0.png"]);
      const beside = await fetcher.get([
        [0, 200, 0],
        [2, 300, 10],
      ]);
      expect(beside.data.every((value) => value === 251)).toBe(true);
      expect(beside.report).toMatchObject({ outside: 2000, tiles: { planned: 0, fetched: 0 }, filled: [] });
      expect(server.requests).toHaveLength(2);
    });

    test("regions that overlap, fetched at once, ask for each tile once", async () => {
      const { fetcher, server } = await openFetcher(make);
      const lowers: Triple[] = [1, 2, 3, 4, 5, 6].map((i) => [0, 5 * i, 7 * i]);
      const upperOf = ([z, y, x]: Triple): Triple => [z + 2, y + 60, x + 80];
      const volumes = await Promise.all(lowers.map((lower) => fetcher.get([lower, upperOf(lower)])));
      volumes.forEach(({ data }, i) => {
        const lower = lowers[i] ?? [0, 0, 0];
        expect(data).toEqual(expected(server.stack, lower, upperOf(lower)));
      });
      expect(new Set(server.paths).size).toBe(server.paths.length);
      const bytes = volumes.reduce((sum, { report }) => sum + report.bytes, 0);
      expect(bytes).toBe(server.bodyBytes);
    });
  });

  describe(`${name}: points`, () => {
    test("of several tiles, in any order: each tile once, the voxels in the order of the points", async () => {
      const { fetcher, server } = await openFetcher(make);
      const points = Array.from({ length: 500 }, (_, i): Triple => [i % 3, (i * 37) % 107, (i * 101) % 150]);
      const { data, mask, report } = await fetcher.sample(points);
      expect([...data]).toEqual(points.map(([z, y, x]) => modelVoxel(x, y, z, 0)));
      expect(mask.every((had) => had === 1)).toBe(true);
      const tiles = new Set(
        points.map(([z, y, x]) => `/a/${z}/${Math.floor(y / 48)}_${Math.floor(x / 64)}_0.png`),
      );
      expect(server.paths.sort()).toEqual([...tiles].sort());
      const planned = tiles.size;
      expect(report).toMatchObject({ tiles: { planned, fetched: planned }, bytes: server.bodyBytes });
      const again = await fetcher.sample(points, { roiMode: "scaled" });
      expect(again).toMatchObject({ data, report: { tiles: { planned, cached: planned } } });
    });

    test("of another zoom level, in nanometres, with columns in the order of the output", async () => {
      const { fetcher } = await openFetcher(make, { options: { outputOrientation: "xyz" } });
      const { data, zoomLevel } = await fetcher.sample([[1000 + 4 * 31, -300 + 5 * 21, 70 + 35 * 3]], {
        roiMode: "project",
        zoomLevel: 1,
      });
      expect([[...data], zoomLevel]).toEqual([[modelVoxel(15, 10, 3, 1)], 1]);
    });

    test("that cannot be had are masked, and the reason is told", async () => {
      const { fetcher } = await openFetcher(make, {
        stack: { brokenSlices: [4] },
        options: { fillValue: 251 },
        script: ({ col, depth }) =>
          col === 1 ? { status: 404 } : depth === 2 ? { html: "<html></html>" } : undefined,
      });
      const points = [
        [0, 0, 0],
        [0, 0, 64],
        [0, 0, -1],
        [2, 0, 0],
        [4, 0, 0],
      ];
      const filled: string[] = [];
      const { data, mask, causeOf, report } = await fetcher.sample(points, {
        onTileError: "fill",
        onFilled: ({ cause }) => filled.push(cause),
      });
      expect([...data]).toEqual([modelVoxel(0, 0, 0, 0), 251, 251, 251, 251]);
      expect([...mask]).toEqual([1, 0, 0, 0, 0]);
      expect(points.map((_, i) => causeOf(i))).toEqual([
        undefined,
        "missing",
        "outside",
        "failed",
        "broken-slice",
      ]);
      expect(filled.sort()).toEqual(["broken-slice", "failed", "missing"]);
      expect(report).toMatchObject({ outside: 1, fills: { missing: 1, failed: 1, "broken-slice": 1 } });
      await expect(fetcher.sample(points)).rejects.toMatchObject({ code: "tile-decode" });
      await expect(fetcher.sample(points.slice(0, 2), { missingTile: "throw" })).rejects.toMatchObject({
        code: "tile-missing",
        report: { tiles: { planned: 2 } },
      });
    });

    test("stop at once when the caller gives up, with the caller's reason", async () => {
      const controller = new AbortController();
      const { fetcher } = await openFetcher(make, {
        script: () => {
          controller.abort(new Error("enough"));
          return undefined;
        },
      });
      await expect(fetcher.sample([[0, 0, 0]], { signal: controller.signal })).rejects.toThrow("enough");
    });
  });

  describe(`${name}: report and progress`, () => {
    const roi = [
      [1, 30, 50],
      [3, 80, 150],
    ] as const; // 2 sections × 2 rows × 3 columns

    test("says exactly what came", async () => {
      const { fetcher, server } = await openFetcher(make);
      const { report } = await fetcher.get(roi);
      const [decoder] = Object.keys(report.decoders);
      expect(decoder).toMatch(/^png-/);
      expect(report).toEqual({
        mirror: reportedMirror(fetcher.mirror),
        failovers: [],
        elsewhere: [],
        blocks: { planned: 12, fetched: 12, cached: 0, filled: 0, empty: 0, elsewhere: 0 },
        tiles: { planned: 12, fetched: 12, cached: 0, filled: 0, empty: 0, elsewhere: 0 },
        filled: [],
        fills: noFills,
        replaced: [],
        retries: 0,
        bytes: server.bodyBytes,
        outside: 0,
        decoders: { [decoder ?? ""]: 12 },
      });
      expect(server.requests).toHaveLength(12);
    });

    test("says exactly what was cached", async () => {
      const { fetcher, server } = await openFetcher(make);
      const first = await fetcher.get(roi);
      const second = await fetcher.get(roi);
      expect(second.data).toEqual(first.data);
      expect(second.report).toMatchObject({
        tiles: { planned: 12, fetched: 0, cached: 12, filled: 0 },
        bytes: 0,
      });
      expect(second.report.decoders).toEqual({});
      expect(server.requests).toHaveLength(12);
      const bytes = 12 * 64 * 48;
      expect(fetcher.cacheStatistics).toEqual({ hits: 12, misses: 12, evictions: 0, bytes, tiles: 12 });
      fetcher.clearCache();
      expect(fetcher.cacheStatistics).toMatchObject({ bytes: 0, tiles: 0 });
      const third = await fetcher.get(roi);
      expect(third.report.tiles.fetched).toBe(12);
    });

    test("changing the pixels that were handed out changes no cached tile", async () => {
      const { fetcher } = await openFetcher(make);
      const first = await fetcher.get(roi);
      const copy = first.data.slice();
      first.data.fill(0);
      expect((await fetcher.get(roi)).data).toEqual(copy);
    });

    test("a cache without room fetches everything anew, and is right all the same", async () => {
      const { fetcher, server } = await openFetcher(make, { options: { cacheBytes: 0 } });
      const [first, second] = [await fetcher.get(roi), await fetcher.get(roi)];
      expect(second.data).toEqual(first.data);
      expect(server.requests).toHaveLength(24);
    });

    test("progress counts up, tile by tile, and ends complete", async () => {
      const { fetcher, server } = await openFetcher(make);
      await fetcher.get([
        [1, 0, 0],
        [2, 48, 64],
      ]);
      const states: FetchProgress[] = [];
      const { report } = await fetcher.get(
        [
          [1, 0, 0],
          [2, 48, 150],
        ],
        { onProgress: (state) => states.push(state) },
      );
      expect(states.map(({ done }) => done)).toEqual([1, 2, 3, 3]);
      const bytes = report.bytes;
      const last = {
        planned: 3,
        fetched: 2,
        cached: 1,
        filled: 0,
        empty: 0,
        elsewhere: 0,
        done: 3,
        retries: 0,
        bytes,
      };
      expect(states.at(-1)).toEqual(last);
      expect(server.requests).toHaveLength(3);
    });

    test("an error of onProgress is the error of the fetch", async () => {
      const { fetcher } = await openFetcher(make);
      const error = new Error("the page is gone");
      const onProgress = (): never => {
        throw error;
      };
      await expect(fetcher.get(roi, { onProgress })).rejects.toBe(error);
    });

    test("failed attempts are repeated and counted", async () => {
      const { fetcher, server } = await openFetcher(make, {
        script: ({ col, attempt }) => (col === 1 && attempt < 3 ? { status: 503 } : undefined),
      });
      const { data, report } = await fetcher.get(roi);
      expect(data).toEqual(expected(server.stack, roi[0], roi[1]));
      expect(report).toMatchObject({ retries: 8, tiles: { fetched: 12 }, bytes: server.bodyBytes });
      expect(server.requests).toHaveLength(20);
    });
  });
}
