import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../../src/errors.js";
import type { BlockPlan } from "../../../src/plan/block-plan.js";
import type { TiledMirror } from "../../../src/source/tiles/tile-level.js";
import type { Vector3 } from "../../../src/space/axis-order.js";
import type { MirrorBounds } from "../../../src/stack/mirror/mirror-extent.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { planOf, show } from "../../support/fetching/plan-steps.js";

const options = {
  imageBase: "http://127.0.0.1/tiles/",
  fileExtension: "png",
  tileWidth: 512,
  tileHeight: 256,
  tileSourceType: 4,
};
const bounds: MirrorBounds = { lower: { x: 600, y: 100, z: 2 }, upper: { x: 1200, y: 1000, z: 10 } };

function holding(lower: Partial<Vector3>, upper: Partial<Vector3>, offset?: Vector3): TiledMirror {
  return {
    tileWidth: 512,
    tileHeight: 256,
    bounds: { lower: { x: 0, y: 0, z: 0, ...lower }, upper: { x: 2000, y: 1000, z: 20, ...upper } },
    ...(offset !== undefined && { offset }),
  };
}

function showAll(plan: BlockPlan): readonly string[] {
  return [...plan.steps()].map(show);
}

describe("a mirror's bounds", () => {
  it("are the whole stack unless given, and cannot be changed", () => {
    expect(new StackMirror(options).bounds).toBeNull();
    const mirror = new StackMirror({ ...options, bounds });
    expect(mirror.bounds).toEqual(bounds);
    expect(mirror.bounds).not.toBe(bounds);
    expect([mirror.bounds, mirror.bounds?.lower, mirror.bounds?.upper].every(Object.isFrozen)).toBe(true);
  });

  it.each([
    [
      { ...bounds, lower: { x: 0.5, y: 0, z: 0 } },
      "(0.5, 0, 0) to (1200, 1000, 10), which are not whole voxels",
    ],
    [
      { ...bounds, upper: { x: 1200, y: 1000, z: Infinity } },
      "(1200, 1000, Infinity), which are not whole voxels",
    ],
    [{ ...bounds, upper: { x: 600, y: 1000, z: 10 } }, "(600, 1000, 10), which hold no voxels"],
    [{ lower: bounds.upper, upper: bounds.lower }, "(600, 100, 2), which hold no voxels"],
    [{ lower: bounds.lower }, "(undefined, undefined, undefined), which are not whole voxels"],
    [5, "which are not whole voxels"],
  ])("must be a box of whole voxels: %o", (wrong, message) => {
    const make = (): StackMirror => new StackMirror({ ...options, bounds: wrong as MirrorBounds });
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow("a mirror has the bounds (");
    expect(make).toThrow(message);
  });

  it("go through JSON, and leave no trace there where there are none", () => {
    const mirror = new StackMirror({ ...options, bounds });
    const json: unknown = JSON.parse(JSON.stringify(mirror));
    expect(json).toMatchObject({ bounds });
    expect(StackMirror.fromJSON(json).toJSON()).toEqual(mirror.toJSON());
    expect(Object.keys(new StackMirror(options).toJSON())).not.toContain("bounds");
    const entry = new StackMirror(options).toJSON();
    const lists = { lower: [600, "100", 2], upper: "(1200, 1000, 10)" };
    expect(StackMirror.fromJSON({ ...entry, bounds: lists }).bounds).toEqual(bounds);
    expect(StackMirror.fromJSON({ ...entry, bounds: null }).bounds).toBeNull();
  });

  it.each([[[]], ["all"], [{ lower: [0, 0, 0] }], [{ lower: [0, 0, 0], upper: [1, 1, 0] }], [false]])(
    "that cannot be read make the mirror unusable: %o",
    (wrong) => {
      const mirror = StackMirror.fromJSON({ ...new StackMirror(options).toJSON(), bounds: wrong });
      expect(mirror.unsupportedReason).toMatch(
        /^has the bounds .*, which (are not whole voxels|hold no voxels)/,
      );
      expect(StackMirror.fromJSON(JSON.parse(JSON.stringify(mirror))).isSupported).toBe(false);
    },
  );

  it("tell which voxels the mirror holds", () => {
    const mirror = new StackMirror({ ...options, bounds, offset: { x: 0, y: -200, z: 0 } });
    const holds = (x: number, y: number, z: number): boolean => mirror.holds({ x, y, z });
    expect([holds(600, 200, 2), holds(1199, 999, 9)]).toEqual([true, true]);
    expect([holds(599, 200, 2), holds(1200, 200, 2), holds(600, 1000, 2)]).toEqual([false, false, false]);
    expect([holds(600, 200, 1), holds(600, 200, 10), holds(600, 199, 2)]).toEqual([false, false, false]);
  });
});

