import { afterAll, describe, expect, test } from "vitest";
import type { VolumeBlock } from "../../../src/out/volume-writer.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { expectSums, moved, openMirrors } from "../../support/faults/fault-mirrors.js";
import { refusedOrigin } from "../../support/faults/fault-server.js";
import { oneKind } from "../../support/fetching/open-fetcher.js";
import type { Misbehaviour } from "../../support/model/model-server.js";
import type { ModelStack } from "../../support/model/model-stack.js";
import { expectedVolume, modelVoxel } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const; // 2 sections × 2 rows × 3 columns of 64 × 48
const all = [
  [0, 0, 0],
  [12, 107, 150],
] as const; // 12 × 3 × 3
const expected = (stack: ModelStack, [lower, upper]: typeof roi | typeof all, fillValue = 0) =>
  expectedVolume(stack, { fillValue, lower, upper });

/** A mirror, as reports name it. */
const named = (position: number) => ({ position, title: `mirror ${position}`, id: 1 });

const downs: readonly (readonly [string, Misbehaviour, object])[] = [
  ["answers 500", { status: 500 }, { reason: "http", status: 500 }],
  ["answers 503", { status: 503 }, { reason: "http", status: 503 }],
  ["gives no access", { status: 403 }, { reason: "http", status: 403 }],
  ["serves a log-in page", { html: "<html>Please log in</html>" }, { reason: "not-an-image" }],
  ["resets connections", "reset", { reason: "network" }],
  ["redirects for ever", { status: 302, headers: { Location: "/a/1/0_0_0.png" } }, { reason: "redirect" }],
];

