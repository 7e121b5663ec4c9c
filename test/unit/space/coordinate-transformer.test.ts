import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { InvalidOptionError, InvalidZoomLevelError } from "../../../src/errors.js";
import type { Axis, Vector3 } from "../../../src/space/axis-order.js";
import { axisOrders, fromOrder, toOrder } from "../../../src/space/axis-order.js";
import { CoordinateTransformer } from "../../../src/space/coordinate-transformer.js";
import { sectionOf } from "../../../src/space/section.js";
import {
  matchingAxis,
  parseStackOrientation,
  StackOrientation,
  stackOrientations,
} from "../../../src/space/stack-orientation.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";

const axes: readonly Axis[] = ["x", "y", "z"];
const resolution = { x: 4, y: 5, z: 35 };
const translation = { x: 100, y: -200, z: 300 };

const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const anyPoint = fc.record({ x: coordinate, y: coordinate, z: coordinate });
const anySize = fc.double({ min: 0.01, max: 1000, noNaN: true });
const anyResolution = fc.record({ x: anySize, y: anySize, z: anySize });

describe("StackOrientation", () => {
  it("is parsed from names, in any case, and from CATMAID's numbers", () => {
    expect(["XY", "xz", " Zy ", 0, 1, 2, "0", "1", "2"].map(parseStackOrientation)).toEqual([
      "xy",
      "xz",
      "zy",
      "xy",
      "xz",
      "zy",
      "xy",
      "xz",
      "zy",
    ]);
    expect(Object.values(StackOrientation)).toEqual(stackOrientations);
  });

  it.each([3, -1, 0.5, Number.NaN, "yz", "", null, undefined, {}])("is not %o", (value) => {
    expect(() => parseStackOrientation(value)).toThrow(InvalidOptionError);
  });

  it("swaps two axes or none, and twice is nothing", () => {
    const swapped = stackOrientations.map((orientation) =>
      axes.map((axis) => matchingAxis(orientation, axis)),
    );
    expect(swapped.map((row) => row.join(""))).toEqual(["xyz", "xzy", "zyx"]);
    for (const orientation of stackOrientations) {
      for (const axis of axes) expect(matchingAxis(orientation, matchingAxis(orientation, axis))).toBe(axis);
    }
  });
});

