import { describe, expect, it } from "vitest";
import { InvalidOptionError, InvalidRoiError, InvalidZoomLevelError } from "../../../src/errors.js";
import { BlockPlan } from "../../../src/plan/block-plan.js";
import type { Orientation3D } from "../../../src/space/axis-order.js";
import { axisOrders, reorder } from "../../../src/space/axis-order.js";
import { CoordinateTransformer } from "../../../src/space/coordinate-transformer.js";
import { parseRoi } from "../../../src/space/roi.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { scaledRoi } from "../../../src/stack/scaled-roi.js";
import { Stack } from "../../../src/stack/stack.js";
import { levelOf } from "../../support/fetching/plan-steps.js";

const dimension = { x: 4096, y: 4096, z: 30 };
const stack = new Stack({ dimension, maxZoomLevel: 4 });
const mirrorJson = {
  title: "a mirror",
  position: 0,
  image_base: "http://127.0.0.1/tiles/",
  file_extension: "png",
  tile_width: 256,
  tile_height: 192,
  tile_source_type: 1,
};
const mirror = StackMirror.fromJSON(mirrorJson);

function shapeOf([lower, upper]: readonly [readonly number[], readonly number[]]): readonly number[] {
  return lower.map((from, column) => (upper[column] ?? Number.NaN) - from);
}

