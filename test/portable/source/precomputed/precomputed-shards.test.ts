import { fc, test } from "@fast-check/vitest";
import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { isCatmaidImageError, TileDecodeError } from "../../../../src/errors.js";
import type { BlockSource } from "../../../../src/source/block-source.js";
import { murmurHash } from "../../../../src/source/precomputed/shard/murmur-hash.js";
import type { Triple } from "../../../../src/space/axis-order.js";
import type { BlockIndex } from "../../../../src/space/block.js";
import { MortonCode } from "../../../../src/space/morton-code.js";
import vectors from "../../../fixtures/blocks/precomputed/vectors.json" with { type: "json" };
import { buildShard, minishardIndex, type ShardChunk } from "../../../support/block-files/build-shard.js";
import { infoWith, openVolume, volumeUrl } from "../../../support/block-files/precomputed-volume.js";

const { signal } = new AbortController();
const all = (): boolean => true;

const identity = {
  "@type": "neuroglancer_uint64_sharded_v1",
  hash: "identity",
  preshift_bits: 0,
  minishard_bits: 0,
  shard_bits: 0,
};

/** The n-th chunk of a row of chunks of 1 × 1 × 1 voxels. */
const inRow = (n: number): BlockIndex => ({ level: 0, at: [0, 0, n] });

/** A volume of a row of chunks, in these files. */
async function openRow(
  files: Readonly<Record<string, Uint8Array | undefined>>,
  sharding: object = {},
  length = 1024,
) {
  const info = infoWith({
    size: [length, 1, 1],
    chunk_sizes: [[1, 1, 1]],
    sharding: { ...identity, ...sharding },
  });
  const { source, asked } = await openVolume((path) => (path === "info" ? info : files[path]));
  asked.length = 0;
  const locate = (n: number, isWanted: (block: BlockIndex) => boolean = all) =>
    (source as Required<BlockSource>).locate(inRow(n), isWanted, signal);
  return { source, asked, locate };
}

/** Chunks of so many bytes, with these ids. */
function chunksOf(ids: readonly number[], size = 10): ShardChunk[] {
  return ids.map((id) => ({ id: BigInt(id), bytes: new Uint8Array(size).fill(id) }));
}

describe("trap 22: ids of chunks", () => {
  it.each(vectors.compressed_morton_code)("Morton code of $g_xyz in $grid_xyz is $code", (row) => {
    const code = new MortonCode(row.grid_xyz as unknown as Triple);
    expect(code.encode(row.g_xyz as unknown as Triple)).toBe(BigInt(row.code));
    expect(code.decode(BigInt(row.code))).toEqual(row.g_xyz);
  });

  const axis = fc.integer({ min: 1, max: 2 ** 21 });
  const placeInGrid = fc
    .tuple(axis, axis, axis)
    .chain((grid) =>
      fc.tuple(
        fc.constant(grid),
        fc.tuple(
          ...(grid.map((n) => fc.nat(n - 1)) as [
            fc.Arbitrary<number>,
            fc.Arbitrary<number>,
            fc.Arbitrary<number>,
          ]),
        ),
      ),
    );

  test.prop([placeInGrid])(
    "codes are those of the definition, beyond 2^32 too, and lead back",
    ([grid, at]) => {
      let expected = 0n;
      let bit = 0n;
      for (let i = 0; i < 32; i++) {
        for (const d of [0, 1, 2] as const) {
          if (2 ** i >= grid[d]) continue;
          expected |= ((BigInt(at[d]) >> BigInt(i)) & 1n) << bit++;
        }
      }
      const code = new MortonCode(grid);
      expect(code.encode(at)).toBe(expected);
      expect(code.decode(expected)).toEqual(at);
      expect(code.bits).toBe(Number(bit));
    },
  );

  it("codes that no chunk of the grid has lead nowhere", () => {
    const code = new MortonCode([5, 3, 1]);
    const places = Array.from({ length: 64 }, (_, n) => code.decode(BigInt(n)));
    expect(places.filter((place) => place !== undefined)).toHaveLength(15);
    expect(code.decode(2n ** 64n - 1n)).toBeUndefined();
  });

  it.each(Object.entries(vectors.murmurhash3_x86_128_low64_of_uint64le_seed0))(
    "murmurhash of %s is %s",
    (key, hash) => expect(murmurHash(BigInt(key))).toBe(BigInt(hash)),
  );

  it("refuses a grid whose ids have more than 64 bits", async () => {
    const scale = { size: [2 ** 30, 2 ** 30, 2 ** 30], chunk_sizes: [[1, 1, 1]], sharding: identity };
    await expect(openVolume(() => infoWith(scale))).rejects.toThrow(/more than 64 bits/);
  });
});

