import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PointsRequest } from "../../../src/fetch/sample/sample-points.js";
import { samplePoints } from "../../../src/fetch/sample/sample-points.js";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { axisOrders, fromOrder, reorder } from "../../../src/space/axis-order.js";
import type { DataType } from "../../../src/space/data-type.js";
import { createVoxels, dataTypes, elementOf } from "../../../src/space/data-type.js";
import { Stack } from "../../../src/stack/stack.js";
import { type ArrayLayout, ArraySource } from "../../support/blocks/array-source.js";
import { schedulerUnderTest } from "../../support/fetching/scheduler-under-test.js";
import { regionCases } from "../../support/model/arbitrary-regions.js";
import { fetcherOn, ModelPool } from "../../support/model/model-fetcher.js";
import { expectedVolume, modelStack, modelVoxel } from "../../support/model/model-stack.js";
import { accessOf } from "../../support/model/tile-sources.js";
import { runs } from "../../support/thorough.js";

const fillValue = 100;

/** Samples an array in memory; and which blocks were asked for. */
async function sampleArray(
  stack: Stack,
  layout: ArrayLayout,
  voxelValue: (at: Triple) => number | bigint,
  changes: Pick<PointsRequest, "points"> & Partial<PointsRequest>,
  isMissing?: (at: Triple) => boolean,
) {
  const source = new ArraySource(stack, layout);
  const { pool, asked } = source.pool(voxelValue, isMissing);
  const samples = await samplePoints<DataType>({
    stack,
    mirror: source.mirror,
    failover: [],
    access: accessOf(undefined, () => source),
    scheduler: schedulerUnderTest({ pool }).scheduler,
    orientation: "zyx",
    roiMode: "stack",
    zoomLevel: 0,
    brokenSliceHandling: "fill",
    channel: undefined,
    fillValue,
    dataType: undefined,
    missingTile: "fill",
    emptyBlock: "zero",
    onTileError: "throw",
    maxRequests: 8,
    listeners: {},
    signals: [],
    ...changes,
  });
  return { ...samples, asked };
}

// In the voxel, at its border and almost at the next one.
const coordinate = fc
  .tuple(fc.integer({ min: -3, max: 14 }), fc.constantFrom(0, 0.3, 0.999))
  .map(([voxel, part]) => voxel + part);
const pointLists = fc.array(fc.tuple(coordinate, coordinate, coordinate), { maxLength: 40 });

describe("property: a sampled voxel", () => {
  const stack = new Stack({ dimension: { x: 9, y: 8, z: 11 }, brokenSlices: [0, 3, 4, 7] });
  const voxelValue = ([z, y, x]: Triple): number => 9 * z - y + x;
  const valid = [1, 2, 5, 6, 8, 9, 10];

  /** What a voxel must be, found the long way; `undefined`: there is none. */
  const expectedValue = (at: Triple, handling: BrokenSliceHandling): number | undefined => {
    const [z, y, x] = at;
    if (z < 0 || z >= 11 || y < 0 || y >= 8 || x < 0 || x >= 9) return undefined;
    if (valid.includes(z)) return voxelValue(at);
    if (handling === "fill") return undefined;
    const below = valid.find((section) => section > z) ?? 10;
    const above = valid.filter((section) => section < z).at(-1);
    if (handling === "below" || above === undefined) return voxelValue([below, y, x]);
    return voxelValue([z - above <= below - z ? above : below, y, x]);
  };
  const extent = fc.integer({ min: 1, max: 6 });
  const shift = fc.integer({ min: -5, max: 0 });
  const layouts = fc.record({
    dataType: fc.constantFrom(...dataTypes),
    blockShape: fc.tuple(extent, extent, extent),
    origin: fc.tuple(shift, shift, shift),
  });

  test("is the array's, in blocks of any shape and data type, each asked for once", async () => {
    const property = fc.asyncProperty(
      layouts,
      fc.constantFrom<BrokenSliceHandling>("fill", "below", "closest"),
      fc.constantFrom(...axisOrders),
      fc.boolean(),
      pointLists,
      async (layout, brokenSliceHandling, orientation, asRows, zyxPoints) => {
        const points = zyxPoints.map((point) =>
          asRows ? reorder(point, "zyx", orientation) : fromOrder(point, "zyx"),
        );
        const options = { points, orientation, brokenSliceHandling };
        const { data, mask, report, asked, causeOf } = await sampleArray(stack, layout, voxelValue, options);
        expect(data.constructor).toBe(createVoxels(layout.dataType, 0).constructor);
        const expected = zyxPoints.map((point) =>
          expectedValue(point.map(Math.floor) as unknown as Triple, brokenSliceHandling),
        );
        const elements = createVoxels(layout.dataType, points.length);
        for (const [i, value = fillValue] of expected.entries()) {
          elements.set([elementOf(layout.dataType, value) as never], i);
        }
        expect(data).toEqual(elements);
        expect([...mask]).toEqual(expected.map((value) => (value === undefined ? 0 : 1)));
        expect(report.outside).toBe(points.filter((_, i) => causeOf(i) === "outside").length);
        const broken = points.filter((_, i) => causeOf(i) === "broken-slice").length;
        expect(report.outside + broken).toBe(expected.filter((value) => value === undefined).length);
        expect(new Set(asked).size).toBe(asked.length);
        expect(report.blocks.fetched).toBe(asked.length);
        const { fetched, cached, filled, planned } = report.blocks;
        expect(fetched + cached + filled).toBe(planned);
      },
    );
    await fc.assert(property, { numRuns: runs(75) });
  });

  test("is what get has there, at any zoom, tile size and broken set, with tiles that are missing", async () => {
    const places = fc.array(fc.tuple(fc.nat(4), fc.nat(24), fc.nat(24)), { minLength: 1, maxLength: 12 });
    const property = fc.asyncProperty(regionCases, places, async ({ stack, region, ...rest }, inside) => {
      const pool = new ModelPool(stack, (tile) =>
        region.isMissing?.(tile) ? { kind: "missing", status: 404, bodyBytes: 0 } : undefined,
      );
      const { orientation, handling, zoomLevel } = region;
      const fetcher = fetcherOn(pool, stack, {
        outputOrientation: orientation,
        brokenSliceHandling: handling,
        fillValue: region.fillValue,
        maxRequests: rest.maxRequests,
      });
      const points = inside.map((place) => place.map((step, i) => (region.lower[i] ?? 0) + step));
      const expected = points.map(([a = 0, b = 0, c = 0]) =>
        expectedVolume(stack, { ...region, lower: [a, b, c], upper: [a + 1, b + 1, c + 1] }),
      );
      const samples = await fetcher
        .sample(points, { roiMode: "scaled", zoomLevel })
        .catch((error: { code?: string }) => {
          expect([error.code, expected.some(({ unanswerable }) => unanswerable)]).toEqual([
            "broken-slice",
            true,
          ]);
        });
      if (samples === undefined) return;
      expect([...samples.data]).toEqual(expected.map(({ data }) => data[0]));
      expect(samples.report.outside).toBe(expected.reduce((sum, { outside }) => sum + outside, 0));
      const had = pool.asked.filter((tile) => !region.isMissing?.(tile)).map((tile) => JSON.stringify(tile));
      expect(new Set(had).size).toBe(had.length);
    });
    await fc.assert(property, { numRuns: runs(75) });
  });
});

