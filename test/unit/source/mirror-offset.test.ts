import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BrokenSliceError,
  InvalidOptionError,
  InvalidZoomLevelError,
  UnsupportedMirrorError,
} from "../../../src/errors.js";
import type { BlockPlan } from "../../../src/plan/block-plan.js";
import type { BlockPlace } from "../../../src/plan/plan-step.js";
import type { TiledMirror } from "../../../src/source/tiles/tile-level.js";
import type { Triple, Vector3 } from "../../../src/space/axis-order.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import realStacks from "../../fixtures/vectors/real-stacks.json" with { type: "json" };
import { anyBox, anyPlanOptions, isOffsetRefused, levelOffsetOf } from "../../support/exports/any-plan.js";
import { planOf, show } from "../../support/fetching/plan-steps.js";
import { runs } from "../../support/thorough.js";

const options = {
  imageBase: "http://127.0.0.1/tiles/",
  fileExtension: "png",
  tileWidth: 512,
  tileHeight: 256,
  tileSourceType: 4,
};
const zero = { x: 0, y: 0, z: 0 };

function shifted(offset: Partial<Vector3>): TiledMirror {
  return { tileWidth: 512, tileHeight: 256, offset: { ...zero, ...offset } };
}

function showAll(plan: BlockPlan): readonly string[] {
  return [...plan.steps()].map(show);
}