describe("trap 20: shards", () => {
  it.each([
    [{ shard_bits: 0 }, 5, "0"],
    [{ shard_bits: 4 }, 5, "5"],
    [{ shard_bits: 5 }, 5, "05"],
    [{ shard_bits: 9 }, 0x1a5, "1a5"],
    [{ shard_bits: 3, minishard_bits: 2 }, 0b11001, "6"],
    [{ shard_bits: 3, minishard_bits: 2, preshift_bits: 1 }, 0b110011, "6"],
    [{ shard_bits: 64 }, 5, "0000000000000005"],
  ])("%j: chunk %i is in the shard of its name", async (sharding, chunk, name) => {
    const { source } = await openRow({}, sharding);
    expect(source.url(inRow(chunk))).toBe(`${volumeUrl}/4_4_40/${name}.shard`);
  });

  it("an absent chunk, an absent minishard and an absent shard are no chunks", async () => {
    const shard = buildShard([chunksOf([0, 4, 8]), undefined]);
    const { locate, asked } = await openRow(
      { "4_4_40/0.shard": shard },
      { minishard_bits: 1, shard_bits: 1 },
    );
    expect(await locate(0)).toBeDefined();
    expect([await locate(16), await locate(1), await locate(2), await locate(6)]).toEqual(
      Array(4).fill(undefined),
    );
    // The index of shard 0 and of its minishard, and that there is no shard 1: `.index` was not tried.
    expect(asked.map(({ url }) => url.slice(-7))).toEqual(["0.shard", "0.shard", "1.shard"]);
  });

  it("an absent shard is found out once, also where no shard was seen yet", async () => {
    const { locate, asked } = await openRow({}, { minishard_bits: 1 });
    expect(await Promise.all([0, 1, 2, 3].map((n) => locate(n)))).toEqual(Array(4).fill(undefined));
    await locate(5);
    expect(asked.map(({ url }) => url.slice(-7))).toEqual(["0.shard", "0.index"]);
  });

  it(".index and .data of old are found out once for a scale", async () => {
    const shard = buildShard([chunksOf([0, 2])]);
    const files = { index: shard.slice(0, 16), data: shard.slice(16) };
    const { source, locate, asked } = await openRow(
      { "4_4_40/0.index": files.index, "4_4_40/0.data": files.data, "4_4_40/1.index": files.index },
      { shard_bits: 1 },
    );
    expect(await locate(0)).toMatchObject({ range: { offset: 0, length: 10 } });
    expect(source.url(inRow(0))).toBe(`${volumeUrl}/4_4_40/0.data`);
    await expect(locate(1)).rejects.toThrow(/1\.data is damaged: the index of minishard 0 is not there/);
    expect(asked.map(({ url }) => url.slice(-7))).toEqual([
      "0.shard",
      "0.index",
      "/0.data",
      "1.index",
      "/1.data",
    ]);
  });

  it("reads an index packed with gzip", async () => {
    const { locate } = await openRow(
      { "4_4_40/0.shard": buildShard([chunksOf([3, 7])], true) },
      { minishard_index_encoding: "gzip" },
    );
    expect(await locate(7)).toMatchObject({ range: { offset: 26, length: 10 } });
    expect(await locate(8)).toBeUndefined();
  });

  it("reads an index whose chunks are in no order, with ids and places that go down", async () => {
    const places = [
      { id: 9n, start: 200, size: 5 },
      { id: 2n, start: 0, size: 7 },
      { id: 5n, start: 100, size: 3 },
    ];
    const index = minishardIndex(places);
    const shard = new Uint8Array(16 + 300 + index.length);
    new BigUint64Array(shard.buffer, 0, 2).set([300n, BigInt(300 + index.length)]);
    shard.set(index, 316);
    const { locate } = await openRow({ "4_4_40/0.shard": shard });
    for (const { id, start, size } of places) {
      expect(await locate(Number(id))).toEqual({
        range: { offset: 16 + start, length: size },
        run: { offset: 16, length: 205 },
        blocks: 3,
      });
    }
  });

  it("asks for a part of an index of very many minishards", async () => {
    const { locate, asked } = await openRow({}, { minishard_bits: 32 });
    await locate(3);
    expect(asked[0]?.range).toEqual({ offset: 0, length: 2 ** 20 });
  });
});