describe("many points", () => {
  const stack = new Stack({ dimension: { x: 1000, y: 1000, z: 500 } });
  const layout: ArrayLayout = {
    dataType: "uint64",
    blockShape: [16, 16, 16],
    origin: [0, 0, 0],
    isLabels: true,
  };
  const first = 2n ** 53n + 1n;
  const idAt = ([z, y, x]: Triple): bigint => first + BigInt((z * 1000 + y) * 1000 + x);
  // Scattered, and each time the same.
  const scattered = (count: number, side: number): Triple[] =>
    Array.from({ length: count }, (_, i) => [
      (i * 7919) % side,
      (i * 104_729) % side,
      (i * 1_299_709) % side,
    ]);

  test("10,000 points of a label stack: each block is fetched once, and ids beyond 2^53 are exact", async () => {
    const points = scattered(10_000, 100);
    const { data, mask, asked, report, dataType } = await sampleArray(stack, layout, idAt, { points });
    expect(dataType).toBe("uint64");
    expect(data).toEqual(BigUint64Array.from(points, idAt));
    expect(mask.every((had) => had === 1)).toBe(true);
    const blocks = new Set(points.map((point) => point.map((voxel) => Math.floor(voxel / 16)).join("/")));
    expect(asked.map((url) => new URL(url).pathname.slice(1)).sort()).toEqual([...blocks].sort());
    expect(report.blocks).toMatchObject({ planned: blocks.size, fetched: blocks.size });
  });

  test("points in other columns of blocks are not asked for: only blocks that have some", async () => {
    const points: Triple[] = [
      [0, 0, 0],
      [499, 999, 999],
    ];
    const { asked } = await sampleArray(stack, layout, idAt, { points });
    expect(asked).toEqual(["http://array/0/0/0", "http://array/31/62/62"]);
  });

  test("a block that the format leaves out is 0, and had; of tiles it is missing, and fill", async () => {
    const points: Triple[] = [
      [0, 0, 0],
      [0, 0, 16],
    ];
    const sample = (absent: "empty" | "missing") =>
      sampleArray(stack, { ...layout, absent }, idAt, { points }, ([, , x]) => x === 0);
    const empty = await sample("empty");
    expect([[...empty.data], [...empty.mask]]).toEqual([
      [0n, first + 16n],
      [1, 1],
    ]);
    expect(empty.report.blocks).toMatchObject({ empty: 1, fetched: 1, filled: 0 });
    const missing = await sample("missing");
    expect([[...missing.data], [...missing.mask]]).toEqual([
      [BigInt(fillValue), first + 16n],
      [0, 1],
    ]);
    expect(missing.causeOf(0)).toBe("missing");
  });

  test("labels are never mixed: interpolation is refused before anything is asked for", async () => {
    const { asked, ...refusal } = await sampleArray(stack, layout, idAt, {
      points: [[0, 0, 0]],
      brokenSliceHandling: "interpolate",
    }).catch((error: Error) => ({ asked: [] as string[], error }));
    expect(refusal).toMatchObject({ error: { code: "invalid-option" } });
    expect(asked).toEqual([]);
  });

  test("a million points take turns of the thread: timers are heard meanwhile", async () => {
    let heard = 0;
    const beat = (): void => {
      heard++;
      timer = setImmediate(beat);
    };
    let timer = setImmediate(beat);
    const points = scattered(1_000_000, 50);
    const { data } = await sampleArray(stack, layout, idAt, { points });
    clearImmediate(timer);
    expect(data[123_456]).toBe(idAt(points[123_456] as Triple));
    expect(heard).toBeGreaterThan(10);
  });
});

