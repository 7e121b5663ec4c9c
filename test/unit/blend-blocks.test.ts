import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blendTiles } from "../../src/assemble/blend-blocks.js";

const tile = (width: number, height: number, ...values: number[]) => ({
  data: Uint8Array.from(values),
  width,
  height,
});

describe("blendTiles", () => {
  test("is linear, rounded half up", () => {
    const lower = tile(4, 1, 0, 10, 255, 100);
    const upper = tile(4, 1, 255, 11, 0, 100);
    expect([...blendTiles(lower, upper, 0.5).data]).toEqual([128, 11, 128, 100]);
    expect([...blendTiles(lower, upper, 1 / 3).data]).toEqual([85, 10, 170, 100]);
    expect([...blendTiles(lower, upper, 2 / 3).data]).toEqual([170, 11, 85, 100]);
  });

  test("extends as far as both tiles do", () => {
    const lower = tile(3, 2, 1, 2, 3, 4, 5, 6);
    const upper = tile(2, 3, 11, 12, 13, 14, 15, 16);
    expect(blendTiles(lower, upper, 0.5)).toEqual(tile(2, 2, 6, 7, 9, 10));
  });

  test("leaves its tiles as they are", () => {
    const [lower, upper] = [tile(1, 1, 10), tile(1, 1, 20)];
    blendTiles(lower, upper, 0.5);
    expect([lower.data[0], upper.data[0]]).toEqual([10, 20]);
  });

  test("property: stays between the two, and is each of them at its end", () => {
    const grey = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(grey, grey, fc.double({ min: 0, max: 1, noNaN: true }), (low, high, weight) => {
        const at = (share: number): number | undefined =>
          blendTiles(tile(1, 1, low), tile(1, 1, high), share).data[0];
        expect(at(weight)).toBeGreaterThanOrEqual(Math.min(low, high));
        expect(at(weight)).toBeLessThanOrEqual(Math.max(low, high));
        expect([at(0), at(1)]).toEqual([low, high]);
      }),
    );
  });
});
