import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError, InvalidRoiError, InvalidZoomLevelError } from "../../../src/errors.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { axesOf, axisOrders, toOrder } from "../../../src/space/axis-order.js";
import { ROIMode } from "../../../src/space/roi.js";
import { stackOrientations } from "../../../src/space/stack-orientation.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { scaledRoi } from "../../../src/stack/scaled-roi.js";
import { Stack } from "../../../src/stack/stack.js";

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

  it("takes CATMAID's word for the section where coordinates are too far out to be exact", () => {
    const far = { resolution: { x: 1, y: 1, z: 1 }, translation: { x: 1e8, y: 1e8, z: 1e8 } };
    const stack = new ProjectStack({ dimension, ...far });
    const before = 1e8 + 7 - 2 ** -26;
    const roi = [
      [before, before, 1e8],
      [1e8 + 9, 1e8 + 9, 1e8 + 9],
    ];
    expect(scaledRoi(stack, roi, "project", 0, "zyx")).toEqual([
      [7, 6, 0],
      [9, 9, 9],
    ]);
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
});