describe("points", () => {
  const stack = modelStack({ brokenSlices: [5] });
  const open = (options: Parameters<typeof fetcherOn>[2] = {}) => {
    const pool = new ModelPool(stack);
    return { pool, fetcher: fetcherOn(pool, stack, options) };
  };

  test("of project space are in nanometres, on a voxel border in the voxel that begins there", async () => {
    const { fetcher } = open();
    // Translation (1000, −300, 70) and resolution (4, 5, 35), x, y, z.
    const points = [
      { x: 1000 + 4 * 30, y: -300 + 5 * 20, z: 70 + 35 * 3 },
      { x: 1000 + 4 * 30.99, y: -300 + 5 * 20.5, z: 70 + 35 * 3.999 },
      { x: 999.9, y: 0, z: 100 },
    ];
    const { data, mask, causeOf } = await fetcher.sample(points, { roiMode: "project" });
    const voxel = modelVoxel(30, 20, 3, 0);
    expect([[...data], [...mask]]).toEqual([
      [voxel, voxel, 0],
      [1, 1, 0],
    ]);
    expect(causeOf(2)).toBe("outside");
  });

  test("of none: no request, and the data type all the same", async () => {
    const { fetcher, pool } = open();
    const samples = await fetcher.sample([]);
    expect(samples).toMatchObject({ data: new Uint8Array(0), mask: new Uint8Array(0), dataType: "uint8" });
    expect([samples.report.blocks.planned, pool.asked]).toEqual([0, []]);
  });

  test("however far outside: no request", async () => {
    const { fetcher, pool } = open({ fillValue: 7 });
    const { data, mask, report } = await fetcher.sample([
      [1e300, 0, 0],
      [0, -1e300, 2 ** 60],
    ]);
    expect([[...data], [...mask], report.outside, pool.asked]).toEqual([[7, 7], [0, 0], 2, []]);
  });

  test('on a broken section throw with "throw", and others do not, though they lie around it', async () => {
    const { fetcher, pool } = open({ brokenSliceHandling: "throw" });
    const around = [
      [4, 0, 0],
      [6, 0, 0],
    ];
    expect([...(await fetcher.sample(around)).mask]).toEqual([1, 1]);
    const asked = pool.asked.length;
    await expect(fetcher.sample([...around, [5, 0, 70]])).rejects.toMatchObject({
      code: "broken-slice",
      section: 5,
    });
    expect(pool.asked).toHaveLength(asked);
  });

  test.each<readonly [string, unknown, RegExp]>([
    ["no list", { x: 1, y: 2, z: 3 }, /^points must be a list/],
    ["text", "1,2,3", /^points must be a list.* got "1,2,3"/],
    ["a flat array", new Float64Array(3), /^points must be a list/],
    ["a number among them", [[1, 2, 3], 4], /^points\[1\] .* got 4$/],
    ["null", [null], /^points\[0\] .* got null$/],
    ["two columns", [[1, 2]], /^points\[0\] .* got 2 columns$/],
    ["NaN", [[1, Number.NaN, 3]], /^points\[0\] .* got NaN as y$/],
    ["infinity", [{ x: 1, y: 2, z: Number.POSITIVE_INFINITY }], /^points\[0\] .* got Infinity as z$/],
    ["an axis that is left out", [{ x: 1, z: 2 }], /^points\[0\] .* got undefined as y$/],
    ["text for a number", [["1", 2, 3]], /^points\[0\] .* got "1" as z$/],
  ])("that are %s are refused before the first request", async (_what, points, message) => {
    const { fetcher, pool } = open();
    await expect(fetcher.sample(points as never)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringMatching(message),
    });
    expect(pool.asked).toEqual([]);
  });

  test("with options that sample does not have, or a level that the stack does not have: refused", async () => {
    const { fetcher } = open();
    await expect(fetcher.sample([], { out: new Uint8Array(0) } as object)).rejects.toMatchObject({
      code: "invalid-option",
    });
    await expect(fetcher.sample([], { zoomLevel: 99 })).rejects.toMatchObject({ code: "invalid-zoom-level" });
  });
});
