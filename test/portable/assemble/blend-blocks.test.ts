import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blendBlocks } from "../../../src/assemble/blend-blocks.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Block } from "../../../src/space/block.js";
import type { DataType } from "../../../src/space/data-type.js";
import { dataTypes } from "../../../src/space/data-type.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import { blockOf, countUp } from "../../support/blocks/blocks.js";

const tile = (width: number, height: number, ...values: number[]): Block => ({
  data: Uint8Array.from(values),
  shape: [1, height, width],
});

/** Two tiles at the same place, mixed as far as they go. */
function blend(lower: Block, upper: Block, upperWeight: number): Block {
  const box: ScaledBox = { lower: [0, 0, 0], upper: [1, 100, 100] };
  return blendBlocks(
    { block: lower, first: [0, 0, 0] },
    { block: upper, first: [0, 0, 0] },
    upperWeight,
    box,
  );
}

describe("blendBlocks", () => {
  test("is linear, rounded half up", () => {
    const lower = tile(4, 1, 0, 10, 255, 100);
    const upper = tile(4, 1, 255, 11, 0, 100);
    expect([...blend(lower, upper, 0.5).data]).toEqual([128, 11, 128, 100]);
    expect([...blend(lower, upper, 1 / 3).data]).toEqual([85, 10, 170, 100]);
    expect([...blend(lower, upper, 2 / 3).data]).toEqual([170, 11, 85, 100]);
  });

  test("extends as far as both blocks do", () => {
    const lower = tile(3, 2, 1, 2, 3, 4, 5, 6);
    const upper = tile(2, 3, 11, 12, 13, 14, 15, 16);
    expect(blend(lower, upper, 0.5)).toEqual(tile(2, 2, 6, 7, 9, 10));
  });

  test("leaves its blocks as they are", () => {
    const [lower, upper] = [tile(1, 1, 10), tile(1, 1, 20)];
    blend(lower, upper, 0.5);
    expect([lower.data[0], upper.data[0]]).toEqual([10, 20]);
  });

  test("property: stays between the two, and is each of them at its end", () => {
    const grey = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(grey, grey, fc.double({ min: 0, max: 1, noNaN: true }), (low, high, weight) => {
        const at = (share: number) => blend(tile(1, 1, low), tile(1, 1, high), share).data[0];
        expect(at(weight)).toBeGreaterThanOrEqual(Math.min(low, high));
        expect(at(weight)).toBeLessThanOrEqual(Math.max(low, high));
        expect([at(0), at(1)]).toEqual([low, high]);
      }),
    );
  });

  test("takes one section of each block, of any depth, from the first voxel of the box", () => {
    // Sections 4 and 8 of the stack in the place of 5; blocks of 3 × 4 × 5 that begin at (3, 10, 20) and (8, 10, 20).
    const shape: Triple = [3, 4, 5];
    const [low, high] = [countUp("uint16", shape, 0), countUp("uint16", shape, 1000)];
    const mixed = blendBlocks({ block: low, first: [4, 10, 20] }, { block: high, first: [5, 10, 20] }, 0.25, {
      lower: [5, 11, 22],
      upper: [6, 13, 25],
    });
    expect(mixed.shape).toEqual([1, 2, 3]);
    const voxel = (z: number, y: number, x: number): number => (z * 4 + y) * 5 + x;
    const expected = [1, 2].flatMap((y) =>
      [2, 3, 4].map((x) => 0.75 * voxel(1, y, x) + 0.25 * (1000 + voxel(0, y, x))),
    );
    expect([...mixed.data]).toEqual(expected.map((value) => Math.floor(value + 0.5)));
  });

  test("is empty where one of the blocks ends before the section", () => {
    const box: ScaledBox = { lower: [5, 0, 0], upper: [6, 2, 2] };
    const [whole, short] = [countUp("uint8", [3, 2, 2], 1), countUp("uint8", [2, 2, 2], 1)];
    const at = (first: Triple, block: Block): Block =>
      blendBlocks({ block: whole, first: [5, 0, 0] }, { block, first }, 0.5, box);
    expect(at([4, 0, 0], short).shape).toEqual([1, 2, 2]);
    expect(at([3, 0, 0], short)).toEqual({ data: new Uint8Array(0), shape: [0, 2, 2] });
  });

  const mixtures: Readonly<Record<DataType, readonly [low: number[], high: number[], half: number[]]>> = {
    uint8: [
      [0, 255],
      [255, 0],
      [128, 128],
    ],
    int8: [
      [-128, -1],
      [127, -4],
      [0, -2],
    ],
    uint16: [
      [0, 65_535],
      [65_535, 1],
      [32_768, 32_768],
    ],
    int16: [
      [-32_768, -3],
      [32_767, 0],
      [0, -1],
    ],
    uint32: [
      [0, 2 ** 32 - 1],
      [2 ** 32 - 1, 0],
      [2 ** 31, 2 ** 31],
    ],
    int32: [
      [-(2 ** 31), 7],
      [2 ** 31 - 1, 8],
      [0, 8],
    ],
    uint64: [
      [0, 7],
      [2 ** 53, 10],
      [2 ** 52, 9],
    ],
    int64: [
      [-7, 3],
      [-10, -4],
      [-8, 0],
    ],
    float32: [
      [0.5, -1],
      [1, 1],
      [0.75, 0],
    ],
    float64: [
      [0.1, 1],
      [0.3, 2],
      [0.2, 1.5],
    ],
  };

  test.each(dataTypes)("mixes %s, which stays what it is", (dataType) => {
    const [low, high, half] = mixtures[dataType];
    const of = (values: readonly number[]): Block => blockOf(dataType, [1, 1, values.length], values);
    expect(blend(of(low), of(high), 0.5)).toEqual(of(half));
  });

  test("is exact where 64 bits are more than a number holds", () => {
    const of = (value: bigint): Block => ({ data: BigUint64Array.of(value), shape: [1, 1, 1] });
    const large = 2n ** 63n + 12_345n;
    expect([...blend(of(large), of(large + 4n), 0.25).data]).toEqual([large + 1n]);
    expect([...blend(of(large + 4n), of(large), 0.25).data]).toEqual([large + 3n]);
  });
});