describe("CoordinateTransformer", () => {
  it("is the identity without options", () => {
    const transformer = new CoordinateTransformer();
    const point = { x: 1.5, y: -2, z: 3 };
    expect(transformer.projectToStack(point)).toEqual(point);
    expect(transformer.stackToProject(point)).toEqual(point);
    expect(transformer.stackToScaled(point, 0)).toEqual(point);
  });

  it.each([
    ["xy", { x: 140, y: -150, z: 1000 }],
    ["xz", { x: 140, y: 500, z: 350 }],
    ["zy", { x: 800, y: -150, z: 340 }],
  ] as const)(
    "takes the resolution of the stack axis and the translation of the project axis: %s",
    (orientation, project) => {
      const transformer = new CoordinateTransformer({ resolution, translation, orientation });
      const stack = { x: 10, y: 10, z: 20 };
      expect(transformer.stackToProject(stack)).toEqual(project);
      expect(transformer.projectToStack(project)).toEqual(stack);
    },
  );

  it("maps only the axes that are given", () => {
    const transformer = new CoordinateTransformer({ resolution, translation, orientation: "xz" });
    expect(transformer.projectToStack({ z: 350 })).toEqual({ y: 10 });
    expect(transformer.stackToProject({ y: 10, x: 0 })).toEqual({ z: 350, x: 100 });
    expect(transformer.stackToScaled({ x: 8 }, 2)).toEqual({ x: 2 });
    expect(transformer.projectToStack({})).toEqual({});
  });

  it("maps arrays of points, columns in any order", () => {
    const transformer = new CoordinateTransformer({ resolution, translation, orientation: "zy" });
    const points = [
      { x: 1, y: 2, z: 3 },
      { x: -4, y: 5.5, z: 0 },
    ];
    for (const order of axisOrders) {
      const rows = points.map((point) => Float64Array.from(toOrder(point, order)));
      const mapped = transformer.stackToProject(rows, order);
      expect(mapped.map((row) => fromOrder(row, order))).toEqual(
        points.map((p) => transformer.stackToProject(p)),
      );
      expect(transformer.projectToStack(mapped, order)).toEqual(rows.map((row) => [...row]));
      expect(transformer.stackToScaled(rows, 1, { order }).map((row) => fromOrder(row, order))).toEqual(
        points.map((p) => transformer.stackToScaled(p, 1)),
      );
    }
    expect(transformer.projectToStack([])).toEqual([]);
  });

  it("refuses arrays that are no points", () => {
    const transformer = new CoordinateTransformer();
    const flat = [1, 2, 3] as unknown as readonly (readonly number[])[];
    expect(() => transformer.projectToStack(flat)).toThrow(InvalidOptionError);
    expect(() => transformer.projectToStack([[1, 2]])).toThrow("row 0 is not");
    expect(() => transformer.stackToProject([[1, 2, 3]], "xy" as "xyz")).toThrow(InvalidOptionError);
  });

  it("knows what it gives back", () => {
    const transformer = new CoordinateTransformer();
    expectTypeOf(transformer.projectToStack({ x: 1, y: 2, z: 3 })).toEqualTypeOf<Vector3>();
    expectTypeOf(transformer.projectToStack({ x: 1 })).toEqualTypeOf<Partial<Vector3>>();
    expectTypeOf(transformer.projectToStack([[1, 2, 3]])).toEqualTypeOf<[number, number, number][]>();
  });

  it("undoes itself, whatever the stack", () => {
    fc.assert(
      fc.property(
        anyPoint,
        anyResolution,
        anyPoint,
        fc.constantFrom(...stackOrientations),
        (point, res, t, orientation) => {
          const transformer = new CoordinateTransformer({ resolution: res, translation: t, orientation });
          const back = transformer.stackToProject(transformer.projectToStack(point));
          const forth = transformer.projectToStack(transformer.stackToProject(point));
          for (const axis of axes) {
            const slack = 1e-300 + 1e-14 * (Math.abs(point[axis]) + Math.abs(t[axis]));
            expect(Math.abs(back[axis] - point[axis])).toBeLessThanOrEqual(slack);
            const project = matchingAxis(orientation, axis);
            const reach = Math.abs(point[axis]) + Math.abs(t[project]) / res[axis];
            expect(Math.abs(forth[axis] - point[axis])).toBeLessThanOrEqual(1e-300 + 1e-14 * reach);
          }
        },
      ),
    );
  });

  it("scales by the stack's factors, beyond them by powers of two in x and y", () => {
    const downsampleFactors = [
      { x: 1, y: 1, z: 1 },
      { x: 3, y: 2, z: 1 },
      { x: 9, y: 4, z: 3 },
    ];
    const transformer = new CoordinateTransformer({ downsampleFactors });
    const point = { x: 36, y: 16, z: 6 };
    expect([-1, 0, 1, 2, 3].map((level) => transformer.stackToScaled(point, level))).toEqual([
      { x: 72, y: 32, z: 6 },
      { x: 36, y: 16, z: 6 },
      { x: 12, y: 8, z: 6 },
      { x: 4, y: 4, z: 2 },
      { x: 2, y: 2, z: 2 },
    ]);
    expect(transformer.stackToScaled({ x: 4, y: 4, z: 2 }, 0, { fromZoomLevel: 2 })).toEqual(point);
    expect(new CoordinateTransformer().stackToScaled(point, 2)).toEqual({ x: 9, y: 4, z: 6 });
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9, "1"])("refuses zoom level %o", (level) => {
    const zoomLevel = level as number;
    expect(() => new CoordinateTransformer().stackToScaled({ x: 1 }, zoomLevel)).toThrow(
      InvalidZoomLevelError,
    );
    const from = { fromZoomLevel: zoomLevel };
    expect(() => new CoordinateTransformer().stackToScaled({ x: 1 }, 0, from)).toThrow(InvalidZoomLevelError);
  });

  it.each([
    [{ resolution: { x: 0 } }, "resolution.x must be a positive number, got 0"],
    [{ resolution: { y: -1 } }, "resolution.y"],
    [{ resolution: { z: Number.NaN } }, "resolution.z"],
    [{ translation: { x: Number.POSITIVE_INFINITY } }, "translation.x must be a number, got Infinity"],
    [{ downsampleFactors: [{ x: 1, y: 1, z: 0 }] }, "downsampleFactors[0].z"],
    [{ orientation: "yz" as "xy" }, "orientation"],
  ])("refuses %o", (options, message) => {
    expect(() => new CoordinateTransformer(options)).toThrow(InvalidOptionError);
    expect(() => new CoordinateTransformer(options)).toThrow(message);
  });

  it("is made of a stack info, and of a stack", () => {
    const info = { resolution, translation, orientation: 2, downsample_factors: [] };
    const dimension = { x: 10, y: 10, z: 10 };
    const expected = new CoordinateTransformer({ resolution, translation, orientation: "zy" });
    expect(CoordinateTransformer.fromStackInfo(info).equals(expected)).toBe(true);
    const stack = ProjectStack.fromStackInfo({ ...info, dimension });
    expect(new CoordinateTransformer(stack).equals(expected)).toBe(true);
    expect(stack.transformer.equals(expected)).toBe(true);
  });

  it("equals another only if everything does", () => {
    const options = {
      resolution,
      translation,
      orientation: "xz",
      downsampleFactors: [{ x: 1, y: 1, z: 1 }],
    } as const;
    const one = new CoordinateTransformer(options);
    expect(one.equals(new CoordinateTransformer(options))).toBe(true);
    const others = [
      { ...options, resolution: { ...resolution, z: 36 } },
      { ...options, translation: { ...translation, y: 0 } },
      { ...options, orientation: "zy" },
      { ...options, downsampleFactors: null },
      { ...options, downsampleFactors: [] },
      { ...options, downsampleFactors: [{ x: 1, y: 1, z: 2 }] },
    ] as const;
    for (const other of others) expect(one.equals(new CoordinateTransformer(other))).toBe(false);
  });

  it("cannot be changed from outside", () => {
    const given = { ...resolution };
    const transformer = new CoordinateTransformer({ resolution: given });
    given.x = 1000;
    expect(transformer.resolution).toEqual(resolution);
    expect(Object.isFrozen(transformer.resolution)).toBe(true);
  });
});