describe("a plan for a mirror that holds a part of the stack", () => {
  it("asks for nothing that the mirror does not hold, and names it per tile", () => {
    const tiles = holding({ x: 600 }, { x: 1200 });
    const plan = planOf([0, 0, 500], [1, 1, 2010], { tiles });
    expect(showAll(plan)).toEqual([
      "outside [0,0,2000] [1,1,2010]",
      "block 0/0/1 [0,0,600] [1,1,1024]",
      "block 0/0/2 [0,0,1024] [1,1,1200]",
      "unheld 0/0/0 [0,0,500] [1,1,512]",
      "unheld 0/0/1 [0,0,512] [1,1,600]",
      "unheld 0/0/2 [0,0,1200] [1,1,1536]",
      "unheld 0/0/3 [0,0,1536] [1,1,2000]",
    ]);
    expect([plan.blockCount, plan.distinctBlockCount, plan.unheldBlockCount, plan.outsideVoxels]).toEqual([
      2, 2, 4, 10,
    ]);
  });

  it("names whole sections, and a region that the mirror has nothing of", () => {
    const plan = planOf([1, 0, 0], [4, 1, 600], { tiles: holding({ z: 2 }, { z: 3 }) });
    expect(showAll(plan)).toEqual([
      "unheld 1/0/0 [1,0,0] [2,1,512]",
      "unheld 1/0/1 [1,0,512] [2,1,600]",
      "block 2/0/0 [2,0,0] [3,1,512]",
      "block 2/0/1 [2,0,512] [3,1,600]",
      "unheld 3/0/0 [3,0,0] [4,1,512]",
      "unheld 3/0/1 [3,0,512] [4,1,600]",
    ]);
    const none = planOf([1, 0, 0], [3, 1, 600], {
      tiles: holding({ y: 500 }, {}),
      brokenSlices: [2],
      handling: "above",
    });
    expect([none.blockCount, none.distinctBlockCount, none.unheldBlockCount, none.outsideVoxels]).toEqual([
      0, 0, 4, 0,
    ]);
    expect(none.replacedSections).toEqual([]);
    expect(new Set([...none.steps()].map(({ kind }) => kind))).toEqual(new Set(["unheld"]));
  });

  it("counts bounds in the stack's voxels, wherever the mirror's array begins", () => {
    const tiles = holding({ x: 600 }, {}, { x: 1000, y: 0, z: 7 });
    expect(showAll(planOf([0, 0, 500], [1, 1, 700], { tiles }))).toEqual([
      "block 7/0/3 [0,0,600] [1,1,700]",
      "unheld 7/0/2 [0,0,500] [1,1,536]",
      "unheld 7/0/3 [0,0,536] [1,1,600]",
    ]);
  });

  it("leaves it to the bounds what is before a stack without clamp", () => {
    const open = { clamp: false, tiles: holding({ x: -5 }, {}) };
    expect(showAll(planOf([0, 0, -7], [1, 1, 1], open))).toEqual([
      "block 0/0/-1 [0,0,-5] [1,1,0]",
      "block 0/0/0 [0,0,0] [1,1,1]",
      "unheld 0/0/-1 [0,0,-7] [1,1,-5]",
    ]);
  });

  it("takes a coarser voxel for held where all of the stack that it stands for is", () => {
    const level = { maxZoomLevel: 1, zoomLevel: 1, dimension: { x: 101, y: 10, z: 10 } };
    const row = (lower: number, upper: number): readonly string[] =>
      showAll(planOf([0, 0, 0], [1, 1, 51], { ...level, tiles: holding({ x: lower }, { x: upper }) }));
    expect(row(11, 21)).toEqual([
      "block 0/0/0 [0,0,6] [1,1,10]",
      "unheld 0/0/0 [0,0,0] [1,1,6]",
      "unheld 0/0/0 [0,0,10] [1,1,51]",
    ]);
    // The last voxel of the level is half outside the stack; what is inside is held.
    expect(row(0, 101)).toEqual(["block 0/0/0 [0,0,0] [1,1,51]"]);
    expect(row(0, 100)).toEqual(["block 0/0/0 [0,0,0] [1,1,50]", "unheld 0/0/0 [0,0,50] [1,1,51]"]);
    const deep = { downsampleFactors: [1, 3.3].map((z) => ({ x: 1, y: 1, z })), zoomLevel: 1 };
    const kinds = (lower: number, upper: number): readonly string[] =>
      [...planOf([0, 0, 0], [6, 1, 1], { ...deep, tiles: holding({ z: lower }, { z: upper }) }).steps()].map(
        ({ kind }) => kind,
      );
    expect(kinds(4, 20)).toEqual(["unheld", "unheld", "block", "block", "block", "block"]);
    expect(kinds(3, 19)).toEqual(["unheld", "block", "block", "block", "block", "unheld"]);
  });

  it("fills a broken section as such, held or not, and replaces one by what the mirror holds", () => {
    const given = { tiles: holding({ z: 4 }, { z: 8 }), brokenSlices: [2, 3, 8] };
    const from = (z: number, handling: "fill" | "above" | "below" | "interpolate"): readonly string[] =>
      showAll(planOf([z, 0, 0], [z + 1, 1, 1], { ...given, handling }));
    expect(from(3, "fill")).toEqual(["broken 3/0/0 [3,0,0] [4,1,1]"]);
    expect(from(3, "below")).toEqual(["block 4/0/0 [3,0,0] [4,1,1]"]);
    expect(from(3, "above")).toEqual(["unheld 1/0/0 [3,0,0] [4,1,1]"]);
    expect(from(8, "above")).toEqual(["block 7/0/0 [8,0,0] [9,1,1]"]);
    expect(from(8, "interpolate")).toEqual(["unheld 9/0/0 [8,0,0] [9,1,1]"]);
    const all = planOf([0, 0, 0], [20, 1, 1], { ...given, handling: "below" });
    expect(all.replacedSections).toEqual([
      { section: 2, sources: [4] },
      { section: 3, sources: [4] },
    ]);
    expect([all.blockCount, all.distinctBlockCount, all.unheldBlockCount]).toEqual([6, 4, 14]);
  });

  it("counts ten billion tiles as fast as ten", () => {
    const dimension = { x: 2_000_000_000, y: 1_000_000_000, z: 100_000 };
    const tiles = holding({ x: 512 }, { x: 1024, y: 1_000_000_000, z: 50_000 });
    const plan = planOf([0, 0, 0], [100_000, 1_000_000_000, 2_000_000_000], { dimension, tiles });
    const [rows, columns] = [3_906_250, 3_906_250];
    expect(plan.blockCount).toBe(50_000 * rows);
    expect(plan.unheldBlockCount).toBe(50_000 * rows * (columns - 1) + 50_000 * rows * columns);
    const steps = plan.steps();
    expect(show(steps.next().value ?? { kind: "outside", box: plan.box })).toBe(
      "block 0/0/1 [0,0,512] [1,256,1024]",
    );
    steps.return(undefined);
  });
});
