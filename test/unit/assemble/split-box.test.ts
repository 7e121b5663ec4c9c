import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitBox } from "../../../src/assemble/split-box.js";
import type { Triple } from "../../../src/space/axis-order.js";

const triple = (min: number, max: number): fc.Arbitrary<Triple> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min, max }));

describe("splitBox", () => {
  test("property: every voxel in exactly one piece, none larger than asked for, aligned to the first voxel", () => {
    fc.assert(
      fc.property(triple(-20, 20), triple(1, 9), triple(1, 12), (lower, extent, shape) => {
        const upper: Triple = [lower[0] + extent[0], lower[1] + extent[1], lower[2] + extent[2]];
        const seen = new Map<string, number>();
        for (const piece of splitBox({ lower, upper }, shape)) {
          for (const axis of [0, 1, 2] as const) {
            expect((piece.lower[axis] - lower[axis]) % shape[axis]).toBe(0);
            expect(piece.upper[axis] - piece.lower[axis]).toBeLessThanOrEqual(shape[axis]);
          }
          for (let z = piece.lower[0]; z < piece.upper[0]; z++)
            for (let y = piece.lower[1]; y < piece.upper[1]; y++)
              for (let x = piece.lower[2]; x < piece.upper[2]; x++)
                seen.set(`${z} ${y} ${x}`, (seen.get(`${z} ${y} ${x}`) ?? 0) + 1);
        }
        expect(seen.size).toBe(extent[0] * extent[1] * extent[2]);
        expect(new Set(seen.values())).toEqual(new Set([1]));
      }),
      { numRuns: 100 },
    );
  });

  test("goes through the box slowest axis first", () => {
    const pieces = [...splitBox({ lower: [0, 0, 0], upper: [2, 3, 4] }, [1, 2, 3])].map(({ lower }) =>
      lower.join(),
    );
    expect(pieces).toEqual(["0,0,0", "0,0,3", "0,2,0", "0,2,3", "1,0,0", "1,0,3", "1,2,0", "1,2,3"]);
  });

  test("is lazy: a box of more pieces than there is memory for costs nothing until they are asked for", () => {
    const pieces = splitBox({ lower: [0, 0, 0], upper: [1e6, 1e6, 1e6] }, [1, 1, 1]);
    expect(pieces.next().value).toEqual({ lower: [0, 0, 0], upper: [1, 1, 1] });
    pieces.return(undefined);
  });
});