// Each test is named after a defect of catpy 0.3.0 that must not come back.
describe("catpy's defects, geometry", () => {
  it("D01 resolution is that of the stack axis, for XZ and ZY stacks too", () => {
    const resolution = { x: 4, y: 4, z: 35 };
    const xz = new CoordinateTransformer({ resolution, orientation: "xz" });
    expect(xz.projectToStack({ x: 400, y: 350, z: 800 })).toEqual({ x: 100, y: 200, z: 10 });
    const zy = new CoordinateTransformer({ resolution, orientation: "zy" });
    expect(zy.projectToStack({ x: 350, y: 800, z: 400 })).toEqual({ x: 100, y: 200, z: 10 });
  });

  it("D02 ROIs of whole numbers are rounded outward, not truncated", () => {
    for (const array of [Array, Int32Array, Uint16Array, Float64Array]) {
      const roi = [array.of(0, 0, 0), array.of(1, 101, 103)];
      expect(shapeOf(scaledRoi(stack, roi, "stack", 1, "zyx"))).toEqual([1, 51, 52]);
    }
    const negative = [Int8Array.of(0, -3, -3), Int8Array.of(1, 9, 9)];
    expect(scaledRoi(stack, negative, "stack", 2, "zyx")).toEqual([
      [0, -1, -1],
      [1, 3, 3],
    ]);
    const voxel = [Int32Array.of(0, 0, 0), Int32Array.of(1, 1, 1)];
    expect(shapeOf(scaledRoi(stack, voxel, "stack", 3, "zyx"))).toEqual([1, 1, 1]);
  });

  it("D04 tile indices of negative coordinates are rounded down, and offsets stay in the tile", () => {
    const { tileIndex, offset } = mirror.getTileIndex({ x: -1, y: -193, z: -1 });
    expect([tileIndex.col, tileIndex.row, tileIndex.depth]).toEqual([-1, -2, -1]);
    expect(offset).toEqual({ x: 255, y: 191, z: 0 });
    const box = { lower: [0, -10, 0], upper: [1, 600, 1] } as const;
    const plan = new BlockPlan({
      stack,
      level: levelOf(stack, mirror, 0),
      zoomLevel: 0,
      box,
      brokenSliceHandling: "fill",
    });
    const [first, second] = plan.steps();
    expect(first).toEqual({ kind: "outside", box: { lower: [0, -10, 0], upper: [1, 0, 1] } });
    expect(second).toMatchObject({ kind: "block", box: { lower: [0, 0, 0], upper: [1, 192, 1] } });
    const unclamped = new Stack({ dimension, clamp: false });
    const negative = new BlockPlan({
      stack: unclamped,
      level: levelOf(unclamped, mirror, 0),
      zoomLevel: 0,
      box,
      brokenSliceHandling: "fill",
    });
    expect([...negative.steps()].map((step) => step.kind === "block" && step.block.at[1])).toEqual([
      -1, 0, 1, 2, 3,
    ]);
  });

  it("D05 tiles −1 and −2 are two tiles, along every axis", () => {
    const options = { depth: 0, row: 0, col: 0, zoomLevel: 0, height: 1, width: 1 };
    for (const name of ["depth", "row", "col", "zoomLevel"]) {
      const [a, b] = [-1, -2].map((value) => new TileIndex({ ...options, [name]: value }));
      expect(a?.key).not.toBe(b?.key);
      expect(b && a?.equals(b)).toBe(false);
    }
  });

  it("D07 the stack's downsample factors are used, z included", () => {
    const downsampleFactors = [
      { x: 1, y: 1, z: 1 },
      { x: 2, y: 2, z: 2 },
    ];
    const isotropic = new Stack({ dimension, downsampleFactors });
    const roi = [
      [8, 400, 800],
      [12, 480, 880],
    ];
    expect(scaledRoi(isotropic, roi, "stack", 1, "zyx")).toEqual([
      [4, 200, 400],
      [6, 240, 440],
    ]);
    expect(isotropic.levelExtent(1)).toEqual({ x: 2048, y: 2048, z: 15 });
  });

  it("D08 every axis order reads the same region, 3-cycles too", () => {
    const zyx = [
      [3, 100, 200],
      [5, 150, 270],
    ] as const;
    for (const order of axisOrders) {
      const roi = zyx.map((corner) => reorder(corner, "zyx", order));
      const scaled = scaledRoi(stack, roi, "scaled", 0, order);
      expect(scaled.map((corner) => reorder(corner, order, "zyx"))).toEqual(zyx);
    }
    const yxz: Orientation3D = "yxz";
    expect(reorder([100, 200, 3], yxz, "zyx")).toEqual([3, 100, 200]);
  });

  it("D11 an empty ROI is one clear error, along every axis", () => {
    for (const column of [0, 1, 2]) {
      const upper = [1, 10, 10].map((bound, index) => (index === column ? 0 : bound));
      const refused = () => scaledRoi(stack, [[0, 0, 0], upper], "scaled", 0, "zyx");
      expect(refused).toThrow(InvalidRoiError);
      expect(refused).toThrow(`the ROI holds no voxels in column ${column}: from 0 to 0`);
    }
  });

  it("D12 a mirror of an unsupported type leaves the stack and its other mirrors usable", () => {
    for (const tile_source_type of [11, 14, 15, 0, null]) {
      const mirrors = [
        { ...mirrorJson, tile_source_type },
        { ...mirrorJson, title: "fine", position: 1 },
      ];
      const mixed = ProjectStack.fromStackInfo({ dimension, resolution: { x: 4, y: 4, z: 50 }, mirrors });
      expect(mixed.mirrors.map(({ isSupported }) => isSupported)).toEqual([false, true]);
    }
  });

  it("D16 a tile index must have both sides of the mirror's tiles", () => {
    const index = { depth: 0, row: 0, col: 0, zoomLevel: 0 };
    for (const [height, width] of [
      [100, 256],
      [192, 100],
      [100, 100],
    ] as const) {
      expect(() => mirror.generateUrl(new TileIndex({ ...index, height, width }))).toThrow(
        InvalidOptionError,
      );
    }
    const url = mirror.generateUrl(new TileIndex({ ...index, height: 192, width: 256 }));
    expect(url).toBe("http://127.0.0.1/tiles/0/0_0_0.png");
  });

  it("D20 zoom level 1.0 is 1, and half a level is refused", () => {
    const { tileIndex } = mirror.getTileIndex({ x: 0, y: 0, z: 0 }, Number("1.0"));
    expect(mirror.generateUrl(tileIndex)).toBe("http://127.0.0.1/tiles/0/0_0_1.png");
    const roi = [
      [0, 0, 0],
      [1, 8, 8],
    ];
    for (const level of [0.5, Number.NaN, "1"]) {
      const zoomLevel = level as number;
      expect(() => mirror.getTileIndex({ x: 0, y: 0, z: 0 }, zoomLevel)).toThrow(InvalidZoomLevelError);
      expect(() => scaledRoi(stack, roi, "stack", zoomLevel, "zyx")).toThrow(InvalidZoomLevelError);
    }
  });

  it("D21 bounds on voxel borders gain nothing through floating-point noise", () => {
    let noisy = 0;
    for (const resolution of [3.8, 0.1, 4.4]) {
      for (const offset of [0, 1234.5, -77.7]) {
        const place = { resolution: axes(resolution), translation: axes(offset) };
        const project = new ProjectStack({ dimension, ...place });
        for (let index = 0; index < 1000; index++) {
          const [from, to] = [index, index + 1].map((voxel) => voxel * resolution + offset);
          const roi = [
            [from, from, from],
            [to, to, to],
          ];
          if (((from ?? 0) - offset) / resolution !== index) noisy++;
          const expected = [new Array(3).fill(index), new Array(3).fill(index + 1)];
          expect(scaledRoi(project, roi, "project", 0, "zyx")).toEqual(expected);
        }
      }
    }
    expect(noisy).toBeGreaterThan(1000);
  });

  it("D26 braces in an address are left alone", () => {
    for (const tile_source_type of [1, 2, 4, 5, 6, 7, 8, 9, 10]) {
      const image_base = "http://127.0.0.1/{stack}/{0}/{}/";
      const braced = StackMirror.fromJSON({ ...mirrorJson, tile_source_type, image_base });
      const { tileIndex } = braced.getTileIndex({ x: 0, y: 0, z: 0 });
      expect(braced.generateUrl(tileIndex).startsWith(image_base)).toBe(true);
    }
  });

  it("D27 NaN and infinity are no bounds", () => {
    for (const bound of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() =>
        parseRoi([
          [0, bound, 0],
          [1, 5, 1],
        ]),
      ).toThrow(InvalidRoiError);
      expect(() =>
        parseRoi([
          [0, 0, 0],
          [1, 5, bound],
        ]),
      ).toThrow(InvalidRoiError);
    }
  });

  it("D29 an unknown mirror is not the first one, and a number may be a title", () => {
    const mirrors = ["one", "7", "three"].map((title, position) =>
      StackMirror.fromJSON({ ...mirrorJson, title, position }),
    );
    const chosen = new Stack({ dimension, mirrors });
    expect(chosen.mirrorAt("no such mirror")).toBeUndefined();
    expect(chosen.mirrorAt(7)).toBeUndefined();
    expect(chosen.mirrorAt("7")?.position).toBe(1);
    expect(chosen.mirrorAt("2")?.title).toBe("three");
    const withAuth = StackMirror.fromJSON(mirrorJson, { auth: ["me", "secret"] });
    expect(withAuth.auth).toEqual(["me", "secret"]);
  });

  it("D30 transformers of different orientation differ", () => {
    const [xy, xz] = (["xy", "xz"] as const).map((orientation) => new CoordinateTransformer({ orientation }));
    expect(xz && xy?.equals(xz)).toBe(false);
  });

  it("D32 stack infos of older servers need no broken slices, canary, title or position", () => {
    const { title: _title, position: _position, ...rest } = mirrorJson;
    const info = { dimension, resolution: { x: 4, y: 4, z: 50 }, mirrors: [rest] };
    const old = ProjectStack.fromStackInfo(info);
    expect([old.brokenSlices.size, old.canaryLocation, old.mirrors.length]).toEqual([0, axes(0), 1]);
    expect(old.mirrors[0]?.isSupported).toBe(true);
  });
});

function axes(value: number): { readonly x: number; readonly y: number; readonly z: number } {
  return { x: value, y: value, z: value };
}
