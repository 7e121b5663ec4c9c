import { afterAll, describe, expect, test } from "vitest";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { expectedVolume } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

// Broken: one alone, three in a row, and both ends of the stack's twelve sections.
const stack = { brokenSlices: [0, 3, 6, 7, 8, 11] };
const roi = [
  [0, 40, 50],
  [12, 60, 140],
] as const; // 2 rows × 3 columns of tiles a section
const tiles = 6;

describe.each(oneKind)("%s: broken slices", (_name, make) => {
  const open = (brokenSliceHandling: BrokenSliceHandling) =>
    openFetcher(make, { stack, options: { brokenSliceHandling, fillValue: 255 } });

  test.each<[BrokenSliceHandling, (readonly [number, readonly number[]])[]]>([
    [
      "closest",
      [
        [0, [1]],
        [3, [2]],
        [6, [5]],
        [7, [5]],
        [8, [9]],
        [11, [10]],
      ],
    ],
    [
      "interpolate",
      [
        [0, [1]],
        [3, [2, 4]],
        [6, [5, 9]],
        [7, [5, 9]],
        [8, [5, 9]],
        [11, [10]],
      ],
    ],
  ])("%s: others stand in, and the report says which", async (handling, sources) => {
    const { fetcher, server } = await open(handling);
    const { data, report } = await fetcher.get(roi);
    const region = { orientation: "zyx", handling, fillValue: 255, zoomLevel: 0 } as const;
    expect(data).toEqual(expectedVolume(server.stack, { ...region, lower: roi[0], upper: roi[1] }).data);
    expect(report.replaced).toEqual(sources.map(([section, from]) => ({ section, sources: from })));
    const uses = 6 + sources.reduce((sum, [, from]) => sum + from.length, 0);
    expect(report.tiles).toEqual({
      planned: uses * tiles,
      fetched: 6 * tiles,
      cached: (uses - 6) * tiles,
      filled: 0,
      empty: 0,
      elsewhere: 0,
    });
    expect(report.filled).toEqual([]);
    expect(server.requests).toHaveLength(6 * tiles);
    expect(server.requests.some(({ depth }) => stack.brokenSlices.includes(depth))).toBe(false);
  });

  test.each<[BrokenSliceHandling, number, number]>([
    ["above", 1, 12],
    ["below", 0, 11],
  ])("%s: the next valid section on that side", async (handling, from, to) => {
    const { fetcher, server } = await open(handling);
    const [lower, upper] = [[from, 40, 50] as const, [to, 60, 140] as const];
    const { data } = await fetcher.get([lower, upper]);
    const region = { orientation: "zyx", handling, fillValue: 255, zoomLevel: 0 } as const;
    expect(data).toEqual(expectedVolume(server.stack, { ...region, lower, upper }).data);
  });

  test.each<[BrokenSliceHandling, number]>([
    ["above", 0],
    ["below", 11],
  ])("%s: where there is none on that side, an error names the section", async (handling, section) => {
    const { fetcher, server } = await open(handling);
    await expect(fetcher.get(roi)).rejects.toMatchObject({
      name: "BrokenSliceError",
      code: "broken-slice",
      section,
    });
    expect(server.requests).toEqual([]);
  });

  test("fill: the fill value, no request, and an entry for each tile", async () => {
    const { fetcher, server } = await open("fill");
    const { data, report } = await fetcher.get(roi);
    const region = { fillValue: 255 } as const;
    expect(data).toEqual(expectedVolume(server.stack, { ...region, lower: roi[0], upper: roi[1] }).data);
    expect(report.tiles).toEqual({
      planned: 12 * tiles,
      fetched: 6 * tiles,
      cached: 0,
      filled: 6 * tiles,
      empty: 0,
      elsewhere: 0,
    });
    expect(new Set(report.filled.map(({ cause }) => cause))).toEqual(new Set(["broken-slice"]));
    expect(report.filled.map(({ tile }) => tile?.depth)).toEqual(
      stack.brokenSlices.flatMap((z) => Array(tiles).fill(z)),
    );
    expect(report.filled[0]?.tile).toMatchObject({ row: 0, col: 0, zoomLevel: 0 });
    expect(report.filled.some((entry) => "url" in entry)).toBe(false);
    expect(server.requests.map(({ depth }) => depth).every((z) => !stack.brokenSlices.includes(z))).toBe(
      true,
    );
  });

  test("throw: an error that names the section, only where the region touches one", async () => {
    const { fetcher, server } = await open("throw");
    await expect(fetcher.get(roi)).rejects.toMatchObject({ code: "broken-slice", section: 0 });
    expect(server.requests).toEqual([]);
    const intact = await fetcher.get([
      [4, 0, 0],
      [6, 10, 10],
    ]);
    expect(intact.report.tiles.fetched).toBe(2);
  });

  test("a coarser level stands for one section of level 0, and that one may be broken", async () => {
    const downsampleFactors = [
      { x: 1, y: 1, z: 1 },
      { x: 2, y: 2, z: 3 },
    ];
    for (const brokenSliceHandling of ["fill", "closest", "interpolate"] as const) {
      const { fetcher, server } = await openFetcher(make, {
        stack: { ...stack, downsampleFactors },
        options: { brokenSliceHandling, fillValue: 255 },
      });
      const [lower, upper] = [[0, 10, 20] as const, [4, 40, 75] as const];
      const { data } = await fetcher.get([lower, upper], { roiMode: "scaled", zoomLevel: 1 });
      const region = {
        orientation: "zyx",
        handling: brokenSliceHandling,
        fillValue: 255,
        zoomLevel: 1,
      } as const;
      expect(data).toEqual(expectedVolume(server.stack, { ...region, lower, upper }).data);
    }
  });

  test("a source section that is missing itself leaves fill, which is reported", async () => {
    const { fetcher, server } = await openFetcher(make, {
      stack,
      options: { brokenSliceHandling: "interpolate", fillValue: 255 },
      script: ({ depth, col }) => (depth === 4 && col === 1 ? { status: 404 } : undefined),
    });
    const [lower, upper] = [[3, 40, 50] as const, [4, 48, 140] as const];
    const { data, report } = await fetcher.get([lower, upper]);
    const region = { orientation: "zyx", handling: "interpolate", fillValue: 255, zoomLevel: 0 } as const;
    const isMissing = ({ depth, col }: { depth: number; col: number }): boolean => depth === 4 && col === 1;
    expect(data).toEqual(expectedVolume(server.stack, { ...region, lower, upper, isMissing }).data);
    expect(report.tiles).toEqual({ planned: 6, fetched: 5, cached: 0, filled: 1, empty: 0, elsewhere: 0 });
    expect(report.filled).toMatchObject([{ tile: { depth: 4, row: 0, col: 1 }, cause: "missing" }]);
  });
});
