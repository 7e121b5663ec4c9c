import fc from "fast-check";
import { expect, test } from "vitest";
import { calmBlock, calmSum, extremeBlock, flatBlock } from "../../../../workers/decode/jpeg/jpeg-idct.js";
import { runs } from "../../../support/thorough.js";

const coefficient = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: -60, max: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: -2048, max: 2048 }) },
);
const blocks = fc.array(coefficient, { minLength: 64, maxLength: 64 });

function absoluteSum(block: readonly number[]): number {
  return block.reduce((sum, value) => sum + Math.abs(value), 0);
}

function run(transform: typeof calmBlock, coefficients: readonly number[]): Uint8Array {
  const block = Int32Array.from(coefficients);
  const out = new Uint8Array(10 * 8).fill(99);
  transform(block, out, 1, 10);
  expect(block).toEqual(new Int32Array(64));
  for (let row = 0; row < 8; row++) expect([out[10 * row], out[10 * row + 9]]).toEqual([99, 99]);
  return out;
}

/** The transform in floating point, by its definition. */
function exact(coefficients: readonly number[]): number[] {
  const shades: number[] = [];
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (const [n, value] of coefficients.entries()) {
        const u = n % 8;
        const v = (n - u) / 8;
        const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
        sum +=
          scale *
          value *
          Math.cos(((2 * x + 1) * u * Math.PI) / 16) *
          Math.cos(((2 * y + 1) * v * Math.PI) / 16);
      }
      shades.push(Math.min(255, Math.max(0, sum / 4 + 128)));
    }
  }
  return shades;
}

test("a calm block is transformed the same by the fast and by the careful way", () => {
  fc.assert(
    fc.property(blocks, (coefficients) => {
      fc.pre(absoluteSum(coefficients) <= calmSum);
      expect(run(calmBlock, coefficients)).toEqual(run(extremeBlock, coefficients));
    }),
    { numRuns: runs(100) },
  );
});

test("the largest calm blocks are calm indeed", () => {
  for (let place = 0; place < 64; place++) {
    for (const value of [calmSum, -calmSum]) {
      const coefficients = new Array<number>(64).fill(0);
      coefficients[place] = value;
      expect(run(calmBlock, coefficients)).toEqual(run(extremeBlock, coefficients));
    }
  }
});

test("a block is what the definition says, to within the rounding of integers", () => {
  fc.assert(
    fc.property(blocks, (coefficients) => {
      fc.pre(absoluteSum(coefficients) <= calmSum);
      const out = run(calmBlock, coefficients);
      for (const [n, shade] of exact(coefficients).entries()) {
        expect(Math.abs((out[10 * (n >> 3) + 1 + (n & 7)] ?? 0) - shade)).toBeLessThan(1.01);
      }
    }),
  );
});

test("a flat block is the block with one coefficient, of any size", () => {
  for (const level of [0, 3, 4, -4, -5, 1016, -1024, 2047, 8191, 8192, 32767, -32768, 40000, -1 << 20]) {
    const out = new Uint8Array(80).fill(99);
    flatBlock(level, out, 1, 10);
    expect(out).toEqual(run(extremeBlock, [level, ...new Array<number>(63).fill(0)]));
  }
});
