import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BrokenSliceError,
  InvalidOptionError,
  InvalidRoiError,
  InvalidZoomLevelError,
} from "../../src/errors.js";
import type { BrokenSliceHandling } from "../../src/plan/broken-slices.js";
import type { PlanStep, ScaledBox, TilePlan } from "../../src/plan/tile-plan.js";
import type { Vector3 } from "../../src/space/axis-order.js";
import type { PlanOptions } from "../support/plan-steps.js";
import { planOf, show } from "../support/plan-steps.js";

describe("a tile plan", () => {
  it("goes by section, row and column", () => {
    expect([...planOf([3, 200, 500], [5, 300, 600]).steps()].map(show)).toEqual([
      "tile 3/0/0 [3,200,500] [4,256,512]",
      "tile 3/0/1 [3,200,512] [4,256,600]",
      "tile 3/1/0 [3,256,500] [4,300,512]",
      "tile 3/1/1 [3,256,512] [4,300,600]",
      "tile 4/0/0 [4,200,500] [5,256,512]",
      "tile 4/0/1 [4,200,512] [5,256,600]",
      "tile 4/1/0 [4,256,500] [5,300,512]",
      "tile 4/1/1 [4,256,512] [5,300,600]",
    ]);
  });

  it("asks for nothing outside the stack", () => {
    const plan = planOf([-2, -10, 1990], [21, 1, 2010]);
    expect([...plan.steps()].map(show)).toEqual([
      "outside [-2,-10,1990] [0,1,2010]",
      "outside [20,-10,1990] [21,1,2010]",
      "outside [0,-10,1990] [20,0,2010]",
      "outside [0,0,2000] [20,1,2010]",
      ...Array.from({ length: 20 }, (_, z) => `tile ${z}/0/3 [${z},0,1990] [${z + 1},1,2000]`),
    ]);
    expect(plan.outsideVoxels).toBe(23 * 11 * 20 - 20 * 1 * 10);
    expect(plan.tileCount).toBe(20);
    const beyond = planOf([30, 0, 0], [31, 10, 10]);
    expect([...beyond.steps()].map(show)).toEqual(["outside [30,0,0] [31,10,10]"]);
    expect([beyond.tileCount, beyond.distinctTileCount, beyond.outsideVoxels]).toEqual([0, 0, 100]);
  });

  it("lifts the lower bound of x and y, and no other, without clamp", () => {
    expect([...planOf([-1, -1, -1], [1, 1, 2001], { clamp: false }).steps()].map(show).slice(0, 4)).toEqual([
      "outside [-1,-1,-1] [0,1,2001]",
      "outside [0,-1,2000] [1,1,2001]",
      "tile 0/-1/-1 [0,-1,-1] [1,0,0]",
      "tile 0/-1/0 [0,-1,0] [1,0,512]",
    ]);
  });

  it("asks for no tile beyond CATMAID's last one, though a part of a voxel is left over", () => {
    const narrow = { dimension: { x: 1025, y: 100, z: 1 }, maxZoomLevel: 1, zoomLevel: 1 };
    expect([...planOf([0, 0, 500], [1, 1, 513], narrow).steps()].map(show)).toEqual([
      "outside [0,0,512] [1,1,513]",
      "tile 0/0/0 [0,0,500] [1,1,512]",
    ]);
    const wider = { ...narrow, dimension: { x: 1027, y: 100, z: 1 } };
    expect([...planOf([0, 0, 500], [1, 1, 515], wider).steps()].map(show)).toEqual([
      "outside [0,0,514] [1,1,515]",
      "tile 0/0/0 [0,0,500] [1,1,512]",
      "tile 0/0/1 [0,0,512] [1,1,514]",
    ]);
    const speck = { dimension: { x: 1, y: 1, z: 1 }, maxZoomLevel: 3, zoomLevel: 3 };
    expect([...planOf([0, 0, 0], [1, 1, 1], speck).steps()].map(show)).toEqual(["outside [0,0,0] [1,1,1]"]);
  });

  it("serves a part of itself", () => {
    const plan = planOf([0, 0, 0], [3, 600, 600]);
    const within: ScaledBox = { lower: [1, 250, -5], upper: [2, 260, 5] };
    expect([...plan.steps(within)].map(show)).toEqual([
      "tile 1/0/0 [1,250,0] [2,256,5]",
      "tile 1/1/0 [1,256,0] [2,260,5]",
    ]);
    expect([...plan.steps({ lower: [5, 0, 0], upper: [6, 1, 1] })]).toEqual([]);
  });

  it("is made step by step: ten billion tiles take no longer than ten", () => {
    const huge = { dimension: { x: 2_000_000_000, y: 1_000_000_000, z: 100_000 } };
    const plan = planOf([0, 0, 0], [100_000, 1_000_000_000, 2_000_000_000], huge);
    expect(plan.tileCount).toBe(100_000 * 3_906_250 * 3_906_250);
    const steps = plan.steps();
    const first = Array.from({ length: 3 }, () => steps.next().value).map((step) => step && show(step));
    expect(first).toEqual([
      "tile 0/0/0 [0,0,0] [1,256,512]",
      "tile 0/0/1 [0,0,512] [1,256,1024]",
      "tile 0/0/2 [0,0,1024] [1,256,1536]",
    ]);
    steps.return(undefined);
  });

  it("refuses levels that the stack does not have, and boxes that are none", () => {
    const roomy = { maxZoomLevel: 2 };
    for (const zoomLevel of [-1, 3, 0.5, Number.NaN]) {
      expect(() => planOf([0, 0, 0], [1, 1, 1], { ...roomy, zoomLevel })).toThrow(InvalidZoomLevelError);
    }
    expect(() => planOf([0, 0, 0], [1, 0, 1])).toThrow(InvalidRoiError);
    expect(() => planOf([0, 0, 2], [1, 1, 1])).toThrow(InvalidRoiError);
    expect(() => planOf([0, 0, 0.5], [1, 1, 1])).toThrow(InvalidRoiError);
    expect(() => planOf([0, 0, 0], [1, 1, 1], { tiles: { tileWidth: 0, tileHeight: 1 } })).toThrow(
      InvalidOptionError,
    );
    expect(() => planOf([0, 0, 0], [1, 1, 1], { handling: "skip" as "fill" })).toThrow(InvalidOptionError);
  });
});

