import { afterAll, describe, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import type { Orientation3D, Triple } from "../../../src/space/axis-order.js";
import { reorder } from "../../../src/space/axis-order.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import type { ModelRegion } from "../../support/model/model-stack.js";
import { expectedVolume, modelStack } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

/** What catpy gets wrong and we must not: the numbers are those of the list of its defects. */

const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const; // 2 sections × 2 rows × 3 columns of 64 × 48 pixels
const plain = { lower: roi[0], upper: roi[1] } as const;
const expected = (changes: Partial<ModelRegion> = {}, stack = modelStack()): Uint8Array =>
  expectedVolume(stack, { ...plain, ...changes }).data;

describe.each(oneKind)("%s", (_name, make) => {
  test("D03 a missing tile costs no volume: it is filled, threaded or not", async () => {
    const isMissing: NonNullable<ModelRegion["isMissing"]> = ({ row, col }) => row === 1 && col === 2;
    const { fetcher } = await openFetcher(make, {
      script: (tile) => (isMissing(tile) ? { status: 404 } : undefined),
      options: { fillValue: 99 },
    });
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expected({ fillValue: 99, isMissing }));
    expect(report.filled.map(({ tile }) => [tile?.depth, tile?.row, tile?.col])).toEqual([
      [1, 1, 2],
      [2, 1, 2],
    ]);
  });

  test("D06 a broken slice is filled whole, also where tiles are not square", async () => {
    const { fetcher } = await openFetcher(make, { stack: { brokenSlices: [2] }, options: { fillValue: 99 } });
    const { data } = await fetcher.get([
      [2, 0, 0],
      [3, 107, 150],
    ]);
    expect(data.every((value) => value === 99)).toBe(true);
    expect((await fetcher.get(roi)).data).toEqual(
      expected({ fillValue: 99 }, modelStack({ brokenSlices: [2] })),
    );
  });

  test.each<Orientation3D>(["xzy", "yxz"])(
    "D08 order %s is right, though it is not its own inverse",
    async (order) => {
      const { fetcher } = await openFetcher(make, { options: { outputOrientation: order } });
      const [lower, upper] = [[3, 60, 70] as Triple, [5, 107, 150] as Triple].map((corner) =>
        reorder(corner, "zyx", order),
      );
      if (lower === undefined || upper === undefined) return;
      const volume = await fetcher.get([lower, upper]);
      expect(volume.shape).toEqual(reorder([2, 47, 80], "zyx", order));
      expect(volume.data).toEqual(expected({ orientation: order, lower, upper }));
    },
  );

  test("D09 a tile that is larger than its mirror declares is an error, and overwrites nothing", async () => {
    const pixels = { data: new Uint8Array(128 * 96).fill(255), width: 128, height: 96 };
    const { fetcher } = await openFetcher(make, { script: () => ({ pixels }), options: { fillValue: 7 } });
    await expect(fetcher.get(roi)).rejects.toMatchObject({ code: "tile-decode", reason: "wrong-size" });
    const out = new Uint8Array(2 * 50 * 95).fill(3);
    await expect(fetcher.get(roi, { out })).rejects.toMatchObject({ reason: "wrong-size" });
    expect(out.every((value) => value === 3)).toBe(true);
  });

  test("D10 there is one fill: what is missing, short or outside has the same value", async () => {
    const stack = { cropped: true, dimension: { x: 100, y: 60, z: 4 } };
    const { fetcher, server } = await openFetcher(make, {
      stack,
      script: ({ depth, row, col }) => (depth === 1 && row === 0 && col === 0 ? { status: 404 } : undefined),
      options: { fillValue: 77 },
    });
    const [lower, upper] = [[-1, -3, -3] as const, [5, 70, 110] as const];
    const { data } = await fetcher.get([lower, upper]);
    const isMissing: NonNullable<ModelRegion["isMissing"]> = ({ depth, row, col }) =>
      depth === 1 && row === 0 && col === 0;
    expect(data).toEqual(expected({ fillValue: 77, lower, upper, isMissing }, server.stack));
    expect(data.includes(0)).toBe(false);
  });

  test("D17 after a change of mirror, no tile of the old one comes back", async () => {
    const black = { pixels: { data: new Uint8Array(64 * 48), width: 64, height: 48 } };
    const { fetcher } = await openFetcher(make, {
      script: ({ mirror }) => (mirror === "black" ? black : undefined),
      info: (at) => modelStackInfo(at.stack, [at.base("black"), at.base("good")]),
    });
    expect((await fetcher.get(roi)).data.every((value) => value === 0)).toBe(true);
    fetcher.mirror = 1;
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expected());
    expect(report.tiles).toMatchObject({ fetched: 12, cached: 0 });
    fetcher.mirror = 0;
    expect((await fetcher.get(roi)).report.tiles).toMatchObject({ fetched: 0, cached: 12 });
  });

  test.each([
    ["image/png; charset=binary"],
    ["IMAGE/PNG"],
    ["application/octet-stream"],
    ["text/plain"],
    [null],
  ])("D18 a tile is what its bytes are, served as %s", async (contentType) => {
    const { fetcher } = await openFetcher(make, { script: () => ({ contentType }) });
    expect((await fetcher.get(roi)).data).toEqual(expected());
  });

  test("D19 samples of 16 bits are never clipped to 8 in silence", async () => {
    const samples = Uint16Array.from({ length: 64 * 48 }, (_, i) => 257 * (i % 256));
    const file = encodeGreyPng(samples, 64, 48);
    const { fetcher } = await openFetcher(make, { script: () => ({ file }) });
    const refusal = {
      code: "tile-decode",
      reason: "unsupported-image",
      attempts: 1,
      message: expect.stringContaining("16"),
    };
    await expect(fetcher.get(roi)).rejects.toMatchObject(refusal);
  });

  test.each([-1, 256, 300, 0.5, Number.NaN, "0"])("D28 a fill value of %j is refused", (fillValue) => {
    const info = modelStackInfo(modelStack(), ["http://host/"]);
    expect(() => make(info, { fillValue: fillValue as number })).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining("fillValue") }),
    );
  });

  test("D31 an out of another shape is refused before anything is downloaded", async () => {
    const { fetcher, server } = await openFetcher(make);
    const dense = (z: number, y: number, x: number) => ({
      data: new Uint8Array(z * y * x),
      shape: [z, y, x],
      stride: [y * x, x, 1],
    });
    for (const out of [
      dense(5, 50, 95),
      dense(1, 50, 95),
      dense(2, 40, 95),
      dense(3, 50, 95),
      dense(2, 95, 50),
    ]) {
      const untouched = out.data.slice();
      await expect(fetcher.get(roi, { out })).rejects.toMatchObject({ code: "invalid-out" });
      expect(out.data).toEqual(untouched);
    }
    expect(server.requests).toEqual([]);
  });
});
