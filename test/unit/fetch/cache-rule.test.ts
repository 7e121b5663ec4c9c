import { describe, expect, test } from "vitest";
import type { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { Voxels } from "../../../src/space/data-type.js";
import type { BlockJob, BlockResult } from "../../../workers/protocol.js";
import { fetcherOn, ModelPool } from "../../support/model/model-fetcher.js";
import { modelStack } from "../../support/model/model-stack.js";

// Ten columns and rows of tiles of 64 × 48; the last ones end with the stack, after 24 rows and 32 columns.
const stack = modelStack({ dimension: { x: 608, y: 456, z: 4 }, brokenSlices: [2], cropped: true });
const tileBytes = 64 * 48;

/** A fetcher to whose cache regions of up to so many tiles are small. */
function fetcherUnderTest(mostTiles: number, options: ImageFetcherOptions = {}) {
  const pool = new ModelPool(stack);
  return { pool, fetcher: fetcherOn(pool, stack, { cacheBytes: 16 * mostTiles * tileBytes, ...options }) };
}

// Of 4 × 4 tiles it uses 2 × 2 whole.
const across = [
  [0, 24, 32],
  [1, 24 + 3 * 48, 32 + 3 * 64],
] as const;

describe("of a region", () => {
  test("that is small against the cache, all blocks are kept", async () => {
    const { fetcher } = fetcherUnderTest(16);
    await fetcher.get(across);
    expect(fetcher.cacheStatistics.tiles).toBe(16);
  });

  test("that is larger than a sixteenth of it, those that it uses in part", async () => {
    const { fetcher, pool } = fetcherUnderTest(15);
    const { data } = await fetcher.get(across);
    expect(fetcher.cacheStatistics.tiles).toBe(12);
    const again = await fetcher.get(across);
    expect(again.report.blocks).toMatchObject({ cached: 12, fetched: 4 });
    expect(again.data).toEqual(data);
    expect(pool.asked).toHaveLength(20);
  });

  test("that is large, those at its border serve the region beside it", async () => {
    const { fetcher } = fetcherUnderTest(15);
    await fetcher.get(across);
    const [[z, y, x], [end, bottom, right]] = across;
    const { report } = await fetcher.get([
      [z, y, right],
      [end, bottom, right + (right - x)],
    ]);
    // The last column of the first region.
    expect(report.blocks).toMatchObject({ planned: 16, cached: 4, fetched: 12 });
  });

  test("that is large, none that ends with the stack and is used as far as that", async () => {
    const { fetcher } = fetcherUnderTest(1);
    await fetcher.get([
      [0, 0, 0],
      [2, 456, 608],
    ]);
    expect(fetcher.cacheStatistics.tiles).toBe(0);
    await fetcher.get([
      [0, 0, 0],
      [1, 455, 608],
    ]);
    expect(fetcher.cacheStatistics.tiles).toBe(10);
  });

  test("that reaches beyond the stack, none that it uses whole", async () => {
    const { fetcher } = fetcherUnderTest(1);
    await fetcher.get([
      [-2, -100, -100],
      [1, 96, 128],
    ]);
    expect(fetcher.cacheStatistics.tiles).toBe(0);
  });

  test.each(["above", "closest", "interpolate"] as const)(
    "in which a broken section takes blocks of others (%s), all, and each is asked for once",
    async (brokenSliceHandling) => {
      const { fetcher, pool } = fetcherUnderTest(15, { brokenSliceHandling });
      await fetcher.get([
        [1, 0, 0],
        [4, 96, 128],
      ]);
      expect([pool.asked.length, fetcher.cacheStatistics.tiles]).toEqual([8, 8]);
    },
  );

  test("that is large and written in chunks, those that a later chunk needs", async () => {
    const { fetcher, pool } = fetcherUnderTest(15);
    const out = { chunkShape: [1, 24, 32] as const, write() {} };
    await fetcher.get(across, { out });
    expect(pool.asked).toHaveLength(16);
  });

  test("without a limit of bytes all are kept, and without a cache none", async () => {
    const boundless = fetcherUnderTest(1, { cacheBytes: Number.POSITIVE_INFINITY });
    await boundless.fetcher.get(across);
    expect(boundless.fetcher.cacheStatistics.tiles).toBe(16);
    const none = fetcherUnderTest(0);
    await none.fetcher.get(across);
    expect(none.fetcher.cacheStatistics.tiles).toBe(0);
  });
});

test("blocks that a large region and a small one await together are kept", async () => {
  const { fetcher, pool } = fetcherUnderTest(4);
  const inner = [
    [0, 48, 64],
    [1, 144, 192],
  ] as const;
  await Promise.all([fetcher.get(across), fetcher.get(inner)]);
  expect([pool.asked.length, fetcher.cacheStatistics.tiles]).toEqual([16, 16]);
});

describe("the memory of kept blocks", () => {
  class RememberingPool extends ModelPool {
    readonly voxels: Voxels[] = [];

    override async run(job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
      const result = await super.run(job, signal);
      if (result.kind === "block") this.voxels.push(result.data);
      return result;
    }
  }

  test.each([
    ["is given back when the fetcher is closed", (fetcher: ImageFetcher) => fetcher.close(), 0],
    [
      "is left to who may read it when the cache is cleared",
      (fetcher: ImageFetcher) => fetcher.clearCache(),
      64 * 48,
    ],
  ])("%s, and volumes stay as they are", async (_what, end, left) => {
    const pool = new RememberingPool(stack);
    const fetcher = fetcherOn(pool, stack);
    const { data } = await fetcher.get(across);
    const before = data.slice();
    await end(fetcher);
    expect(pool.voxels.map(({ length }) => length)).toEqual(Array(16).fill(left));
    expect(data).toEqual(before);
  });
});
