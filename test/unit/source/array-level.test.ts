import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenSliceError, InvalidZoomLevelError } from "../../../src/errors.js";
import { BlockPlan } from "../../../src/plan/block-plan.js";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import { arrayLevelOf, voxelOffsetOf } from "../../../src/source/array-level.js";
import type { BlockLevel } from "../../../src/source/block-source.js";
import type { Triple, Vector3 } from "../../../src/space/axis-order.js";
import type { MirrorBounds } from "../../../src/stack/mirror/mirror-extent.js";
import { Stack, type StackOptions } from "../../../src/stack/stack.js";

const none = { x: 0, y: 0, z: 0 };
const factors = [1, 2, 4].map((factor) => ({ x: factor, y: factor, z: factor === 4 ? 2 : 1 }));
const array = { dataType: "uint16", size: [7, 60, 101], blockShape: [4, 16, 32] } as const;

function stackOf(options: Partial<StackOptions> = {}): Stack {
  return new Stack({ dimension: { x: 101, y: 60, z: 7 }, downsampleFactors: factors, ...options });
}

function levelOf(
  given: {
    readonly stack?: Stack;
    readonly offset?: Vector3;
    readonly bounds?: MirrorBounds;
    readonly zoomLevel?: number;
    readonly size?: Triple;
    readonly blockShape?: Triple;
  } = {},
): BlockLevel {
  const { stack = stackOf(), offset = none, bounds = null, zoomLevel = 0, ...rest } = given;
  return arrayLevelOf(stack, { offset, bounds }, zoomLevel, { ...array, ...rest });
}

/** The blocks that a plan of the whole level asks for. */
function askedBlocks(level: BlockLevel, stack = stackOf(), zoomLevel = 0): readonly Triple[] {
  const { x, y, z } = stack.levelExtent(zoomLevel);
  const box = { lower: [0, 0, 0], upper: [z, y, x] } as const;
  const plan = new BlockPlan({ stack, level, zoomLevel, box, brokenSliceHandling: "fill" });
  return [...plan.steps()].flatMap((step) => (step.kind === "block" ? [step.block.at] : []));
}

function mostOf(blocks: readonly Triple[]): Triple {
  return [0, 1, 2].map((axis) => Math.max(...blocks.map((at) => at[axis] ?? 0))) as unknown as Triple;
}

