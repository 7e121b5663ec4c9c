import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError, InvalidZoomLevelError } from "../../../src/errors.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { runs } from "../../support/thorough.js";

const options = { depth: 3, row: 2, col: 1, zoomLevel: 4, height: 192, width: 256 };

describe("TileIndex", () => {
  it("knows where its first voxel is", () => {
    expect(new TileIndex(options).coords).toEqual({ x: 256, y: 384, z: 3 });
    expect(new TileIndex({ ...options, row: -1, col: -2, depth: -3 }).coords).toEqual({
      x: -512,
      y: -192,
      z: -3,
    });
  });

  it("is comparable with indices of its level and tile size", () => {
    const index = new TileIndex(options);
    expect(index.isComparable(new TileIndex({ ...options, depth: 0, row: 0, col: 0 }))).toBe(true);
    for (const other of [{ zoomLevel: 0 }, { height: 256 }, { width: 192 }]) {
      expect(index.isComparable(new TileIndex({ ...options, ...other }))).toBe(false);
    }
  });

  const notFinite = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "1", undefined];

  it.each(["row", "col", "height", "width"] as const)("refuses a %s that is no whole number", (name) => {
    for (const value of [...notFinite, 0.5, 2 ** 53]) {
      expect(() => new TileIndex({ ...options, [name]: value })).toThrow(InvalidOptionError);
    }
  });

  it.each([2.5, -0.25, 2 ** 53, 1e21])("takes a section and a level of %d, as CATMAID does", (value) => {
    expect(new TileIndex({ ...options, depth: value }).coords.z).toBe(value);
    expect(new TileIndex({ ...options, zoomLevel: value }).zoomLevel).toBe(value);
  });

  it("refuses a section or level that is not finite", () => {
    for (const value of notFinite) {
      const depth = { ...options, depth: value as number };
      expect(() => new TileIndex(depth)).toThrow(InvalidOptionError);
      expect(() => new TileIndex(depth)).toThrow("the depth of a tile must be a finite number, got");
      const level = { ...options, zoomLevel: value as number };
      expect(() => new TileIndex(level)).toThrow(InvalidZoomLevelError);
    }
  });

  it("refuses tiles of no size", () => {
    expect(() => new TileIndex({ ...options, height: 0 })).toThrow(InvalidOptionError);
    expect(() => new TileIndex({ ...options, width: -1 })).toThrow(InvalidOptionError);
  });

  it("does not tell 0 from −0", () => {
    const zero = new TileIndex({ ...options, depth: -0, row: -0, col: -0, zoomLevel: -0 });
    expect(zero.key).toBe(new TileIndex({ ...options, depth: 0, row: 0, col: 0, zoomLevel: 0 }).key);
    expect(zero).toEqual(new TileIndex({ ...options, depth: 0, row: 0, col: 0, zoomLevel: 0 }));
  });

  it("has the key of another exactly when it equals it", () => {
    const small = fc.integer({ min: -2, max: 2 });
    const finite = fc.oneof(small, fc.constantFrom(0.5, -1.5, 1e21));
    const size = fc.integer({ min: 1, max: 3 });
    const anyIndex = fc
      .record({ depth: finite, row: small, col: small, zoomLevel: finite, height: size, width: size })
      .map((given) => new TileIndex(given));
    fc.assert(
      fc.property(anyIndex, anyIndex, (a, b) => {
        expect(a.equals(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(a.key === b.key).toBe(a.equals(b));
      }),
      { numRuns: runs(250) },
    );
  });
});