describe("a mirror's offset", () => {
  it("is zero unless given, and cannot be changed", () => {
    expect(new StackMirror(options).offset).toEqual(zero);
    const offset = { x: 1, y: -2, z: -0 };
    const mirror = new StackMirror({ ...options, offset });
    offset.x = 5;
    expect(mirror.offset).toEqual({ x: 1, y: -2, z: 0 });
    expect(Object.isFrozen(mirror.offset)).toBe(true);
  });

  it.each([
    [{ x: 0.5, y: 0, z: 0 }, "(0.5, 0, 0)"],
    [{ x: 0, y: Number.NaN, z: 0 }, "(0, NaN, 0)"],
    [{ x: 0, y: 0, z: Number.POSITIVE_INFINITY }, "(0, 0, Infinity)"],
    [{ x: 2 ** 31, y: 0, z: 0 }, "(2147483648, 0, 0)"],
    [{ x: "1", y: 0, z: 0 }, "(1, 0, 0)"],
    [[0, -1, 0], "(undefined, undefined, undefined)"],
    [7, "(undefined, undefined, undefined)"],
  ])("must be whole voxels: %o", (offset, shown) => {
    const make = (): StackMirror => new StackMirror({ ...options, offset: offset as Vector3 });
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(`a mirror has the offset ${shown}, which is not whole voxels {x, y, z}`);
  });

  it("goes through JSON, and leaves no trace there where it is zero", () => {
    const mirror = new StackMirror({ ...options, offset: { x: 3, y: -1, z: 2 } });
    const json: unknown = JSON.parse(JSON.stringify(mirror));
    expect(json).toMatchObject({ offset: { x: 3, y: -1, z: 2 } });
    expect(StackMirror.fromJSON(json).offset).toEqual(mirror.offset);
    expect(StackMirror.fromJSON(json).toJSON()).toEqual(mirror.toJSON());
    expect(Object.keys(new StackMirror({ ...options, offset: zero }).toJSON())).not.toContain("offset");
  });

  const entry = { ...new StackMirror({ ...options, title: "export" }).toJSON() };

  it.each([
    [undefined, zero],
    [null, zero],
    [[0, -1, 0], { x: 0, y: -1, z: 0 }],
    ["(3, -1, 2)", { x: 3, y: -1, z: 2 }],
    [
      { x: "3", y: " -1.0 ", z: 2 },
      { x: 3, y: -1, z: 2 },
    ],
  ])("is read as CATMAID writes vectors: %o", (offset, expected) => {
    const mirror = StackMirror.fromJSON({ ...entry, offset });
    expect(mirror.offset).toEqual(expected);
    expect(mirror.isSupported).toBe(true);
  });

  it.each([[[0, 1]], [{ y: -1 }], ["left"], [-1], [{ x: 0, y: 0.5, z: 0 }], [true]])(
    "that cannot be read makes the mirror unusable, and no other: %o",
    (offset) => {
      const { mirrors } = ProjectStack.fromStackInfo({
        dimension: { x: 10, y: 10, z: 10 },
        resolution: { x: 1, y: 1, z: 1 },
        mirrors: [{ ...entry, offset }, entry],
      });
      const [bad, good] = mirrors;
      expect(bad?.unsupportedReason).toMatch(/^has the offset \(.*\), which is not whole voxels/);
      expect(bad?.origin).toBeNull();
      expect(() => bad?.generateUrl(bad.tileOf(zero))).toThrow(UnsupportedMirrorError);
      expect(good?.isSupported).toBe(true);
      // Passed on as JSON it must not turn into a mirror without offset.
      expect(StackMirror.fromJSON(JSON.parse(JSON.stringify(bad))).isSupported).toBe(false);
    },
  );

  it("leads to the tile and the voxels of the mirror's own array", () => {
    const mirror = new StackMirror({ ...options, offset: { x: 12, y: -1, z: 2 } });
    expect(mirror.tileOf({ x: 499, y: 256, z: 5 })).toMatchObject({ depth: 7, row: 0, col: 0 });
    expect(mirror.tileOf({ x: 500, y: 257, z: 5 })).toMatchObject({ depth: 7, row: 1, col: 1 });
    expect(mirror.tileOf(zero)).toMatchObject({ depth: 2, row: -1, col: 0 });
    expect(mirror.getTileIndex({ x: 500, y: 257, z: 5 }).tileIndex).toMatchObject({ depth: 5, col: 0 });
    expect([zero, { x: 0, y: 1, z: 0 }, { x: -13, y: 1, z: 0 }].map((at) => mirror.holds(at))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("of the N5 export of a real stack has the sign that its users give it", () => {
    const [real] = realStacks.stacks;
    const n5 = real?.mirrors.find((mirror) => "offset_vs_jpeg_px_zyx" in mirror);
    // Its reader adds this to the region before it reads the export's array: stack voxel + offset, as here.
    const [z = Number.NaN, y = Number.NaN, x = Number.NaN] =
      (n5 as { readonly offset_vs_jpeg_px_zyx?: readonly number[] } | undefined)?.offset_vs_jpeg_px_zyx ?? [];
    const mirror = new StackMirror({ ...options, offset: { x, y, z } });
    expect(mirror.offset).toEqual({ x: 0, y: -1, z: 0 });
    const plan = planOf([7, 0, 0], [8, 300, 10], {
      tiles: mirror,
      dimension: real?.stack.dimension as Vector3,
    });
    expect([...plan.steps()]).toMatchObject([
      { kind: "block", block: { at: [7, 0, 0] }, first: [7, 1, 0], box: { lower: [7, 1, 0] } },
      { kind: "block", block: { at: [7, 1, 0] }, first: [7, 257, 0], box: { lower: [7, 257, 0] } },
      { kind: "unheld", block: { at: [7, -1, 0] }, box: { lower: [7, 0, 0], upper: [8, 1, 10] } },
    ]);
    expect([plan.blockCount, plan.unheldBlockCount, plan.outsideVoxels]).toEqual([2, 1, 0]);
  });
});

describe("a plan for a mirror that is shifted", () => {
  it("asks for the mirror's tiles and says where in the stack they begin", () => {
    const plan = planOf([3, 250, 500], [4, 260, 520], { tiles: shifted({ x: 10, y: 2, z: 5 }) });
    expect(showAll(plan)).toEqual([
      "block 8/0/0 [3,250,500] [4,254,502]",
      "block 8/0/1 [3,250,502] [4,254,520]",
      "block 8/1/0 [3,254,500] [4,260,502]",
      "block 8/1/1 [3,254,502] [4,260,520]",
    ]);
    expect([...plan.steps()].map((step) => (step.kind === "block" ? step.first.slice(1) : []))).toEqual([
      [-2, -10],
      [-2, 502],
      [254, -10],
      [254, 502],
    ]);
  });

  it("says where tiles begin without an offset, too", () => {
    expect([...planOf([0, 300, 600], [1, 301, 601]).steps()]).toMatchObject([{ first: [0, 256, 512] }]);
  });

  it("asks for no section, row or column before the first of the mirror", () => {
    const tiles = shifted({ x: -100, y: -1, z: -2 });
    expect(showAll(planOf([1, 0, 90], [3, 3, 110], { tiles }))).toEqual([
      "unheld -1/-1/-1 [1,0,90] [2,1,100]",
      "unheld -1/-1/0 [1,0,100] [2,1,110]",
      "unheld -1/0/-1 [1,1,90] [2,3,100]",
      "unheld -1/0/0 [1,1,100] [2,3,110]",
      "block 0/0/0 [2,1,100] [3,3,110]",
      "unheld 0/-1/-1 [2,0,90] [3,1,100]",
      "unheld 0/-1/0 [2,0,100] [3,1,110]",
      "unheld 0/0/-1 [2,1,90] [3,3,100]",
    ]);
  });

  it("does so without clamp, but for sections", () => {
    const tiles = shifted({ x: -100, y: -1, z: -1 });
    expect(showAll(planOf([0, 0, 90], [2, 1, 110], { tiles, clamp: false }))).toEqual([
      "unheld -1/-1/-1 [0,0,90] [1,1,100]",
      "unheld -1/-1/0 [0,0,100] [1,1,110]",
      "block 0/-1/-1 [1,0,90] [2,1,100]",
      "block 0/-1/0 [1,0,100] [2,1,110]",
    ]);
  });

  it("asks for no tile beyond the last one that a whole voxel of the stack reaches", () => {
    const narrow = { dimension: { x: 1023, y: 100, z: 1 }, maxZoomLevel: 1, zoomLevel: 1 };
    const box = [
      [0, 0, 500],
      [1, 1, 512],
    ] as const;
    // 511 whole voxels, and one that is partly in the stack.
    expect(showAll(planOf(...box, narrow))).toEqual(["block 0/0/0 [0,0,500] [1,1,512]"]);
    expect(showAll(planOf(...box, { ...narrow, tiles: shifted({ x: 2 }) }))).toEqual([
      "outside [0,0,511] [1,1,512]",
      "block 0/0/0 [0,0,500] [1,1,511]",
    ]);
    expect(showAll(planOf(...box, { ...narrow, tiles: shifted({ x: 4 }) }))).toEqual([
      "block 0/0/0 [0,0,500] [1,1,510]",
      "block 0/0/1 [0,0,510] [1,1,512]",
    ]);
    const speck = { dimension: { x: 1, y: 9, z: 1 }, maxZoomLevel: 1, zoomLevel: 1 };
    expect(showAll(planOf([0, 0, 0], [1, 1, 1], { ...speck, tiles: shifted({ x: 4 }) }))).toEqual([
      "outside [0,0,0] [1,1,1]",
    ]);
  });

  it("takes what replaces a broken section from the mirror's own sections", () => {
    const tiles = shifted({ z: -4 });
    const at = (z: number): BlockPlan =>
      planOf([z, 0, 0], [z + 1, 1, 1], { tiles, brokenSlices: [4, 8], handling: "interpolate" });
    expect(showAll(at(8))).toEqual(["blend 3/0/0 5/0/0 0.5 [8,0,0] [9,1,1]"]);
    expect(at(8).replacedSections).toEqual([{ section: 8, sources: [7, 9] }]);
    // Section 3 is before the mirror's first one.
    expect(showAll(at(4))).toEqual(["unheld -1/0/0 [4,0,0] [5,1,1]"]);
    expect([at(4).replacedSections, at(4).blockCount, at(4).unheldBlockCount]).toEqual([[], 0, 1]);
  });

  it("divides the offset by the factors of a level, and refuses a level where that is not whole", () => {
    const levels = { maxZoomLevel: 2, tiles: shifted({ x: 2, y: -4, z: 3 }) };
    expect(showAll(planOf([0, 2, 0], [1, 3, 1], { ...levels, zoomLevel: 1 }))).toEqual([
      "block 3/0/0 [0,2,0] [1,3,1]",
    ]);
    const refused = (): BlockPlan => planOf([0, 2, 0], [1, 3, 1], { ...levels, zoomLevel: 2 });
    expect(refused).toThrow(InvalidZoomLevelError);
    expect(refused).toThrow(
      "the mirror cannot serve zoom level 2: its offset of (2, -4, 3) voxels is no whole number of the level's, " +
        "which are 4 × 4 × 1; take another level or mirror",
    );
    const odd = [
      { x: 1, y: 1, z: 1 },
      { x: 3.3, y: 1.5, z: 2 },
    ];
    const uneven = (offset: Vector3): Triple | undefined => {
      const level = { downsampleFactors: odd, zoomLevel: 1, tiles: shifted(offset) };
      const [step] = planOf([0, 0, 0], [1, 1, 1], level).steps();
      return step?.kind === "block" ? step.block.at : undefined;
    };
    expect(uneven({ x: 3300, y: 1500, z: 2 })).toEqual([1, 3, 1]);
    expect(() => uneven({ x: 3300, y: 1501, z: 2 })).toThrow(InvalidZoomLevelError);
    expect(() => uneven({ x: 3300, y: 1500, z: 1 })).toThrow(InvalidZoomLevelError);
    // A small part of a voxel is no whole one, however large the numbers are.
    const far = { maxZoomLevel: 31, zoomLevel: 31, dimension: { x: 2 ** 31 - 1, y: 1, z: 1 } };
    expect(() => planOf([0, 0, 0], [1, 1, 1], { ...far, tiles: shifted({ x: 1 }) })).toThrow(
      InvalidZoomLevelError,
    );
    expect(() =>
      planOf([0, 0, 0], [1, 1, 1], { maxZoomLevel: 1, zoomLevel: 1, tiles: shifted({ x: 2 ** 31 - 1 }) }),
    ).toThrow(InvalidZoomLevelError);
  });
});

describe("any plan for any mirror", () => {
  it("reads voxel v of the stack at voxel v + offset of the mirror, from within the block", () => {
    let voxels = 0;
    /** The voxel of the mirror's array that a place says one of the stack is. */
    const readAt = ({ block, first }: BlockPlace, at: Triple, shape: Triple): readonly number[] => {
      const within = at.map((voxel, axis) => voxel - (first[axis] as number));
      expect(within.every((voxel, axis) => voxel >= 0 && voxel < (shape[axis] as number))).toBe(true);
      voxels++;
      return within.map((voxel, axis) => (block.at[axis] as number) * (shape[axis] as number) + voxel);
    };
    fc.assert(
      fc.property(anyPlanOptions, anyBox, (plan, box) => {
        const offset = levelOffsetOf(plan);
        const shape: Triple = [plan.depth, plan.tiles.tileHeight, plan.tiles.tileWidth];
        try {
          for (const step of planOf(box.lower, box.upper, plan).steps()) {
            if (offset === undefined) throw new Error("a level that the offset does not fit must be refused");
            if (step.kind !== "block" && step.kind !== "blend") continue;
            const places = step.kind === "block" ? [step] : [step.lower, step.upper];
            for (const place of places) {
              const [least, ...rest] = place.block.at;
              expect(least).toBeGreaterThanOrEqual(0);
              if (plan.clamp) expect(Math.min(...rest)).toBeGreaterThanOrEqual(0);
              const last = step.box.upper.map((end) => end - 1) as unknown as Triple;
              for (const at of [step.box.lower, last]) {
                const [z, ...yx] = readAt(place, at, shape);
                expect(yx).toEqual([at[1] + offset.y, at[2] + offset.x]);
                if (plan.brokenSlices.length === 0) expect(z).toBe(at[0] + offset.z);
              }
            }
          }
        } catch (error) {
          if (!isOffsetRefused(error) && !(error instanceof BrokenSliceError)) throw error;
          if (isOffsetRefused(error)) expect(offset).toBeUndefined();
        }
      }),
      { numRuns: runs(250) },
    );
    // Else the property would hold for want of cases.
    expect(voxels).toBeGreaterThan(1000);
  });
});