/** Where a voxel must come from, found the long way. */
function sourceOf(options: Required<PlanOptions>, [z, y, x]: readonly [number, number, number]): string {
  const { dimension: size, tiles, clamp, zoomLevel, handling } = options;
  const factor = options.downsampleFactors?.[zoomLevel] ?? { x: 1, y: 1, z: 1 };
  const isHeld = (voxel: number, extent: number, tile: number): boolean =>
    (voxel >= 0 || !clamp) && voxel < extent && Math.floor(voxel / tile) <= Math.floor((extent - 1) / tile);
  if (!isHeld(y, size.y / factor.y, tiles.tileHeight) || !isHeld(x, size.x / factor.x, tiles.tileWidth))
    return "outside";
  const sections = Array.from({ length: size.z }, (_, section) => section);
  const section = sections.find((candidate) => Math.floor(candidate / factor.z) === z);
  if (section === undefined) return "outside";
  const broken = new Set(options.brokenSlices);
  const place = `/${Math.floor(y / tiles.tileHeight)}/${Math.floor(x / tiles.tileWidth)}`;
  if (!broken.has(section)) return `tile ${z}${place}`;
  if (handling === "fill") return `broken ${z}${place}`;
  const valid = sections.filter((candidate) => !broken.has(candidate));
  const above = valid.filter((candidate) => candidate < section).at(-1);
  const below = valid.find((candidate) => candidate > section);
  const tileAt = (candidate: number | undefined): string =>
    candidate === undefined ? "none" : `${Math.floor(candidate / factor.z)}${place}`;
  if (handling === "above") return `tile ${tileAt(above)}`;
  if (handling === "below") return `tile ${tileAt(below)}`;
  if (above === undefined || below === undefined) return `tile ${tileAt(above ?? below)}`;
  if (handling === "closest") return `tile ${tileAt(section - above <= below - section ? above : below)}`;
  return `blend ${tileAt(above)} ${tileAt(below)} ${(section - above) / (below - above)}`;
}