describe("sections", () => {
  it("begin where they do, for any resolution and translation", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }).map((thousandths) => thousandths / 1000),
        fc.integer({ min: -100_000_000, max: 100_000_000 }).map((thousandths) => thousandths / 1000),
        fc.constantFrom(...stackOrientations),
        (z, offset, orientation) => {
          const transformer = new CoordinateTransformer({
            resolution: { x: 7, y: 11, z },
            translation: { x: offset, y: offset, z: offset },
            orientation,
          });
          for (let section = 0; section < 300; section += 7) {
            expect(transformer.projectToSection(transformer.stackToProject({ x: 0, y: 0, z: section }))).toBe(
              section,
            );
            const within = transformer.stackToProject({ x: 0, y: 0, z: section + 0.5 });
            expect(transformer.projectToSection(within)).toBe(section);
          }
        },
      ),
    );
  });

  it("hold what lies between their start and that of the next", () => {
    expect([0, 49.9, 50, 99.999, -0.001, -50, -50.1].map((z) => sectionOf(z, 0, 50))).toEqual([
      0, 0, 1, 1, -1, -1, -2,
    ]);
    expect(Object.is(sectionOf(-0, 0, 50), 0)).toBe(true);
    // The neighbours of a start, where coordinates are too far out to be exact.
    const step = 2 ** -26;
    expect([7 - step, 7, 7 + step].map((z) => sectionOf(1e8 + z, 1e8, 1))).toEqual([7, 7, 7]);
    expect([7, 7 + step].map((z) => sectionOf(-1e8 + z, -1e8, 1))).toEqual([7, 7]);
  });
});
