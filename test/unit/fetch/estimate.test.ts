import { describe, expect, test } from "vitest";
import { fetcherOn, ModelPool } from "../../support/model/model-fetcher.js";
import { modelStack } from "../../support/model/model-stack.js";

/** Tiles of 64 × 48; 150 × 107 voxels, 12 sections. */
const stack = modelStack();
const [tileBytes, roi] = [
  64 * 48,
  [
    [2, 0, 0],
    [8, 107, 150],
  ] as const,
];
const volumeBytes = 6 * 107 * 150;

function open(options: Parameters<typeof fetcherOn>[2] = {}) {
  const pool = new ModelPool(stack);
  return { pool, fetcher: fetcherOn(pool, stack, { maxRequests: 4, ...options }) };
}
const writer = { write: () => {} };

describe("estimate", () => {
  test("of a volume in memory: the volume, and the blocks under way", async () => {
    const { fetcher, pool } = open();
    expect(await fetcher.estimate(roi)).toEqual({
      voxels: volumeBytes,
      bytes: volumeBytes,
      blocks: 6 * 9,
      requests: 6 * 9,
      memoryBytes: volumeBytes + 4 * tileBytes,
      portions: 1,
    });
    expect(pool.asked).toEqual([]);
  });

  test("allocates nothing: a region larger than any memory has one too", async () => {
    const everything = [
      [0, 0, 0],
      [1e6, 1e6, 1e6],
    ] as const;
    expect(await open().fetcher.estimate(everything)).toMatchObject({ bytes: 1e18, blocks: 12 * 9 });
  });

  test("counts voxels of two bytes", async () => {
    const { fetcher } = open({ dataType: "uint16" });
    expect(await fetcher.estimate(roi)).toMatchObject({
      voxels: volumeBytes,
      bytes: 2 * volumeBytes,
      memoryBytes: 2 * volumeBytes + 2 * 4 * tileBytes,
    });
  });

  test("of what lies outside the stack: no blocks", async () => {
    const outside = [
      [0, 0, 1000],
      [1, 1, 1001],
    ] as const;
    expect(await open().fetcher.estimate(outside, { out: writer })).toMatchObject({
      voxels: 1,
      blocks: 0,
      requests: 0,
      portions: 1,
    });
  });

  test("of a volume for a writer: what is in memory at a time, within the limit of the call or the fetcher", async () => {
    const { fetcher } = open({ maxMemoryBytes: 60_000 });
    const ofFetcher = await fetcher.estimate(roi, { out: writer });
    expect(ofFetcher).toMatchObject({ blocks: 54, requests: 54, portions: 6 });
    expect(ofFetcher.memoryBytes).toBeLessThanOrEqual(60_000);
    expect(await fetcher.estimate(roi, { out: writer, maxMemoryBytes: 1e6 })).toMatchObject({ portions: 1 });
  });

  test("counts again what several portions need, and what stands in for broken sections", async () => {
    const { fetcher } = open();
    const out = { chunkShape: [6, 50, 150] as const, write: () => {} };
    // The chunks end in the middle of the second and of the third row of tiles; there is memory for one at a time.
    expect(await fetcher.estimate(roi, { out, maxMemoryBytes: 100_000 })).toMatchObject({
      portions: 3,
      blocks: 54,
      requests: 6 * 5 * 3,
    });
    const broken = fetcherOn(new ModelPool(stack), modelStack({ brokenSlices: [4] }), {
      brokenSliceHandling: "interpolate",
    });
    expect(await broken.estimate(roi)).toMatchObject({ blocks: 45, requests: 63 });
  });

  test("refuses what get refuses", async () => {
    const { fetcher } = open();
    await expect(fetcher.estimate([[0, 0, 0]] as never)).rejects.toMatchObject({ code: "invalid-roi" });
    await expect(fetcher.estimate(roi, { zoomLevel: 99 })).rejects.toMatchObject({
      code: "invalid-zoom-level",
    });
    await expect(fetcher.estimate(roi, { out: new Uint8Array(3) })).rejects.toMatchObject({
      code: "invalid-out",
    });
    await expect(fetcher.estimate(roi, { out: writer, maxMemoryBytes: 10 })).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("maxMemoryBytes must be at least 3073"),
    });
    await fetcher.close();
    await expect(fetcher.estimate(roi)).rejects.toMatchObject({ code: "closed" });
  });
});