describe("an array over a zoom level", () => {
  it("begins with the stack and is all of it", () => {
    expect(levelOf()).toEqual({
      dataType: "uint16",
      blockShape: [4, 16, 32],
      origin: [0, 0, 0],
      covered: { lower: [0, 0, 0], upper: [7, 60, 101] },
      held: { lower: [0, 0, 0], upper: [7, 60, 101] },
      absent: "empty",
    });
  });

  it.each([62, 63, 64, 65, 126, 127, 128, 191])(
    "trap 14: an axis of %i voxels has no block beyond its last, of 64",
    (x) => {
      const stack = stackOf({ dimension: { x, y: 60, z: 7 } });
      const level = levelOf({ stack, size: [7, 60, x], blockShape: [8, 64, 64] });
      expect(mostOf(askedBlocks(level, stack))).toEqual([0, 0, Math.ceil(x / 64) - 1]);
    },
  );

  it("trap 15: has the last voxel of an odd size where the array's size is rounded up", () => {
    const level = levelOf({ zoomLevel: 1, size: [7, 30, 51] });
    expect(level.covered.upper).toEqual([7, 30, 51]);
    expect(level.held.upper).toEqual([7, 30, 51]);
  });

  it("trap 15: lacks it where the size is rounded down, and asks for nothing there", () => {
    const level = levelOf({ zoomLevel: 1, size: [7, 30, 50], blockShape: [7, 30, 50] });
    expect(level.covered.upper).toEqual([7, 30, 50]);
    expect(level.held.upper).toEqual([7, 30, 50]);
    expect(askedBlocks(level, stackOf(), 1)).toEqual([[0, 0, 0]]);
    const deep = levelOf({ zoomLevel: 2, size: [3, 15, 25] });
    expect(deep.covered.upper).toEqual([3, 15, 25]);
  });

  it("that is smaller than the stack leaves the rest to other mirrors", () => {
    const level = levelOf({ size: [5, 60, 40] });
    expect(level.covered.upper).toEqual([7, 60, 101]);
    expect(level.held.upper).toEqual([5, 60, 40]);
  });

  it("that is larger than the stack is not asked for what is beyond it", () => {
    const level = levelOf({ size: [100, 200, 300] });
    expect(level.covered.upper).toEqual([7, 60, 101]);
    expect(mostOf(askedBlocks(level))).toEqual([1, 3, 3]);
  });

  it("begins elsewhere by the mirror's offset, in voxels of the level", () => {
    const offset = { x: 8, y: -4, z: 2 };
    expect(levelOf({ offset }).origin).toEqual([-2, 4, -8]);
    const level = levelOf({ offset, zoomLevel: 2, size: [4, 15, 26] });
    expect(level.origin).toEqual([-1, 1, -2]);
    expect(level.held).toEqual({ lower: [-1, 1, -2], upper: [3, 16, 24] });
    expect(level.covered).toEqual({ lower: [0, 0, 0], upper: [3, 15, 25] });
  });

  it("begins elsewhere by metadata.voxelOffset, which counts the other way, once and together with the offset", () => {
    const stack = stackOf({ metadata: { voxelOffset: [-32, 16, 4] } });
    expect(levelOf({ stack }).origin).toEqual([4, 16, -32]);
    expect(levelOf({ stack, offset: { x: 1, y: 2, z: 3 } }).origin).toEqual([1, 14, -33]);
    expect(levelOf({ stack, zoomLevel: 2, size: [4, 15, 26] }).origin).toEqual([2, 4, -8]);
    // Block (0, 0, 1) of 32 columns is the stack's first.
    expect(askedBlocks(levelOf({ stack }), stack)[0]).toEqual([0, 0, 1]);
  });

  it.each([
    [null, none],
    [{}, none],
    [{ voxelOffset: [1, 2, 3] }, { x: 1, y: 2, z: 3 }],
    [{ voxelOffset: { x: 1, y: "2", z: 3 } }, { x: 1, y: 2, z: 3 }],
    [{ voxelOffset: "(1, 2, -3)" }, { x: 1, y: 2, z: -3 }],
    [{ voxelOffset: [0.5, 1, 2] }, none],
    [{ voxelOffset: [1, 2] }, none],
    [{ voxelOffset: "none" }, none],
    ["voxelOffset", none],
  ])("reads the voxelOffset of the metadata %j", (metadata, expected) => {
    expect(voxelOffsetOf({ metadata })).toEqual(expected);
  });

  it("refuses a level whose voxels an offset does not fit", () => {
    const wrong = (): BlockLevel => levelOf({ offset: { x: 6, y: 0, z: 0 }, zoomLevel: 2 });
    expect(wrong).toThrow(InvalidZoomLevelError);
    expect(wrong).toThrow("the mirror cannot serve zoom level 2: its offset of 6 voxels is no whole number");
    expect(levelOf({ offset: { x: 6, y: 0, z: 0 }, zoomLevel: 1 }).origin).toEqual([0, 0, -3]);
  });

  it("has no voxels at all before the stack, whether it is clamped or not: as in CATMAID", () => {
    const stack = stackOf({ clamp: false, metadata: { voxelOffset: [-32, 0, 0] } });
    expect(levelOf({ stack }).covered.lower).toEqual([0, 0, 0]);
  });

  it("holds what lies in the mirror's bounds, whole voxels of the level alone", () => {
    const bounds = { lower: { x: 5, y: 8, z: 1 }, upper: { x: 99, y: 60, z: 6 } };
    expect(levelOf({ bounds }).held).toEqual({ lower: [1, 8, 5], upper: [6, 60, 99] });
    expect(levelOf({ bounds, zoomLevel: 2, size: [4, 15, 26] }).held).toEqual({
      lower: [1, 2, 2],
      upper: [3, 15, 24],
    });
  });

  it("that bounds and array both cut is cut by both", () => {
    const bounds = { lower: { x: 50, y: 0, z: 0 }, upper: { x: 101, y: 60, z: 7 } };
    expect(levelOf({ bounds, size: [7, 60, 80] }).held).toEqual({ lower: [0, 0, 50], upper: [7, 60, 80] });
    const elsewhere = levelOf({ bounds, size: [7, 60, 40] });
    expect(askedBlocks(elsewhere)).toEqual([]);
  });

  it("replaces a broken section only by sections that it has", () => {
    // The level of the stack has six sections, the array five.
    const stack = stackOf({ dimension: { x: 8, y: 8, z: 11 }, brokenSlices: [8] });
    const level = levelOf({ stack, zoomLevel: 2, size: [5, 2, 2], blockShape: [1, 2, 2] });
    const box = { lower: [4, 0, 0], upper: [5, 2, 2] } as const;
    const planOf = (brokenSliceHandling: BrokenSliceHandling): BlockPlan =>
      new BlockPlan({ stack, level, zoomLevel: 2, box, brokenSliceHandling });
    expect(planOf("interpolate").replacedSections).toEqual([{ section: 4, sources: [3] }]);
    expect(() => planOf("below")).toThrow(BrokenSliceError);
  });

  it("puts every voxel of the stack that it has on exactly one of its blocks", () => {
    const small = fc.integer({ min: 1, max: 12 });
    const shift = fc.integer({ min: -6, max: 6 });
    fc.assert(
      fc.property(
        fc.tuple(small, small, small),
        fc.tuple(small, small, small),
        fc.tuple(small, small, small),
        fc.tuple(shift, shift, shift),
        ([x, y, z], size, blockShape, [dx, dy, dz]) => {
          const stack = new Stack({ dimension: { x, y, z } });
          const level = levelOf({ stack, size, blockShape, offset: { x: dx, y: dy, z: dz } });
          const box = { lower: [0, 0, 0], upper: [z, y, x] } as const;
          const plan = new BlockPlan({ stack, level, zoomLevel: 0, box, brokenSliceHandling: "fill" });
          let voxels = 0;
          for (const step of plan.steps()) {
            if (step.kind !== "block") continue;
            voxels += [0, 1, 2].reduce(
              (n, axis) => n * ((step.box.upper[axis] ?? 0) - (step.box.lower[axis] ?? 0)),
              1,
            );
            step.block.at.forEach((at, axis) => {
              expect(at).toBeGreaterThanOrEqual(0);
              expect(at * (blockShape[axis] ?? 0)).toBeLessThan(size[axis] ?? 0);
            });
          }
          const shared = (voxelsOfStack: number, first: number, length: number): number =>
            Math.max(0, Math.min(voxelsOfStack, first + length) - Math.max(0, first));
          expect(voxels).toBe(shared(z, -dz, size[0]) * shared(y, -dy, size[1]) * shared(x, -dx, size[2]));
        },
      ),
    );
  });
});