describe("trap 23: indexes are asked for once, neighbours together", () => {
  const files = { "4_4_40/0.shard": buildShard([chunksOf([0, 2, 4, 6]), chunksOf([1, 3, 5, 7])]) };

  it("in parallel, and again later", async () => {
    const { locate, asked } = await openRow(files, { minishard_bits: 1 });
    await Promise.all(Array.from({ length: 8 }, (_, n) => locate(n)));
    await Promise.all(Array.from({ length: 8 }, (_, n) => locate(n)));
    expect(asked).toHaveLength(3);
  });

  it("who gives up leaves the others alone, and what nobody waited for is asked for again", async () => {
    const { source, asked } = await openRow(files, { minishard_bits: 1 });
    const { locate } = source as Required<BlockSource>;
    const [leaver, stayer] = [new AbortController(), new AbortController()];
    const left = locate(inRow(0), all, leaver.signal);
    const stayed = locate(inRow(2), all, stayer.signal);
    leaver.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    expect(await stayed).toBeDefined();
    const alone = locate(inRow(1), all, leaver.signal);
    await expect(alone).rejects.toThrow("left");
    expect(await locate(inRow(1), all, stayer.signal)).toBeDefined();
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it("a failure is told, and not kept", async () => {
    const served: Record<string, Uint8Array> = { "4_4_40/0.shard": new Uint8Array(3) };
    const { locate, asked } = await openRow(served, { minishard_bits: 1 });
    await expect(Promise.all([locate(0), locate(2)])).rejects.toMatchObject({ code: "tile-fetch" });
    expect(asked).toHaveLength(1);
    Object.assign(served, files);
    expect(await locate(0)).toBeDefined();
  });

  it("chunks of several minishards that lie one behind another are one run", async () => {
    const { locate } = await openRow(files, { minishard_bits: 1 });
    // 2 × 16 bytes of index; each minishard has 40 bytes of chunks and 96 of index.
    const run = { offset: 32, length: 40 + 96 + 40 };
    const places = await Promise.all(Array.from({ length: 8 }, (_, n) => locate(n)));
    for (const place of places) expect(place).toMatchObject({ run, blocks: 8 });
    expect(places[3]).toMatchObject({ range: { offset: 32 + 40 + 96 + 10, length: 10 } });
  });

  it("who comes when a run was given out is not in it", async () => {
    const { locate } = await openRow(files, { minishard_bits: 1 });
    expect(await locate(0)).toMatchObject({ run: { offset: 32, length: 40 }, blocks: 4 });
    expect(await locate(1)).toMatchObject({ run: { offset: 32 + 136, length: 40 }, blocks: 4 });
    expect(await locate(2)).toMatchObject({ run: { offset: 32, length: 40 }, blocks: 4 });
  });

  it("an index that fails or is given up is not waited for by others for ever", async () => {
    const damaged = (files["4_4_40/0.shard"] as Uint8Array).slice();
    new DataView(damaged.buffer).setBigUint64(16, 2n ** 60n, true);
    const { locate } = await openRow({ "4_4_40/0.shard": damaged }, { minishard_bits: 1 });
    const [good, bad] = await Promise.allSettled([locate(0), locate(1)]);
    expect(good).toMatchObject({ status: "fulfilled", value: { run: { offset: 32, length: 40 } } });
    expect(bad).toMatchObject({ status: "rejected", reason: { code: "tile-decode" } });
  });

  it("a run is the wanted chunks with gaps of up to 64 KiB, and as long as 8 MiB", async () => {
    const size = 1_000_000;
    const chunks = Array.from({ length: 12 }, (_, n) => ({
      id: BigInt(n),
      bytes: new Uint8Array(n > 3 ? size : 10),
      gap: [0, 64 * 1024, 64 * 1024 + 1][n] ?? 0,
    }));
    const { locate } = await openRow({ "4_4_40/0.shard": buildShard([chunks]) });
    const places = await Promise.all(chunks.map((_, n) => locate(n)));
    const first = { offset: 16, length: 64 * 1024 + 20 };
    expect(places[0]).toEqual({ range: { offset: 16, length: 10 }, run: first, blocks: 2 });
    expect(places[1]).toEqual({ range: { offset: 16 + 10 + 64 * 1024, length: 10 }, run: first, blocks: 2 });
    const second = { offset: 16 + first.length + 64 * 1024 + 1, length: 2 * 10 + 8 * size };
    for (const place of places.slice(2)) expect(place).toMatchObject({ run: second, blocks: 10 });
  });

  it("a run has no more bytes than 8 MiB, a chunk of more is on its own", async () => {
    const chunks = [3_000_000, 9_000_000, 3_000_000, 3_000_000, 3_000_000].map((size, n) => ({
      id: BigInt(n),
      bytes: new Uint8Array(size),
    }));
    const { locate } = await openRow({ "4_4_40/0.shard": buildShard([chunks]) });
    const places = await Promise.all(chunks.map((_, n) => locate(n)));
    expect(places.map((place) => (place === "whole-file" ? 0 : place?.run.length))).toEqual([
      3_000_000, 9_000_000, 6_000_000, 6_000_000, 3_000_000,
    ]);
  });

  it("leaves out what is not wanted, and is on its own for who is not wanted itself", async () => {
    const { locate } = await openRow(files, { minishard_bits: 1 });
    const isWanted = ({ at }: BlockIndex): boolean => at[2] === 2 || at[2] === 4;
    const run = { offset: 32 + 10, length: 20 };
    expect(await locate(2, isWanted)).toEqual({ range: { offset: 42, length: 10 }, run, blocks: 2 });
    expect(await locate(4, isWanted)).toEqual({ range: { offset: 52, length: 10 }, run, blocks: 2 });
    const alone = { offset: 62, length: 10 };
    expect(await locate(6, isWanted)).toEqual({ range: alone, run: alone, blocks: 1 });
  });

  it("asks once whether a block is wanted", async () => {
    const { locate } = await openRow({ "4_4_40/0.shard": buildShard([chunksOf([...Array(500).keys()])]) });
    let questions = 0;
    const isWanted = (): boolean => ++questions > 0;
    for (let n = 0; n < 500; n++) await locate(n, isWanted);
    expect(questions).toBe(500);
  });
});

describe("damaged indexes are errors, and no chunks", () => {
  const huge = 2n ** 63n;
  const shardWith = (start: bigint, end: bigint, ...rest: bigint[]): Uint8Array =>
    new Uint8Array(new BigUint64Array([start, end, ...rest]).buffer);

  it.each([
    ["a minishard that ends before it begins", shardWith(24n, 0n)],
    ["one beyond 2^53", shardWith(huge, huge + 24n)],
    ["one that is longer than any", shardWith(0n, 2n ** 40n)],
    ["an index of no whole number of chunks", shardWith(0n, 25n, 0n, 0n, 1n, 0n)],
    ["a chunk beyond 2^53", shardWith(0n, 24n, 0n, huge, 1n)],
    ["a chunk that begins before the data", shardWith(0n, 24n, 0n, 2n ** 64n - 1n, 1n)],
    ["a chunk whose end overflows", shardWith(0n, 24n, 0n, 8n, 2n ** 64n - 8n)],
    ["a chunk of no bytes", shardWith(0n, 24n, 0n, 0n, 0n)],
  ])("%s", async (_, shard) => {
    const { locate } = await openRow({ "4_4_40/0.shard": shard });
    await expect(locate(0)).rejects.toThrow(TileDecodeError);
    await expect(locate(0)).rejects.toThrow(
      /^the shard http:\/\/volumes\.example\/data\/vol\/4_4_40\/0\.shard is damaged/,
    );
  });

  const packed = buildShard([chunksOf([...Array(200).keys()])], true);
  const at = 16 + 200 * 10;

  it.each([
    ["cut", packed.slice(), -1],
    ["with a wrong checksum", packed.slice(), packed.length - 8],
    ["with a wrong length", packed.slice(), packed.length - 4],
    ["with a wrong byte", packed.slice(), at + 40],
    ["of another kind", packed.slice(), at],
  ])("an index packed with gzip, %s", async (_, shard, flipped) => {
    if (flipped < 0) new DataView(shard.buffer).setBigUint64(8, BigInt(packed.length - 16 - 4), true);
    else shard[flipped] = (shard[flipped] as number) ^ 1;
    const { locate } = await openRow({ "4_4_40/0.shard": shard }, { minishard_index_encoding: "gzip" });
    await expect(locate(0)).rejects.toThrow(/the index of minishard 0 cannot be unpacked/);
  });

  it("an index that unpacks to more than any has", async () => {
    const index = gzipSync(new Uint8Array(20_000_000));
    const shard = new Uint8Array(16 + index.length);
    new BigUint64Array(shard.buffer, 0, 2).set([0n, BigInt(index.length)]);
    shard.set(index, 16);
    const { locate } = await openRow({ "4_4_40/0.shard": shard }, { minishard_index_encoding: "gzip" });
    await expect(locate(0)).rejects.toThrow(/cannot be unpacked/);
  });

  test.prop([fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 })])(
    "any bytes are a place, no chunk, or a typed error",
    async (flips) => {
      const shard = buildShard([chunksOf([0, 2, 4]), chunksOf([1, 3])]);
      for (const [place, byte] of flips) if (place < shard.length) shard[place] = byte;
      const { locate } = await openRow({ "4_4_40/0.shard": shard }, { minishard_bits: 1 });
      for (let n = 0; n < 5; n++) {
        try {
          const place = await locate(n);
          if (place === undefined || place === "whole-file") continue;
          const { range, run } = place;
          expect(range.length).toBeGreaterThan(0);
          expect(Number.isSafeInteger(range.offset + range.length)).toBe(true);
          expect(run.offset <= range.offset).toBe(true);
          expect(run.offset + run.length >= range.offset + range.length).toBe(true);
        } catch (error) {
          expect(isCatmaidImageError(error), String(error)).toBe(true);
        }
      }
    },
  );
});
