import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidStackError, isCatmaidImageError } from "../../../src/errors.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { runs } from "../../support/thorough.js";

const info = {
  dimension: { x: 2048, y: 1536, z: 460 },
  resolution: { x: 4, y: 4, z: 40 },
};

describe("what is no stack info", () => {
  it.each([
    [null, "a stack info must be an object, got null"],
    [[], "got a list"],
    ["<html>", 'got "<html>"'],
    [undefined, "got undefined"],
    ["[1, 2]", "got a list"],
    [{ error: "no stack", type: "Http404" }, 'CATMAID sent an error instead of a stack info: "no stack"'],
    [{ detail: "Invalid token." }, 'CATMAID sent an error instead of a stack info: "Invalid token."'],
    [{}, "a stack info must have dimension as {x, y, z} of numbers, got undefined"],
    [{ resolution: info.resolution }, "dimension"],
    [{ dimension: info.dimension }, "resolution"],
    [
      { ...info, dimension: { x: 1, y: 2 } },
      "dimension as {x, y, z} of numbers, got { x: 1, y: 2, z: undefined }",
    ],
    [{ ...info, dimension: { ...info.dimension, x: Number.NaN } }, "dimension"],
    [
      { ...info, dimension: { ...info.dimension, y: -5 } },
      "the stack's dimension.y must be a whole number from 1 to 2147483647, got -5",
    ],
    [{ ...info, dimension: { ...info.dimension, z: 1e18 } }, "got 1000000000000000000"],
    [{ ...info, dimension: { ...info.dimension, z: "1e400" } }, "dimension"],
    [{ ...info, dimension: { ...info.dimension, z: "0x10" } }, "dimension"],
    [
      { ...info, resolution: { ...info.resolution, x: 0 } },
      "the stack's resolution.x must be a positive number, got 0",
    ],
    [{ ...info, resolution: { ...info.resolution, x: -4 } }, "resolution.x"],
    [{ ...info, resolution: { ...info.resolution, z: null } }, "resolution"],
    [{ ...info, translation: { x: 0, y: 0 } }, "translation"],
    [{ ...info, orientation: 3 }, "a stack info must have orientation 0, 1 or 2, got 3"],
    [{ ...info, orientation: {} }, "orientation"],
    [{ ...info, downsample_factors: {} }, "downsample_factors as a list"],
    [{ ...info, downsample_factors: [1, 2] }, "downsample_factors[0]"],
    [{ ...info, downsample_factors: [{ x: 1, y: 1, z: 0 }] }, "downsampleFactors[0].z"],
    [{ ...info, canary_location: "here" }, "canary_location"],
  ])("is refused with one sentence where it is none: %#", (value, message) => {
    expect(() => ProjectStack.fromStackInfo(value)).toThrow(InvalidStackError);
    expect(() => ProjectStack.fromStackInfo(value)).toThrow(message);
  });

  it("is not its JSON as text, which is read", () => {
    expect(ProjectStack.fromStackInfo(JSON.stringify(info)).dimension).toEqual(info.dimension);
  });

  it("of anything at all gives a stack or a typed error", () => {
    const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom("5", "x", null, -1, 1e300));
    const vector = fc.oneof(
      fc.record({ x: anyNumber, y: anyNumber, z: anyNumber }),
      fc.array(anyNumber),
      fc.string(),
    );
    const anyInfo = fc.record(
      {
        dimension: fc.oneof(vector, fc.constant(info.dimension)),
        resolution: fc.oneof(vector, fc.constant(info.resolution)),
        translation: vector,
        orientation: fc.anything(),
        downsample_factors: fc.oneof(fc.array(vector), fc.anything()),
        num_zoom_levels: anyNumber,
        broken_slices: fc.anything(),
        mirrors: fc.oneof(fc.array(fc.anything()), fc.dictionary(fc.string(), fc.anything())),
        canary_location: vector,
        metadata: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anyInfo, fc.anything()), (value) => {
        try {
          const stack = ProjectStack.fromStackInfo(value);
          expect(stack.dimension.x).toBeGreaterThan(0);
          expect(stack.maxZoomLevel).toBeGreaterThanOrEqual(0);
        } catch (error) {
          if (!isCatmaidImageError(error)) throw error;
          expect(error.code).toBe("invalid-stack");
        }
      }),
      { numRuns: runs(750) },
    );
    expect(Object.prototype).not.toHaveProperty("clamp");
  });
});
