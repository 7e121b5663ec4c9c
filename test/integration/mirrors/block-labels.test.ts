import { afterAll, describe, expect, test } from "vitest";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import type { DataType } from "../../../src/space/data-type.js";
import { blockArray, blockFixtures } from "../../support/blocks/block-arrays.js";
import { openBlocks } from "../../support/blocks/open-blocks.js";
import { oneKind } from "../../support/fetching/fetcher-kinds.js";
import { sha256 } from "../../support/sha-256.js";

afterAll(closeSharedPools);

const labels = [
  "n5_zarrpy/labels_gzip",
  "precomputed/cseg_u64/s0",
  "precomputed/sharded_murmur_gzip_cseg/s0",
] as const;
const n5 = "n5_byhand/gzip";

describe.each(oneKind)("%s: labels and data types of blocks", (_name, make) => {
  test.each(labels)(
    "trap 28: ids of %s beyond 2^53 come through worker, cache, out and writer",
    async (name) => {
      const { fetcher, array, all } = await openBlocks<"uint64">(make, name);
      const { probes } = blockFixtures[name] ?? { probes: [] };
      expect(probes.some(({ value }) => BigInt(value) > 2n ** 53n)).toBe(true);
      const out = new BigUint64Array(20 * 33 * 41);
      const first = await fetcher.get(all, { out });
      const second = await fetcher.get(all);
      expect(second.report.blocks).toMatchObject({ fetched: 0, cached: first.report.blocks.planned });
      const kept: bigint[] = [];
      await fetcher.get(all, {
        out: {
          chunkShape: [1, 33, 41],
          write({ lower }, { data }) {
            for (const [i, id] of data.entries()) kept[lower[0] * 33 * 41 + i] = BigInt(id);
          },
        },
      });
      for (const ids of [out, second.data, BigUint64Array.from(kept)]) {
        expect(await sha256(ids)).toBe(array.sha256);
        for (const { zyx, value } of probes)
          expect(ids[(zyx[0] * 33 + zyx[1]) * 41 + zyx[2]]).toBe(BigInt(value));
      }
    },
  );

  test.each(labels)(
    "trap 29: out that is too narrow for %s is refused before the first block",
    async (name) => {
      const { fetcher, server, all } = await openBlocks(make, name);
      for (const out of [Uint8Array, Uint32Array, BigInt64Array, Float64Array]) {
        await expect(fetcher.get(all, { out: new out(20 * 33 * 41) as never })).rejects.toMatchObject({
          code: "invalid-out",
          message: expect.stringContaining("uint64"),
        });
      }
      const isMetadata = ({ file }: { readonly file: string }) => /attributes\.json$|info$/.test(file);
      expect(server.requests.length).toBeGreaterThan(0);
      expect(server.requests.filter((request) => !isMetadata(request))).toEqual([]);
    },
  );

  test.each(labels)(
    "trap 31: the cache counts %s in bytes, and does without a block larger than it",
    async (name) => {
      const { fetcher, array, all } = await openBlocks<"uint64">(make, name);
      await fetcher.get(all);
      expect(fetcher.cacheStatistics.bytes).toBe(8 * keptVoxels(name));
      const small = await openBlocks<"uint64">(make, name, { options: { cacheBytes: 1000 } });
      for (let i = 0; i < 2; i++)
        expect(await sha256((await small.fetcher.get(all)).data)).toBe(array.sha256);
      expect(small.fetcher.cacheStatistics.bytes).toBeLessThanOrEqual(1000);
    },
  );

  test.each<readonly [string, DataType, number | bigint, readonly (number | bigint)[]]>([
    ["n5_byhand/gzip", "uint8", 255, [256, -1, 0.5]],
    ["n5_byhand/int16_raw", "int16", -32768, [32768, 0.5]],
    ["n5_byhand/uint16_mode1_gzip", "uint16", 65535, [65536, -1]],
    ["n5_zarrpy/float32_gzip", "float32", 0.5, [0.1]],
    ["precomputed/cseg_u32_odd_blocks/s0", "uint32", 2 ** 32 - 1, [2 ** 32]],
    ["precomputed/cseg_u64/s0", "uint64", 2n ** 64n - 1n, [2n ** 64n, -1, 0.5]],
  ])("%s is %s: fillValue and dataType must fit", async (name, dataType, fillValue, others) => {
    const { fetcher, array } = await openBlocks<DataType>(make, name, { options: { fillValue, dataType } });
    const [depth] = array.shape;
    const beyond = [
      [depth - 1, 0, 0],
      [depth + 1, 1, 1],
    ] as const;
    const { data } = await fetcher.get(beyond);
    expect(data[1]).toBe(dataType === "uint64" ? BigInt(fillValue) : fillValue);
    for (const wrong of others) {
      const refuses = async (): Promise<unknown> => {
        const { fetcher: other } = await openBlocks<DataType>(make, name, { options: { fillValue: wrong } });
        return other.get(beyond);
      };
      await expect(refuses()).rejects.toMatchObject({ code: "invalid-option" });
    }
    const typed = await openBlocks<DataType>(make, name, {
      options: { dataType: dataType === "int8" ? "uint8" : "int8" },
    });
    await expect(typed.fetcher.get(beyond)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining(dataType),
    });
  });

  test.each([n5, "precomputed/raw/s0"])("%s has channel 0 and no other", async (name) => {
    const { fetcher, array, all } = await openBlocks(make, name, { options: { channel: 0 } });
    expect(await sha256((await fetcher.get(all)).data)).toBe(array.sha256);
    const other = await openBlocks(make, name, { options: { channel: 1 } });
    await expect(other.fetcher.get(all)).rejects.toMatchObject({ code: "invalid-option" });
  });

  const broken = [0, 1, 4, 9, 10, 11, 18];
  test.each<BrokenSliceHandling>(["fill", "above", "below", "closest", "interpolate", "throw"])(
    "broken slices inside blocks: %s",
    async (handling) => {
      const whole = await wholeOf(n5);
      for (const name of [n5, "precomputed/sharded_identity_raw/s0"]) {
        const { fetcher } = await openBlocks(make, name, {
          options: { brokenSliceHandling: handling, fillValue: 99 },
          info: () => ({ broken_slices: Object.fromEntries(broken.map((section) => [section, 1])) }),
        });
        // "above" has nothing for sections 0 and 1, "below" nothing for 18.
        const [first, end] = [handling === "above" ? 2 : 0, handling === "below" ? 18 : 19];
        const region = [
          [first, 14, 28],
          [end, 18, 33],
        ] as const;
        if (handling === "throw") {
          await expect(fetcher.get(region)).rejects.toMatchObject({ code: "broken-slice" });
          continue;
        }
        const { data, report } = await fetcher.get(region);
        const expected: number[] = [];
        for (let z = first; z < end; z++)
          for (let y = 14; y < 18; y++)
            for (let x = 28; x < 33; x++) expected.push(modelVoxel(whole, handling, z, y, x));
        expect([...data], name).toEqual(expected);
        expect(report.replaced.map(({ section }) => section)).toEqual(
          handling === "fill" ? [] : broken.filter((section) => section >= first && section < end),
        );
      }
    },
  );

  test.each([...labels, "precomputed/cseg_u32_odd_blocks/s0"])(
    "broken slices of labels, %s, are never interpolated, and nothing is asked for but metadata",
    async (name) => {
      const { fetcher, server, all } = await openBlocks<DataType>(make, name, {
        options: { brokenSliceHandling: "interpolate" },
        info: () => ({ broken_slices: { 4: 1 } }),
      });
      await expect(fetcher.get(all)).rejects.toMatchObject({
        code: "invalid-option",
        message: expect.stringContaining("closest"),
      });
      expect(server.requests.every(({ file }) => /attributes\.json$|info$/.test(file))).toBe(true);
    },
  );

  function modelVoxel(
    whole: Uint8Array,
    handling: BrokenSliceHandling,
    z: number,
    y: number,
    x: number,
  ): number {
    const at = (section: number): number => whole[(section * 29 + y) * 45 + x] ?? Number.NaN;
    if (!broken.includes(z)) return at(z);
    if (handling === "fill") return 99;
    const intact = Array.from({ length: 19 }, (_, section) => section).filter((one) => !broken.includes(one));
    const above = intact.filter((section) => section < z).at(-1);
    const below = intact.find((section) => section > z);
    if (handling === "above" && above !== undefined) return at(above);
    if (handling === "below" && below !== undefined) return at(below);
    if (above === undefined || below === undefined) return at(above ?? below ?? Number.NaN);
    if (handling === "closest") return at(z - above <= below - z ? above : below);
    const mixed = at(above) + ((at(below) - at(above)) * (z - above)) / (below - above);
    return Math.floor(mixed + 0.5);
  }

  async function wholeOf(name: string): Promise<Uint8Array> {
    const { fetcher, all } = await openBlocks(make, name);
    const { data } = await fetcher.get(all);
    expect(await sha256(data)).toBe(blockArray(name).sha256);
    return data;
  }
});

/** zarr-python stores blocks whole at the ends too, and they are kept as they come. */
function keptVoxels(name: string): number {
  return name.startsWith("n5_zarrpy") ? 24 * 48 * 48 : 20 * 33 * 41;
}
