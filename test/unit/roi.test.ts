import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError, InvalidRoiError, InvalidZoomLevelError } from "../../src/errors.js";
import type { Triple } from "../../src/space/axis-order.js";
import { axesOf, axisOrders, toOrder } from "../../src/space/axis-order.js";
import { parseRoi, ROIMode, roiModes, roundOutward } from "../../src/space/roi.js";
import { stackOrientations } from "../../src/space/stack-orientation.js";
import { ProjectStack } from "../../src/stack/project-stack.js";
import { scaledRoi } from "../../src/stack/scaled-roi.js";
import { Stack } from "../../src/stack/stack.js";

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

describe("scaledRoi", () => {
  const dimension = { x: 1000, y: 800, z: 60 };
  const factors = [
    { x: 1, y: 1, z: 1 },
    { x: 2, y: 2, z: 1 },
    { x: 4, y: 4, z: 3 },
  ];

  it("leaves scaled ROIs to the rounding", () => {
    const stack = new Stack({ dimension });
    expect(
      scaledRoi(
        stack,
        [
          [0.5, -1.5, 2],
          [1, 3, 4.1],
        ],
        ROIMode.SCALED,
        5,
        "zyx",
      ),
    ).toEqual([
      [0, -2, 2],
      [1, 3, 5],
    ]);
  });

  it("divides stack ROIs by the factors of the level, z included", () => {
    const stack = new Stack({ dimension, downsampleFactors: factors });
    expect(
      scaledRoi(
        stack,
        [
          [8, 400, 802],
          [12, 481, 880],
        ],
        "stack",
        2,
        "zyx",
      ),
    ).toEqual([
      [2, 100, 200],
      [4, 121, 220],
    ]);
  });

  it("computes levels that the stack does not have", () => {
    const stack = new Stack({ dimension, downsampleFactors: factors });
    expect(
      scaledRoi(
        stack,
        [
          [0, 0, 0],
          [3, 64, 64],
        ],
        "stack",
        4,
        "zyx",
      ),
    ).toEqual([
      [0, 0, 0],
      [1, 4, 4],
    ]);
    expect(
      scaledRoi(
        stack,
        [
          [0, 0, 0],
          [3, 64, 64],
        ],
        "stack",
        -1,
        "zyx",
      ),
    ).toEqual([
      [0, 0, 0],
      [3, 128, 128],
    ]);
  });

  it("maps project ROIs column by column to the stack axes that run along them", () => {
    const place = { resolution: { x: 4, y: 5, z: 35 }, translation: { x: 100, y: 200, z: 300 } };
    const [from, to] = [
      { x: 700, y: 500, z: 4 },
      { x: 760, y: 560, z: 6 },
    ];
    for (const orientation of stackOrientations) {
      const stack = new ProjectStack({ dimension, ...place, orientation });
      const [lower, upper] = [from, to].map((point) => stack.transformer.stackToProject(point));
      if (lower === undefined || upper === undefined) throw new Error("two corners");
      for (const order of axisOrders) {
        const roi = [toOrder(lower, order), toOrder(upper, order)];
        expect(scaledRoi(stack, roi, "project", 0, order)).toEqual([
          toOrder(from, order),
          toOrder(to, order),
        ]);
      }
    }
  });

  it("gives the start of a section to that section, at negative coordinates and great distances too", () => {
    for (const translation of [-1000, -123456.789, 1e11]) {
      const stack = new ProjectStack({
        dimension,
        resolution: { x: 1, y: 1, z: 0.3 },
        translation: { x: 0, y: 0, z: translation },
      });
      for (let section = 0; section < dimension.z; section++) {
        const [from, to] = [section, section + 1].map((z) => stack.transformer.stackToProject({ z }).z);
        const [lower, upper] = scaledRoi(
          stack,
          [
            [from, 0, 0],
            [to, 1, 1],
          ],
          "project",
          0,
          "zyx",
        );
        if (Math.abs(translation) < 1e9) expect([lower[0], upper[0]]).toEqual([section, section + 1]);
        else expect(upper[0] - lower[0]).toBeLessThanOrEqual(2);
      }
    }
  });

  it("refuses what is no ROI mode, axis order, level or region", () => {
    const stack = new Stack({ dimension });
    const roi = [
      [0, 0, 0],
      [1, 1, 1],
    ];
    expect(() => scaledRoi(stack, roi, "voxels" as "stack", 0, "zyx")).toThrow(InvalidOptionError);
    expect(() => scaledRoi(stack, roi, "stack", 0, "zy" as "zyx")).toThrow(InvalidOptionError);
    expect(() => scaledRoi(stack, roi, "stack", 0.5, "zyx")).toThrow(InvalidZoomLevelError);
    expect(() =>
      scaledRoi(
        stack,
        [
          [0, 0, 0],
          [1, 1, 1e300],
        ],
        "stack",
        0,
        "zyx",
      ),
    ).toThrow(InvalidRoiError);
    const noise = [
      [0, 0, 3 - 1e-12],
      [1, 1, 3 + 1e-12],
    ];
    expect(() => scaledRoi(stack, noise, "stack", 0, "zyx")).toThrow(
      "the ROI holds no voxels in column 2: from 3 to 3 at zoom level 0",
    );
  });

  it("covers any ROI, by less than a voxel a side, in any axis order", () => {
    const bound = fc.double({ min: -1e5, max: 1e5, noNaN: true });
    const extent = fc.double({ min: 0.01, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(bound, bound, bound),
        fc.tuple(extent, extent, extent),
        fc.constantFrom(...axisOrders),
        fc.constantFrom(0, 1, 2),
        (lower, size, order, zoomLevel) => {
          const stack = new Stack({ dimension, downsampleFactors: factors });
          const upper = lower.map((from, axis) => from + (size[axis] ?? 1)) as unknown as Triple;
          const scaled = scaledRoi(stack, [lower, upper], "stack", zoomLevel, order);
          const factor = toOrder(stack.downsampleFactor(zoomLevel), order);
          axesOf(order).forEach((_, column) => {
            const [from, to] = [lower, upper].map((corner) => (corner[column] ?? 0) / (factor[column] ?? 1));
            const slack = 1e-9 * Math.max(1, Math.abs(from ?? 0), Math.abs(to ?? 0));
            expect(scaled[0][column]).toBeLessThanOrEqual((from ?? 0) + slack);
            expect(scaled[1][column]).toBeGreaterThanOrEqual((to ?? 0) - slack);
            expect((from ?? 0) - (scaled[0][column] ?? 0)).toBeLessThan(1);
            expect((scaled[1][column] ?? 0) - (to ?? 0)).toBeLessThan(1);
          });
        },
      ),
    );
  });

  it("has three modes", () => {
    expect(Object.values(ROIMode).sort()).toEqual([...roiModes].sort());
  });
});
