import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidRoiError } from "../../../src/errors.js";
import { parseRoi, ROIMode, roiModes, roundOutward } from "../../../src/space/roi.js";

describe("parseRoi", () => {
  it("takes arrays, typed arrays and mixtures of them, and truncates nothing", () => {
    const expected = [
      [0.25, -2, 3],
      [1.5, 4, 7],
    ];
    expect(parseRoi(expected)).toEqual(expected);
    expect(parseRoi(expected.map((row) => Float64Array.from(row)))).toEqual(expected);
    expect(parseRoi([[-1, 2, 3], Int32Array.of(4, 5, 6)])).toEqual([
      [-1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it.each([
    ["nothing", undefined, "an ROI must be [[lower, …], [upper, …]], got undefined"],
    ["null", null, "got null"],
    ["a text", "0:1", 'got "0:1"'],
    ["an object", { lower: [0, 0, 0] }, "got an object"],
    ["one row", [[0, 0, 0]], "an ROI must have 2 rows (the lower and the upper corner), got 1"],
    ["three rows", [[], [], []], "got 3"],
    ["six numbers", [0, 0, 0, 1, 1, 1], "got 6"],
    ["rows of numbers", [0, 1], "the lower corner of an ROI must be three numbers, got 0"],
    [
      "two columns",
      [
        [0, 0, 0],
        [1, 1],
      ],
      "the upper corner of an ROI must have 3 columns, got 2",
    ],
    [
      "four columns",
      [
        [0, 0, 0, 0],
        [1, 1, 1, 1],
      ],
      "the lower corner of an ROI must have 3 columns, got 4",
    ],
    [
      "NaN",
      [
        [0, Number.NaN, 0],
        [1, 1, 1],
      ],
      "got NaN in column 1",
    ],
    [
      "infinity",
      [
        [0, 0, 0],
        [1, 1, Number.POSITIVE_INFINITY],
      ],
      "the upper corner of an ROI must be finite numbers, got Infinity in column 2",
    ],
    [
      "texts",
      [
        ["0", "0", "0"],
        [1, 1, 1],
      ],
      'got "0" in column 0',
    ],
    [
      "a hole",
      [
        [0, 0, 0],
        [1, null, 1],
      ],
      "got null in column 1",
    ],
    ["bigints", [BigInt64Array.of(0n, 0n, 0n), [1, 1, 1]], "got the bigint 0 in column 0"],
    [
      "a long text",
      [
        ["x".repeat(1000), 0, 0],
        [1, 1, 1],
      ],
      `got "${"x".repeat(40)}…" in column 0`,
    ],
    [
      "no voxels",
      [
        [0, 5, 0],
        [1, 5, 1],
      ],
      "the ROI holds no voxels in column 1: from 5 to 5",
    ],
    [
      "an inverted axis",
      [
        [0, 0, 9],
        [1, 1, 8],
      ],
      "the ROI has its lower bound above its upper one in column 2: from 9 to 8",
    ],
  ])("refuses %s with one sentence", (_name, roi, message) => {
    const refused = () => parseRoi(roi);
    expect(refused).toThrow(InvalidRoiError);
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(message);
  });
});

describe("roundOutward", () => {
  it.each([
    [0, 0, 0],
    [0.5, 0, 1],
    [-0.5, -1, 0],
    [2.9999999999999996, 3, 3],
    [3.0000000000000004, 3, 3],
    [3 - 0.9e-9, 3, 3],
    [1e-9, 0, 0],
    [1.1e-9, 0, 1],
    [-1.1e-9, -1, 0],
    [1e6 + 0.9e-3, 1e6, 1e6],
    [1e6 + 1.1e-3, 1e6, 1e6 + 1],
    [-1e6 - 1.1e-3, -1e6 - 1, -1e6],
  ])("takes %f down to %f and up to %f", (value, lower, upper) => {
    expect(roundOutward(value, "lower")).toBe(lower);
    expect(roundOutward(value, "upper")).toBe(upper);
  });

  it("never gives −0", () => {
    for (const value of [-0, -1e-12, 1e-12]) expect(Object.is(roundOutward(value, "lower"), 0)).toBe(true);
    expect(Object.is(roundOutward(-0.5, "upper"), 0)).toBe(true);
  });

  it.each([2 ** 53, -(2 ** 60), 1e300, Number.NaN, Number.NEGATIVE_INFINITY])("refuses %f", (value) => {
    expect(() => roundOutward(value, "lower")).toThrow(InvalidRoiError);
  });

  it("covers the value, by less than a voxel", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e7, max: 1e7, noNaN: true }), (value) => {
        const tolerance = Math.max(1e-9, 1e-9 * Math.abs(value));
        const [lower, upper] = [roundOutward(value, "lower"), roundOutward(value, "upper")];
        expect(lower).toBeLessThanOrEqual(value + tolerance);
        expect(upper).toBeGreaterThanOrEqual(value - tolerance);
        expect(value - lower).toBeLessThan(1);
        expect(upper - value).toBeLessThan(1);
        const nearest = Math.round(value);
        if (Math.abs(value - nearest) <= tolerance)
          expect([lower, upper]).toEqual([nearest + 0, nearest + 0]);
        else expect(upper - lower).toBe(1);
      }),
    );
  });
});

describe("ROIMode", () => {
  it("has three values", () => {
    expect(Object.values(ROIMode).sort()).toEqual([...roiModes].sort());
  });
});