describe.each(oneKind)("%s: failover", (_name, make) => {
  test.each(downs)("from a mirror that %s from the start", async (_what, act, error) => {
    const { fetcher, servers, stack } = await openMirrors(make, [{ script: () => act }, {}]);
    const volume = await fetcher.get(roi);
    const [first] = fetcher.stack.mirrors;
    expect(volume.data).toEqual(expected(stack, roi).data);
    expect(volume.report).toMatchObject({
      tiles: { planned: 12, fetched: 12, cached: 0, filled: 0 },
      filled: [],
    });
    expect(volume.report.mirror).toEqual(named(0));
    expect(volume.report.failovers).toEqual([
      { from: named(0), to: named(1), error: expect.objectContaining(error) },
    ]);
    expect(volume.report.elsewhere).toHaveLength(12);
    expectSums(volume);
    expect(servers[1]?.requests).toHaveLength(12);
    expect(fetcher.mirror).toBe(first);
  });

  test("of points: the next mirror, whose tiles are of another size, is asked for those that have some", async () => {
    const { fetcher, servers } = await openMirrors(make, [
      { script: ({ depth }) => (depth === 1 ? { status: 503 } : undefined) },
      { tileWidth: 10, tileHeight: 10 },
    ]);
    const points: Triple[] = [
      [0, 0, 0],
      [1, 0, 0],
      [1, 47, 63],
      [1, 5, 5],
      [1, 60, 0],
    ];
    const { data, mask, report } = await fetcher.sample(points);
    expect([...data]).toEqual(points.map(([z, y, x]) => modelVoxel(x, y, z, 0)));
    expect(mask).toEqual(Uint8Array.of(1, 1, 1, 1, 1));
    expectSums({ report });
    expect(report).toMatchObject({
      failovers: [{ to: named(1) }],
      tiles: { planned: 4, fetched: 4, elsewhere: 3 },
    });
    expect(servers[1]?.paths.sort()).toEqual(["/a/1/0_0_0.png", "/a/1/4_6_0.png", "/a/1/6_0_0.png"]);
  });

  test("from a mirror that refuses connections", async () => {
    const { fetcher, stack } = await openMirrors(make, [{ base: `${await refusedOrigin()}/` }, {}]);
    const volume = await fetcher.get(roi);
    expect(volume.data).toEqual(expected(stack, roi).data);
    expect(volume.report.failovers).toMatchObject([{ error: { reason: "network", status: 0 } }]);
    expectSums(volume);
  });

  test("in the middle of a fetch: what came stays, the rest comes from the next, each tile once", async () => {
    let down = false;
    const { fetcher, servers, stack } = await openMirrors(
      make,
      [{ script: ({ depth }) => (depth >= 5 || down ? { status: 502 } : undefined) }, {}],
      { maxRequests: 4 },
    );
    const volume = await fetcher.get(all, { onProgress: ({ done }) => (down ||= done >= 45) });
    expect(volume.data).toEqual(expected(stack, all).data);
    expectSums(volume);
    const { report } = volume;
    const elsewhere = report.elsewhere.length;
    expect(report.tiles).toEqual({ planned: 108, fetched: 108, cached: 0, filled: 0, empty: 0, elsewhere });
    expect(report.failovers).toHaveLength(1);
    expect(report.elsewhere.length).toBe(servers[1]?.requests.length);
    expect(report.elsewhere.length).toBeGreaterThanOrEqual(63);
    expect(report.elsewhere.length).toBeLessThan(108);
    expect(new Set(servers[1]?.paths).size).toBe(servers[1]?.paths.length);
    // Every request that was in vain is accounted for, too.
    expect(report.retries).toBe(
      (2 * ((servers[0]?.requests.length ?? 0) - (108 - report.elsewhere.length))) / 3,
    );
  });

  test.each([
    ["smaller", 32, 16],
    ["larger", 128, 100],
    ["not in step", 50, 37],
  ])("to a mirror whose tiles are %s", async (_what, tileWidth, tileHeight) => {
    const { fetcher, stack } = await openMirrors(make, [
      { script: ({ depth }) => (depth === 2 ? { status: 500 } : undefined) },
      { tileWidth, tileHeight },
    ]);
    const volume = await fetcher.get(roi);
    expect(volume.data).toEqual(expected(stack, roi).data);
    expect(volume.report.filled).toEqual([]);
    expectSums(volume);
    for (const { tile } of volume.report.elsewhere)
      expect([tile?.width, tile?.height]).toEqual([tileWidth, tileHeight]);
  });

  test("to a mirror whose array begins elsewhere: no voxel moves, and what it lacks is reported", async () => {
    const { fetcher, stack } = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      moved({ x: 7, y: 1, z: 1 }),
    ]);
    const volume = await fetcher.get(roi);
    expect(volume.data).toEqual(expected(stack, roi).data);
    expectSums(volume);

    const lacking = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      moved({ x: 0, y: 0, z: -2 }),
    ]);
    const partly = await lacking.fetcher.get(roi); // sections 1 and 2; the mirror begins with 2
    const whole = expected(stack, roi).data;
    expect(partly.data).toEqual(whole.map((value, i) => (i < whole.length / 2 ? 255 : value)));
    expect(new Set(partly.report.filled.map(({ cause }) => cause))).toEqual(new Set(["not-held"]));
    expect(partly.report.filled.map(({ tile }) => tile?.depth).every((depth) => depth === -1)).toBe(true);
    expectSums(partly);
  });

  test("to a mirror that holds a part of the stack: it is not asked for the rest, which is fill and reported", async () => {
    const bounds = { lower: { x: 0, y: 0, z: 2 }, upper: { x: 150, y: 107, z: 12 } };
    const { fetcher, servers, stack } = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      { info: { bounds } },
    ]);
    const partly = await fetcher.get(roi); // sections 1 and 2
    const whole = expected(stack, roi).data;
    expect(partly.data).toEqual(whole.map((value, i) => (i < whole.length / 2 ? 255 : value)));
    expect(new Set(partly.report.filled.map(({ cause }) => cause))).toEqual(new Set(["not-held"]));
    expect(servers[1]?.requests.every(({ depth }) => depth === 2)).toBe(true);
    expectSums(partly);
  });

  test("to a mirror that has no tile for the last voxel of a level, which is then told to be outside", async () => {
    // 129 voxels are 64 and a half at level 1: CATMAID asks for a second tile of 40, and for none of 64.
    const dimension = { x: 129, y: 90, z: 4 };
    const { fetcher, stack } = await openMirrors(
      make,
      [{ script: () => ({ status: 500 }), tileWidth: 40 }, {}],
      {},
      { dimension },
    );
    const [lower, upper] = [[0, 0, 0] as const, [2, 40, 65] as const];
    const volume = await fetcher.get([lower, upper], { roiMode: "scaled", zoomLevel: 1 });
    const region = {
      zoomLevel: 1,
      fillValue: 255,
      lower,
      upper,
    } as const;
    const { data, outside } = expectedVolume(stack, region);
    expect(volume.data).toEqual(data);
    expect(volume.report).toMatchObject({ outside, filled: [] });
    expect(outside).toBe(80);
    expectSums(volume);
  });

  test("from mirror to mirror, past one that cannot serve the region", async () => {
    const { fetcher, stack, servers } = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      { info: { tile_source_type: 99 } },
      { script: ({ col }) => (col === 1 ? { html: "<html>" } : undefined), tileWidth: 40, tileHeight: 40 },
      {},
    ]);
    const volume = await fetcher.get(all);
    expect(volume.data).toEqual(expected(stack, all).data);
    expect(volume.report.failovers.map(({ from, to }) => [from, to])).toEqual([
      [named(0), named(2)],
      [named(2), named(3)],
    ]);
    expect(servers[1]?.requests).toEqual([]);
    expectSums(volume);
  });

  test("of a section that is interpolated from two, one of which the mirror has", async () => {
    const changes = { brokenSlices: [2] };
    const { fetcher, stack } = await openMirrors(
      make,
      [
        { script: ({ depth }) => (depth === 3 ? { status: 500 } : undefined) },
        { tileWidth: 30, tileHeight: 20 },
      ],
      { brokenSliceHandling: "interpolate" },
      changes,
    );
    const [lower, upper] = roi;
    const volume = await fetcher.get(roi);
    const region = {
      orientation: "zyx",
      handling: "interpolate",
      fillValue: 255,
      lower,
      upper,
    } as const;
    expect(volume.data).toEqual(expectedVolume(stack, region).data);
    expect(volume.report.replaced).toEqual([{ section: 2, sources: [1, 3] }]);
    expectSums(volume);
  });

  test("with a chunked writer", async () => {
    const { fetcher, stack } = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      { tileWidth: 50, tileHeight: 37 },
    ]);
    const data = new Uint8Array(2 * 50 * 95);
    const chunkShape = [1, 20, 30] as const;
    const out = {
      shape: [2, 50, 95] as const,
      chunkShape,
      async write(
        box: { lower: readonly number[]; upper: readonly number[] },
        { data: voxels }: VolumeBlock,
      ) {
        const [z = 0, y = 0, x = 0] = box.lower;
        const [, bottom = 0, right = 0] = box.upper;
        for (let row = y; row < bottom; row++)
          for (let col = x; col < right; col++)
            data[(z * 50 + row) * 95 + col] = Number(voxels[(row - y) * (right - x) + col - x]);
      },
    };
    const volume = await fetcher.get(roi, { out });
    expect(data).toEqual(expected(stack, roi).data);
    expectSums(volume);
  });

  test("not because of a missing tile, nor of a damaged or too large one", async () => {
    const isOne = ({ depth, row, col }: { depth: number; row: number; col: number }): boolean =>
      depth === 2 && row === 1 && col === 1;
    const missing = await openMirrors(make, [
      { script: (tile) => (isOne(tile) ? { status: 404 } : undefined) },
      {},
    ]);
    const { report } = await missing.fetcher.get(roi);
    expect(report).toMatchObject({ failovers: [], elsewhere: [], filled: [{ cause: "missing" }] });
    for (const act of [
      { file: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]) },
      {
        pixels: { data: new Uint8Array(65 * 48), width: 65, height: 48 },
      },
    ]) {
      const damaged = await openMirrors(make, [{ script: (tile) => (isOne(tile) ? act : undefined) }, {}]);
      await expect(damaged.fetcher.get(roi)).rejects.toMatchObject({ code: "tile-decode", attempts: 3 });
      expect(damaged.servers[1]?.requests).toEqual([]);
    }
  });

  test("with no mirror left rejects with the first one's error, or fills", async () => {
    const { fetcher, servers, stack } = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      { script: () => ({ status: 504 }) },
    ]);
    const [first, second] = servers;
    const error: unknown = await fetcher.get(roi).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "tile-fetch", status: 500 });
    expect((error as { url: string }).url.startsWith(first?.base() ?? "none")).toBe(true);
    expect(second?.requests.length).toBeGreaterThan(0);

    const volume = await fetcher.get(roi, { onTileError: "fill" });
    expect(volume.data).toEqual(expected(stack, roi).data.fill(255));
    expect(volume.report).toMatchObject({ tiles: { planned: 12, fetched: 0, filled: 12 } });
    expect(volume.report.filled.every(({ cause, error: of }) => cause === "failed" && of !== undefined)).toBe(
      true,
    );
    expectSums(volume);

    const alone = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      { info: { tile_source_type: 99 } },
    ]);
    await expect(alone.fetcher.get(roi)).rejects.toMatchObject({ status: 500 });
  });

  test("is off unless asked for", async () => {
    const { fetcher, servers } = await openMirrors(make, [{ script: () => ({ status: 500 }) }, {}], {
      failover: false,
    });
    await expect(fetcher.get(roi)).rejects.toMatchObject({ status: 500 });
    expect(servers[1]?.requests).toEqual([]);
  });

  test("to those of a list alone, in its order", async () => {
    const { fetcher, servers, stack } = await openMirrors(
      make,
      [{ script: () => ({ status: 500 }) }, {}, {}, {}],
      {
        failover: ["mirror 3", 2],
      },
    );
    const volume = await fetcher.get(roi);
    expect(volume.data).toEqual(expected(stack, roi).data);
    expect(servers.map(({ requests }) => requests.length > 0)).toEqual([true, false, false, true]);
    const unknown = await openMirrors(make, [{}, {}], { failover: ["no such mirror"] });
    await expect(unknown.fetcher.get(roi)).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("takes no credentials along", async () => {
    const { fetcher, servers } = await openMirrors(make, [{ script: () => ({ status: 500 }) }, {}], {
      auth: { token: "very-secret" },
    });
    await fetcher.get(roi);
    expect(
      servers[0]?.requests.every(({ headers }) => headers["authorization"] === "Token very-secret"),
    ).toBe(true);
    expect(JSON.stringify(servers[1]?.requests)).not.toContain("very-secret");
  });

  test("ends with an abort", async () => {
    const { fetcher, servers } = await openMirrors(make, [
      { script: () => ({ status: 500 }) },
      { script: () => "hold" },
    ]);
    const controller = new AbortController();
    const fetching = fetcher.get(roi, { signal: controller.signal });
    await servers[1]?.until(({ held }) => held === 12);
    controller.abort("enough");
    await expect(fetching).rejects.toBe("enough");
    await servers[1]?.until(({ disconnects }) => disconnects === 12);
  });
});
