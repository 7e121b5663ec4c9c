import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShardGrid } from "../../../src/out/precomputed/shard-grid.js";
import type { Triple } from "../../../src/space/axis-order.js";

/** The compressed Morton code, digit by digit as its description has it. */
function codeOf(at: Triple, chunks: Triple): bigint {
  let digits = "";
  for (let bit = 0; bit < 12; bit++)
    for (const axis of [0, 1, 2] as const)
      if (2 ** bit < chunks[axis]) digits = `${(at[axis] >> bit) & 1}${digits}`;
  return BigInt(`0b0${digits}`);
}

const side = fc.integer({ min: 1, max: 19 });
const chunks = fc.tuple(side, side, side);

describe("ShardGrid", () => {
  it("has in each file the chunks of one box, and all of them, whatever the volume", () => {
    const cases = fc.record({
      chunks,
      doublings: fc.integer({ min: 0, max: 4 }),
      longer: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(cases, ({ chunks, doublings, longer }) => {
        // x, y and z are doubled in turns.
        const box = [0, 1, 2].map((axis) => 2 ** (doublings + (axis < longer ? 1 : 0))) as unknown as Triple;
        const grid = new ShardGrid(chunks, box);
        const {
          preshift_bits: preshift,
          minishard_bits: minishards,
          shard_bits: bits,
        } = grid.sharding(false);
        const boxOfFile = new Map<string, string>();
        const fileOfBox = new Map<string, string>();
        for (let z = 0; z < chunks[2]; z += 1 + (z % 3))
          for (let y = 0; y < chunks[1]; y++)
            for (let x = 0; x < chunks[0]; x++) {
              const id = codeOf([x, y, z], chunks);
              expect(grid.idOf([x, y, z])).toBe(id);
              const shard = id >> BigInt(Number(preshift) + Number(minishards));
              const name = `${shard.toString(16).padStart(Math.max(1, Math.ceil(Number(bits) / 4)), "0")}.shard`;
              const place: Triple = [Math.floor(x / box[0]), Math.floor(y / box[1]), Math.floor(z / box[2])];
              expect(grid.fileName(place)).toBe(name);
              boxOfFile.set(name, place.join());
              fileOfBox.set(place.join(), name);
            }
        expect(boxOfFile.size).toBe(fileOfBox.size);
      }),
      { numRuns: 25 },
    );
  });

  it("has no more chunks in a minishard than an index that is read at once should have", () => {
    const grid = new ShardGrid([100, 100, 100], [16, 16, 16]);
    expect(grid.sharding(true)).toEqual({
      "@type": "neuroglancer_uint64_sharded_v1",
      hash: "identity",
      preshift_bits: 9,
      minishard_bits: 3,
      shard_bits: 9,
      minishard_index_encoding: "raw",
      data_encoding: "gzip",
    });
    const ids = [0, 1, 511, 512, 4095].map((id) => grid.minishardOf(BigInt(id)));
    expect(ids).toEqual([0, 0, 0, 1, 7]);
  });

  it("refuses boxes whose chunks lie in several files, with one that does", () => {
    expect(() => new ShardGrid([9, 9, 9], [1, 2, 2])).toThrow(
      "shards of 1 × 2 × 2 chunks (x, y, z) cannot be in a volume of 9 × 9 × 9: take 2 × 2 × 1, or as many along each axis",
    );
    expect(() => new ShardGrid([9, 9, 9], [8, 2, 2])).toThrow(/take 4 × 4 × 2/);
    // Where an axis has no more chunks, the others go on.
    expect(new ShardGrid([9, 9, 1], [4, 4, 4]).sharding(false)).toMatchObject({
      preshift_bits: 4,
      shard_bits: 4,
    });
  });
});
