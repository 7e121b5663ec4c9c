import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidStackError, InvalidZoomLevelError } from "../../../src/errors.js";
import type { StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { sourceSection } from "../../../src/stack/pyramid.js";
import { Stack } from "../../../src/stack/stack.js";
import { runs } from "../../support/thorough.js";

const dimension = { x: 1025, y: 600, z: 41 };
const resolution = { x: 4, y: 4, z: 35 };
const factors = [
  { x: 1, y: 1, z: 1 },
  { x: 2, y: 2, z: 1 },
  { x: 4, y: 3, z: 2 },
];

function mirrorOf(changes: Partial<StackMirrorOptions> = {}): StackMirror {
  return new StackMirror({
    imageBase: "http://127.0.0.1/",
    fileExtension: "png",
    tileWidth: 512,
    tileHeight: 256,
    tileSourceType: 1,
    ...changes,
  });
}

describe("Stack", () => {
  it("needs no more than a dimension", () => {
    const stack = new Stack({ dimension });
    expect({ ...stack }).toEqual({
      dimension,
      brokenSlices: new Set(),
      canaryLocation: { x: 0, y: 0, z: 0 },
      mirrors: [],
      downsampleFactors: null,
      maxZoomLevel: 0,
      clamp: true,
      title: "",
      id: null,
      metadata: null,
    });
    expect(stack.transformer.projectToStack({ x: 1, y: 2, z: 3 })).toEqual({ x: 1, y: 2, z: 3 });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "5", null, undefined])(
    "refuses a dimension of %o",
    (voxels) => {
      for (const axis of ["x", "y", "z"]) {
        const wrong = { ...dimension, [axis]: voxels };
        expect(() => new Stack({ dimension: wrong })).toThrow(InvalidStackError);
        expect(() => new Stack({ dimension: wrong })).toThrow(
          `the stack's dimension.${axis} must be a whole number`,
        );
      }
    },
  );

  it("refuses factors that are not positive or absurd, and levels that are none", () => {
    for (const wrong of [0, -1, Number.NaN, 1e-300, 1e300]) {
      const downsampleFactors = [{ x: 1, y: 1, z: wrong }];
      expect(() => new Stack({ dimension, downsampleFactors })).toThrow(InvalidStackError);
    }
    for (const maxZoomLevel of [-1, 0.5, Number.NaN]) {
      expect(() => new Stack({ dimension, maxZoomLevel })).toThrow(InvalidStackError);
    }
  });

  it.each([
    [undefined, "a stack is made of options with a dimension, got undefined"],
    [null, "a stack is made of options with a dimension, got null"],
    [{}, "a stack must have a dimension { x, y, z } in voxels of level 0, got undefined"],
    [{ dimension: null }, "a stack must have a dimension"],
    [
      { dimension, brokenSlices: { 5: 1 } },
      "the stack's brokenSlices must be a list, a Set or the like, got an object",
    ],
    [
      { dimension, brokenSlices: "57" },
      'the stack\'s brokenSlices must be a list, a Set or the like, got "57"',
    ],
    [{ dimension, brokenSlices: 5 }, "got 5"],
    [{ dimension, mirrors: {} }, "the stack's mirrors must be a list"],
    [
      { dimension, mirrors: [mirrorOf().toJSON()] },
      "the stack's mirrors must be StackMirrors, got an object",
    ],
    [{ dimension, mirrors: [mirrorOf(), null] }, "the stack's mirrors must be StackMirrors, got null"],
  ])("refuses %j", (options, reason) => {
    for (const make of [Stack, ProjectStack]) {
      const wrong = options as unknown as ConstructorParameters<typeof ProjectStack>[0];
      expect(() => new make(wrong)).toThrow(InvalidStackError);
      expect(() => new make(wrong)).toThrow(reason);
    }
  });

  it("takes its broken sections and mirrors from any iterable", () => {
    const mirrors = new Set([mirrorOf()]);
    const stack = new Stack({ dimension, mirrors, brokenSlices: new Map([[5, 1]]).keys() });
    expect([[...stack.brokenSlices], stack.mirrors]).toEqual([[5], [...mirrors]]);
    expect(new Stack({ dimension, brokenSlices: Uint8Array.of(7) }).brokenSlices).toEqual(new Set([7]));
  });

  it("drops broken sections that it does not have", () => {
    const stack = new Stack({ dimension, brokenSlices: [40, 3, 41, -1, 2.5, Number.NaN, 3] });
    expect([...stack.brokenSlices]).toEqual([3, 40]);
  });

  it("orders its mirrors by position, equal ones as they came", () => {
    const mirrors = [2, 1, 0, 1].map((position, index) => mirrorOf({ position, title: String(index) }));
    expect(new Stack({ dimension, mirrors }).mirrors.map(({ title }) => title)).toEqual(["2", "1", "3", "0"]);
  });

  it("knows its levels from its factors, from a number, or by CATMAID's estimate", () => {
    const mirrors = [mirrorOf()];
    expect(new Stack({ dimension, mirrors, downsampleFactors: factors, maxZoomLevel: 9 }).maxZoomLevel).toBe(
      2,
    );
    expect(new Stack({ dimension, mirrors, maxZoomLevel: 9 }).maxZoomLevel).toBe(9);
    expect(new Stack({ dimension, mirrors }).maxZoomLevel).toBe(2);
    expect(new Stack({ dimension: { ...dimension, x: 1026 }, mirrors }).maxZoomLevel).toBe(3);
    expect(new Stack({ dimension, mirrors: [...mirrors, mirrorOf({ tileWidth: 0 })] }).maxZoomLevel).toBe(0);
    expect(
      new Stack({ dimension, mirrors: [...mirrors, mirrorOf({ tileWidth: Number.NaN })] }).maxZoomLevel,
    ).toBe(2);
    expect(new Stack({ dimension, downsampleFactors: [], mirrors }).downsampleFactors).toBeNull();
  });

  it("has whole levels from 0 to the coarsest", () => {
    const stack = new Stack({ dimension, downsampleFactors: factors, title: "a stack" });
    expect([-1, 0, 0.5, 1, 2, 3, Number.NaN].map((level) => stack.hasZoomLevel(level))).toEqual([
      false,
      true,
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(() => stack.checkZoomLevel(2)).not.toThrow();
    expect(() => stack.checkZoomLevel(3)).toThrow(InvalidZoomLevelError);
    expect(() => stack.checkZoomLevel(3)).toThrow(RangeError);
    expect(() => stack.checkZoomLevel(3)).toThrow('stack "a stack" has the zoom levels 0 to 2, not 3');
    expect(() => new Stack({ dimension }).checkZoomLevel("1" as unknown as number)).toThrow(
      '0 to 0, not "1"',
    );
  });

  it("knows how far each level goes, and its last tile", () => {
    const stack = new Stack({ dimension, downsampleFactors: factors });
    expect([0, 1, 2].map((level) => stack.levelExtent(level))).toEqual([
      dimension,
      { x: 513, y: 300, z: 41 },
      { x: 257, y: 200, z: 21 },
    ]);
    expect([0, 1, 2].map((level) => stack.lastTile(mirrorOf(), level))).toEqual([
      { col: 2, row: 2 },
      { col: 0, row: 1 },
      { col: 0, row: 0 },
    ]);
    expect(new Stack({ dimension: { x: 1, y: 1, z: 1 } }).lastTile(mirrorOf(), 1)).toEqual({
      col: -1,
      row: -1,
    });
  });

  it("finds a mirror by title, by position or as itself", () => {
    const mirrors = [
      mirrorOf({ title: "one", position: 1 }),
      mirrorOf({ title: "2", position: 3 }),
      mirrorOf({ title: "three", position: 2 }),
      mirrorOf({ title: "one", position: 4 }),
    ];
    const stack = new Stack({ dimension, mirrors });
    const [one, two, three] = mirrors;
    expect(stack.mirrorAt("one")).toBe(one);
    expect(stack.mirrorAt("2")).toBe(two);
    expect(stack.mirrorAt(2)).toBe(three);
    expect(stack.mirrorAt("1")).toBe(one);
    expect(three && stack.mirrorAt(three)).toBe(three);
    for (const unknown of ["One", "", " ", "9", 9, 0, Number.NaN, mirrorOf()]) {
      expect(stack.mirrorAt(unknown)).toBeUndefined();
    }
    expect(new Stack({ dimension, mirrors: [mirrorOf({ title: "" })] }).mirrorAt("")?.title).toBe("");
  });
});

describe("ProjectStack", () => {
  it("has a place in project space", () => {
    const stack = new ProjectStack({
      dimension,
      resolution,
      translation: { x: 1, y: 2, z: 3 },
      orientation: "xz",
    });
    expect(stack.transformer.stackToProject({ x: 1, y: 1, z: 1 })).toEqual({ x: 5, y: 37, z: 7 });
    expect(stack.projectId).toBeNull();
    expect(new ProjectStack({ dimension, resolution }).translation).toEqual({ x: 0, y: 0, z: 0 });
  });

  it.each([0, -4, Number.NaN, Number.POSITIVE_INFINITY])("refuses a resolution of %o", (z) => {
    const make = () => new ProjectStack({ dimension, resolution: { ...resolution, z } });
    expect(make).toThrow(InvalidStackError);
    expect(make).toThrow("the stack's resolution.z must be a positive number");
  });

  it.each([
    [undefined, "a ProjectStack must have a resolution { x, y, z } in nm per voxel, got undefined"],
    [null, "a ProjectStack must have a resolution"],
    [4, "a ProjectStack must have a resolution { x, y, z } in nm per voxel, got 4"],
    [{}, "the stack's resolution.x must be a positive number, got undefined"],
    [{ x: 4, y: 4 }, "the stack's resolution.z must be a positive number, got undefined"],
    [{ x: 4, y: "4", z: 40 }, 'the stack\'s resolution.y must be a positive number, got "4"'],
    [[4, 4, 40], "the stack's resolution.x must be a positive number, got undefined"],
  ])("takes no resolution for granted: %j", (given, reason) => {
    const make = () => new ProjectStack({ dimension, resolution: given as unknown as typeof resolution });
    expect(make).toThrow(InvalidStackError);
    expect(make).toThrow(reason);
  });

  it("refuses a mirror whose URLs are for another orientation", () => {
    const make = (tileSourceType: number) => () =>
      new ProjectStack({ dimension, resolution, orientation: "zy", mirrors: [mirrorOf({ tileSourceType })] });
    expect(make(8)).toThrow(InvalidStackError);
    expect(make(1)).not.toThrow();
  });
});

describe("sourceSection", () => {
  it("is the first section that CATMAID shows a level's section for", () => {
    const anyFactor = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 1, max: 20, noNaN: true }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), anyFactor, (levelSection, factor) => {
        const section = sourceSection(levelSection, factor);
        expect(Math.floor(section / factor)).toBe(levelSection);
        expect(Math.floor((section - 1) / factor)).toBeLessThan(levelSection);
      }),
      { numRuns: runs(250) },
    );
  });

  it("of a finer level is the one that it lies in", () => {
    expect([0, 1, 2, 3].map((section) => sourceSection(section, 0.5))).toEqual([0, 0, 1, 1]);
  });
});
