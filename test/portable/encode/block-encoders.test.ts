import fc from "fast-check";
import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bigEndianBytes } from "../../../workers/encode/big-endian-bytes.js";
import { encodeCompressedSegmentation } from "../../../workers/encode/encode-compressed-segmentation.js";
import { encodeN5Block } from "../../../workers/encode/encode-n5-block.js";
import { encodeShard } from "../../../workers/encode/encode-shard.js";
import { readCompressedSegmentation, readN5Block, readShard } from "../../support/blocks/read-blocks.js";

const asItIs = (bytes: Uint8Array) => bytes;

describe("encodeN5Block", () => {
  it("writes the header and big-endian voxels, as N5's specification has them", () => {
    const file = encodeN5Block(bigEndianBytes(Uint16Array.of(1, 2, 0x1234, 0xffff, 5, 6)), [1, 2, 3]);
    expect([...file]).toEqual([
      ...[0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3],
      ...[0, 1, 0, 2, 0x12, 0x34, 0xff, 0xff, 0, 5, 0, 6],
    ]);
    expect([...bigEndianBytes(Float32Array.of(-1.5))]).toEqual([0xbf, 0xc0, 0, 0]);
  });

  it("keeps voxels that are part of a larger array, and ids of 64 bits", () => {
    const ids = BigUint64Array.of(7n, 2n ** 53n + 1n, 2n ** 64n - 1n, 0n);
    const file = encodeN5Block(gzipSync(bigEndianBytes(ids.subarray(1, 3))), [2, 1, 1]);
    expect(readN5Block(file, "uint64", true)).toEqual({
      extent: [2, 1, 1],
      voxels: [2n ** 53n + 1n, 2n ** 64n - 1n],
    });
    expect(
      readN5Block(
        encodeN5Block(bigEndianBytes(Uint8Array.of(9, 8, 7).subarray(1)), [2, 1, 1]),
        "uint8",
        false,
      ).voxels,
    ).toEqual([8, 7]);
    expect(ids).toEqual(BigUint64Array.of(7n, 2n ** 53n + 1n, 2n ** 64n - 1n, 0n));
  });
});

describe("encodeCompressedSegmentation", () => {
  const side = fc.integer({ min: 1, max: 11 });
  const sides = fc.tuple(side, side, side);

  it.each([
    ["uint32", 1],
    ["uint64", 2],
  ] as const)("keeps %s labels of any chunk, in blocks that do not fit in", (_type, words) => {
    const cases = fc.record({
      extent: sides,
      blockSize: sides,
      kinds: fc.integer({ min: 1, max: 400 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ extent, blockSize, kinds, seed }) => {
        const length = extent[0] * extent[1] * extent[2];
        const numbers = Array.from({ length }, (_, i) => ((i + 1) * (seed + 7919)) % kinds);
        const labels =
          words === 1
            ? Uint32Array.from(numbers, (n) => 2 ** 32 - 1 - n)
            : BigUint64Array.from(numbers, (n) => 2n ** 64n - 1n - BigInt(n) * 2n ** 31n);
        const file = encodeCompressedSegmentation(labels, extent, blockSize);
        expect(readCompressedSegmentation(file, extent, blockSize, words)).toEqual([...labels]);
      }),
    );
  });

  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 4],
    [16, 4],
    [17, 8],
    [257, 16],
    [65_537, 32],
  ])("tells %i labels of a block apart by %i bits", (kinds, bits) => {
    const extent = [kinds, 1, 1] as const;
    const labels = Uint32Array.from({ length: kinds }, (_, i) => 3 * i);
    const file = encodeCompressedSegmentation(labels, extent, extent);
    expect(file[7]).toBe(bits);
    expect(readCompressedSegmentation(file, extent, extent, 1)).toEqual([...labels]);
  });

  it("writes a table that several blocks have once", () => {
    const labels = Uint32Array.from({ length: 64 }, (_, i) => 5 + (i % 2));
    const file = encodeCompressedSegmentation(labels, [64, 1, 1], [8, 1, 1]);
    // The channel, eight headers, eight words of one bit a voxel, one table of two.
    expect(file.length).toBe(4 * (1 + 16 + 8 + 2));
  });

  it("refuses a chunk whose tables the format cannot point to", () => {
    const labels = Uint32Array.from({ length: 2 ** 23 }, (_, i) => i);
    const extent = [2 ** 23, 1, 1] as const;
    expect(() => encodeCompressedSegmentation(labels, extent, [1, 1, 1])).toThrow(/take smaller chunks/);
  });
});

describe("encodeShard", () => {
  it("keeps the chunks of each minishard, side by side and by id", () => {
    const chunk = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.uint8Array({ maxLength: 9 }));
    fc.assert(
      fc.property(fc.array(chunk), fc.integer({ min: 0, max: 3 }), (entries, bits) => {
        const chunks = new Map(entries);
        const minishardOf = (id: bigint) => Number(id % 2n ** BigInt(bits));
        const file = encodeShard(chunks, { minishards: 2 ** bits, minishardOf });
        const read = readShard(file, bits, asItIs);
        const byId = (a: bigint, b: bigint) => (a < b ? -1 : 1);
        const ids = [...chunks.keys()].sort(byId);
        expect([...read.chunks.keys()].sort(byId)).toEqual(ids);
        for (const id of ids) expect(read.chunks.get(id)).toEqual(chunks.get(id));
        expect(read.minishards).toEqual(
          Array.from({ length: 2 ** bits }, (_, minishard) =>
            ids.filter((id) => minishardOf(id) === minishard),
          ),
        );
        const size = [...chunks.values()].reduce((sum, { length }) => sum + length, 0);
        expect(file.length).toBe(16 * 2 ** bits + size + 24 * chunks.size);
      }),
    );
  });

  it("packs the indexes of minishards that have chunks", () => {
    const chunks = new Map([[6n, Uint8Array.of(1, 2, 3)]]);
    const layout = {
      minishards: 4,
      minishardOf: () => 2,
      packIndex: (bytes: Uint8Array) => bytes.map((byte) => ~byte),
    };
    const { minishards } = readShard(encodeShard(chunks, layout), 2, layout.packIndex);
    expect(minishards).toEqual([[], [], [6n], []]);
  });
});