describe("any plan", () => {
  const side = fc.integer({ min: 1, max: 12 });
  const factorOf = fc.constantFrom(1, 1.5, 2, 3, 3.3, 4);
  const anyFactor: fc.Arbitrary<Vector3> = fc.record({ x: factorOf, y: factorOf, z: factorOf });
  const anyOptions = fc
    .record({
      dimension: fc.record({ x: side, y: side, z: side }),
      tiles: fc.record({
        tileWidth: fc.integer({ min: 1, max: 5 }),
        tileHeight: fc.integer({ min: 1, max: 5 }),
      }),
      brokenSlices: fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 6 }),
      coarse: anyFactor,
      clamp: fc.boolean(),
      zoomLevel: fc.constantFrom(0, 1),
      handling: fc.constantFrom<BrokenSliceHandling>("fill", "above", "below", "closest", "interpolate"),
    })
    .map(({ coarse, ...rest }) => ({ ...rest, downsampleFactors: [{ x: 1, y: 1, z: 1 }, coarse] }));
  const from = fc.integer({ min: -4, max: 12 });
  const extent = fc.integer({ min: 1, max: 8 });
  const anyBox: fc.Arbitrary<ScaledBox> = fc
    .tuple(fc.tuple(from, from, from), fc.tuple(extent, extent, extent))
    .map(([lower, size]) => ({
      lower,
      upper: [lower[0] + size[0], lower[1] + size[1], lower[2] + size[2]],
    }));

  function paint(steps: Iterable<PlanStep>): ReadonlyMap<string, string> {
    const painted = new Map<string, string>();
    for (const step of steps) {
      const { lower, upper } = step.box;
      for (let z = lower[0]; z < upper[0]; z++) {
        for (let y = lower[1]; y < upper[1]; y++) {
          for (let x = lower[2]; x < upper[2]; x++) {
            const voxel = `${z},${y},${x}`;
            if (painted.has(voxel)) throw new Error(`voxel ${voxel} is covered twice`);
            painted.set(voxel, show(step).split(" [")[0] ?? "");
          }
        }
      }
    }
    return painted;
  }

  it("covers each voxel of its box once, from where it must come, and counts right", () => {
    fc.assert(
      fc.property(anyOptions, anyBox, anyBox, (options, box, within) => {
        let plan: TilePlan;
        try {
          plan = planOf(box.lower, box.upper, options);
        } catch (error) {
          if (error instanceof BrokenSliceError) return;
          throw error;
        }
        const painted = paint(plan.steps());
        const voxels: [number, number, number][] = [];
        for (let z = box.lower[0]; z < box.upper[0]; z++) {
          for (let y = box.lower[1]; y < box.upper[1]; y++) {
            for (let x = box.lower[2]; x < box.upper[2]; x++) voxels.push([z, y, x]);
          }
        }
        expect(painted.size).toBe(voxels.length);
        const full = { maxZoomLevel: 1, ...options } as unknown as Required<PlanOptions>;
        for (const voxel of voxels) expect(painted.get(voxel.join(","))).toBe(sourceOf(full, voxel));

        const steps = [...plan.steps()];
        const tiles = steps.flatMap((step) =>
          step.kind === "tile" ? [step.tile] : step.kind === "blend" ? [step.lowerTile, step.upperTile] : [],
        );
        expect(plan.tileCount).toBe(tiles.length);
        expect(plan.distinctTileCount).toBe(new Set(tiles.map(({ key }) => key)).size);
        expect(plan.brokenTileCount).toBe(steps.filter(({ kind }) => kind === "broken").length);
        expect(plan.outsideVoxels).toBe(
          [...painted.values()].filter((source) => source === "outside").length,
        );

        for (const [voxel, source] of paint(plan.steps(within))) expect(source).toBe(painted.get(voxel));
        const inBoth = voxels.filter((voxel) =>
          voxel.every(
            (value, axis) => value >= (within.lower[axis] ?? 0) && value < (within.upper[axis] ?? 0),
          ),
        );
        expect(paint(plan.steps(within)).size).toBe(inBoth.length);
      }),
      { numRuns: 500 },
    );
  });
});
