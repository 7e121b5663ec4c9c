import { afterAll, describe, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { isBad, region, roi } from "../../support/faults/region-with-bad-tile.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import type { Misbehaviour, Script } from "../../support/model/model-server.js";
import { expectedVolume, modelTilePixels } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

describe.each(oneKind)("%s", (_name, make) => {
  test("a tile that ends before the stack does leaves fill, which is reported", async () => {
    const short =
      (width: number, height: number): Script =>
      (tile) => {
        const whole = isBad(tile) ? modelTilePixels(modelOf, tile) : undefined;
        if (whole === undefined) return undefined;
        const data = Uint8Array.from({ length: width * height }, (_, i) => {
          return whole.data[Math.floor(i / width) * whole.width + (i % width)] ?? 0;
        });
        return { pixels: { data, width, height } };
      };
    const { fetcher, server } = await openFetcher(make, { options: { fillValue: 255 } });
    const modelOf = server.stack;
    server.script = short(40, 20);
    const { data, report } = await fetcher.get(roi);
    const whole = expectedVolume(server.stack, { ...region, fillValue: 255 }).data;
    const expected = whole.map((value, i) => {
      const [z, y, x] = [1 + Math.floor(i / (50 * 95)), 30 + (Math.floor(i / 95) % 50), 50 + (i % 95)];
      const isOn = z === 2 && y >= 48 && x >= 64 && x < 128;
      return isOn && (y >= 48 + 20 || x >= 64 + 40) ? 255 : value;
    });
    expect(data).toEqual(expected);
    expect(report.tiles).toEqual({ planned: 12, fetched: 12, cached: 0, filled: 0, empty: 0, elsewhere: 0 });
    expect(report.filled).toMatchObject([{ tile: { depth: 2, row: 1, col: 1 }, cause: "short-tile" }]);
    expect(report.filled[0]?.url).toBe(`${server.base()}2/1_1_0.png`);
    // Nothing is missing from what a region inside the short tile needs.
    const inside = await fetcher.get([
      [2, 50, 70],
      [3, 68, 104],
    ]);
    expect(inside.report.filled).toEqual([]);
  });

  test("of two tiles that are mixed for a broken section, the one that is short is named", async () => {
    const { fetcher, server } = await openFetcher(make, {
      stack: { brokenSlices: [2] },
      script: ({ depth, col }) =>
        depth === 3 && col === 1
          ? { pixels: { data: new Uint8Array(64 * 20), width: 64, height: 20 } }
          : undefined,
      options: { brokenSliceHandling: "interpolate" },
    });
    const { report } = await fetcher.get([
      [2, 0, 0],
      [3, 40, 150],
    ]);
    expect(report.filled).toMatchObject([{ tile: { depth: 3, row: 0, col: 1 }, cause: "short-tile" }]);
    expect(server.requests).toHaveLength(6);
  });

  test("a tile that lacks only voxels which are partly outside the stack is no short one, and they count as outside", async () => {
    // At level 1, 107 rows are 53 and a half. This server has the 53.
    const { fetcher, server } = await openFetcher(make, {
      script: (tile): Misbehaviour | undefined => {
        const whole = tile.row === 1 ? modelTilePixels(server.stack, tile) : undefined;
        return whole && { pixels: { data: whole.data.subarray(0, 64 * 5), width: 64, height: 5 } };
      },
      options: { fillValue: 255 },
    });
    const [lower, upper] = [[0, 40, 0] as const, [1, 54, 64] as const];
    const { data, report } = await fetcher.get([lower, upper], { roiMode: "scaled", zoomLevel: 1 });
    expect(report).toMatchObject({ filled: [], outside: 64 });
    const whole = expectedVolume(server.stack, {
      ...region,
      fillValue: 255,
      zoomLevel: 1,
      lower,
      upper,
    }).data;
    expect(data).toEqual(whole.fill(255, 13 * 64));
    const points = [106, 105, 104, 106].map((y, x) => ({ x, y, z: 0 }));
    const sampled = await fetcher.sample(points, { zoomLevel: 1 });
    expect(points.map((_, i) => sampled.causeOf(i))).toEqual(["outside", undefined, undefined, "outside"]);
    expect(sampled.report).toMatchObject({ filled: [], outside: 2 });
  });

  test("cropped tiles at the edges of the stack are no short ones", async () => {
    const { fetcher, server } = await openFetcher(make, {
      stack: { cropped: true },
      options: { fillValue: 255 },
    });
    const [lower, upper] = [[0, 90, 120] as const, [1, 120, 160] as const];
    const { data, report } = await fetcher.get([lower, upper]);
    expect(data).toEqual(expectedVolume(server.stack, { ...region, fillValue: 255, lower, upper }).data);
    expect(report).toMatchObject({ filled: [], outside: 30 * 40 - 17 * 30 });
  });
});
