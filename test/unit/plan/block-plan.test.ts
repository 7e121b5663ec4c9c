import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BrokenSliceError,
  InvalidOptionError,
  InvalidRoiError,
  InvalidZoomLevelError,
} from "../../../src/errors.js";
import type { BlockPlan } from "../../../src/plan/block-plan.js";
import type { BlockPlace, PlanStep } from "../../../src/plan/plan-step.js";
import type { Axis, Triple } from "../../../src/space/axis-order.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import type { AnyPlanOptions } from "../../support/exports/any-plan.js";
import {
  anyBox,
  anyPlanOptions,
  factorOf,
  isOffsetRefused,
  levelOffsetOf,
  voxelsOf,
} from "../../support/exports/any-plan.js";
import { planOf, show } from "../../support/fetching/plan-steps.js";

describe("a block plan", () => {
  it("goes by section, row and column", () => {
    expect([...planOf([3, 200, 500], [5, 300, 600]).steps()].map(show)).toEqual([
      "block 3/0/0 [3,200,500] [4,256,512]",
      "block 3/0/1 [3,200,512] [4,256,600]",
      "block 3/1/0 [3,256,500] [4,300,512]",
      "block 3/1/1 [3,256,512] [4,300,600]",
      "block 4/0/0 [4,200,500] [5,256,512]",
      "block 4/0/1 [4,200,512] [5,256,600]",
      "block 4/1/0 [4,256,500] [5,300,512]",
      "block 4/1/1 [4,256,512] [5,300,600]",
    ]);
  });

  it("asks for nothing outside the stack", () => {
    const plan = planOf([-2, -10, 1990], [21, 1, 2010]);
    expect([...plan.steps()].map(show)).toEqual([
      "outside [-2,-10,1990] [0,1,2010]",
      "outside [20,-10,1990] [21,1,2010]",
      "outside [0,-10,1990] [20,0,2010]",
      "outside [0,0,2000] [20,1,2010]",
      ...Array.from({ length: 20 }, (_, z) => `block ${z}/0/3 [${z},0,1990] [${z + 1},1,2000]`),
    ]);
    expect(plan.outsideVoxels).toBe(23 * 11 * 20 - 20 * 1 * 10);
    expect(plan.blockCount).toBe(20);
    const beyond = planOf([30, 0, 0], [31, 10, 10]);
    expect([...beyond.steps()].map(show)).toEqual(["outside [30,0,0] [31,10,10]"]);
    expect([beyond.blockCount, beyond.distinctBlockCount, beyond.outsideVoxels]).toEqual([0, 0, 100]);
  });

  it("lifts the lower bound of x and y, and no other, without clamp", () => {
    expect([...planOf([-1, -1, -1], [1, 1, 2001], { clamp: false }).steps()].map(show).slice(0, 4)).toEqual([
      "outside [-1,-1,-1] [0,1,2001]",
      "outside [0,-1,2000] [1,1,2001]",
      "block 0/-1/-1 [0,-1,-1] [1,0,0]",
      "block 0/-1/0 [0,-1,0] [1,0,512]",
    ]);
  });

  it("asks for no tile beyond CATMAID's last one, though a part of a voxel is left over", () => {
    const narrow = { dimension: { x: 1025, y: 100, z: 1 }, maxZoomLevel: 1, zoomLevel: 1 };
    expect([...planOf([0, 0, 500], [1, 1, 513], narrow).steps()].map(show)).toEqual([
      "outside [0,0,512] [1,1,513]",
      "block 0/0/0 [0,0,500] [1,1,512]",
    ]);
    const wider = { ...narrow, dimension: { x: 1027, y: 100, z: 1 } };
    expect([...planOf([0, 0, 500], [1, 1, 515], wider).steps()].map(show)).toEqual([
      "outside [0,0,514] [1,1,515]",
      "block 0/0/0 [0,0,500] [1,1,512]",
      "block 0/0/1 [0,0,512] [1,1,514]",
    ]);
    const speck = { dimension: { x: 1, y: 1, z: 1 }, maxZoomLevel: 3, zoomLevel: 3 };
    expect([...planOf([0, 0, 0], [1, 1, 1], speck).steps()].map(show)).toEqual(["outside [0,0,0] [1,1,1]"]);
  });

  it("serves a part of itself", () => {
    const plan = planOf([0, 0, 0], [3, 600, 600]);
    const within: ScaledBox = { lower: [1, 250, -5], upper: [2, 260, 5] };
    expect([...plan.steps(within)].map(show)).toEqual([
      "block 1/0/0 [1,250,0] [2,256,5]",
      "block 1/1/0 [1,256,0] [2,260,5]",
    ]);
    expect([...plan.steps({ lower: [5, 0, 0], upper: [6, 1, 1] })]).toEqual([]);
  });

  it("is made step by step: ten billion tiles take no longer than ten", () => {
    const huge = { dimension: { x: 2_000_000_000, y: 1_000_000_000, z: 100_000 } };
    const plan = planOf([0, 0, 0], [100_000, 1_000_000_000, 2_000_000_000], huge);
    expect(plan.blockCount).toBe(100_000 * 3_906_250 * 3_906_250);
    const steps = plan.steps();
    const first = Array.from({ length: 3 }, () => steps.next().value).map((step) => step && show(step));
    expect(first).toEqual([
      "block 0/0/0 [0,0,0] [1,256,512]",
      "block 0/0/1 [0,0,512] [1,256,1024]",
      "block 0/0/2 [0,0,1024] [1,256,1536]",
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
    // A tile index may be of a section that is not whole: a plan must not make one.
    const within: ScaledBox = { lower: [0.5, 0, 0], upper: [1, 1, 1] };
    expect(() => [...planOf([0, 0, 0], [1, 1, 1]).steps(within)]).toThrow(InvalidRoiError);
    expect(() => planOf([0, 0, 0], [1, 1, 1], { tiles: { tileWidth: 0, tileHeight: 1 } })).toThrow(
      InvalidOptionError,
    );
    expect(() => planOf([0, 0, 0], [1, 1, 1], { handling: "skip" as "fill" })).toThrow(InvalidOptionError);
  });
});

/** Where a voxel must come from, block and voxel of the mirror's own array, found the long way; `undefined` where the mirror cannot serve the level. */
function sourceOf(options: AnyPlanOptions, [z, y, x]: Triple): string | undefined {
  const { dimension: size, tiles, depth, clamp, handling } = options;
  const { tileWidth: width, tileHeight: height } = tiles;
  const factor = factorOf(options);
  const offset = levelOffsetOf(options);
  if (offset === undefined) return undefined;
  const isCovered = (voxel: number, extent: number, shift: number, tile: number): boolean =>
    (voxel >= 0 || !clamp) &&
    voxel < extent &&
    (extent >= 1 || !clamp) &&
    Math.floor((voxel + shift) / tile) <= Math.floor((extent - 1 + shift) / tile);
  if (!isCovered(y, size.y / factor.y, offset.y, height)) return "outside";
  if (!isCovered(x, size.x / factor.x, offset.x, width)) return "outside";
  // The first section of level 0 that lies in each section of the level.
  const levelSections: number[] = [];
  for (let section = 0; section < size.z; section++)
    levelSections[Math.floor(section / factor.z)] ??= section;
  const section = levelSections[z];
  if (section === undefined) return "outside";

  const voxelIn = (levelSection: number): Triple => [levelSection + offset.z, y + offset.y, x + offset.x];
  const blockAt = (levelSection: number): string =>
    voxelIn(levelSection)
      .map((voxel, axis) => Math.floor(voxel / ([depth, height, width][axis] ?? 1)))
      .join("/");
  const placeAt = (levelSection: number): string => `${blockAt(levelSection)} [${voxelIn(levelSection)}]`;
  const isHeld = (voxel: number, axis: Axis): boolean =>
    (voxel + offset[axis] >= 0 || (axis !== "z" && !clamp)) && isInBounds(options, voxel, axis);
  const from = (...levelSections: number[]): string => {
    const lacking = levelSections.find((levelSection) => !isHeld(levelSection, "z"));
    if (lacking !== undefined) return `unheld ${blockAt(lacking)}`;
    const [only = 0, other] = levelSections;
    if (!isHeld(y, "y") || !isHeld(x, "x")) return `unheld ${blockAt(only)}`;
    return other === undefined ? `block ${placeAt(only)}` : `blend ${placeAt(only)} ${placeAt(other)}`;
  };

  const broken = new Set(options.brokenSlices);
  if (!broken.has(section)) return from(z);
  if (handling === "fill") return `broken ${blockAt(z)}`;
  const valid = levelSections.flatMap((standsFor, candidate) => (broken.has(standsFor) ? [] : [candidate]));
  const above = valid.filter((candidate) => candidate < z).at(-1) ?? Number.NaN;
  const below = valid.find((candidate) => candidate > z) ?? Number.NaN;
  const isAbove =
    handling === "above" || Number.isNaN(below) || (handling === "closest" && z - above <= below - z);
  if (isAbove && !Number.isNaN(above)) return from(above);
  if (handling !== "interpolate" || Number.isNaN(above)) return from(below);
  const mixed = from(above, below);
  return mixed.startsWith("blend") ? `${mixed} ${(z - above) / (below - above)}` : mixed;
}

/** Whether all of the stack that a voxel of the level stands for is in the mirror's bounds; in whole tenths. */
function isInBounds(options: AnyPlanOptions, voxel: number, axis: Axis): boolean {
  const { bounds } = options.tiles;
  if (bounds === null) return true;
  const tenths = Math.round(factorOf(options)[axis] * 10);
  const end = Math.min((voxel + 1) * tenths, options.dimension[axis] * 10);
  return voxel * tenths >= bounds.lower[axis] * 10 && end <= bounds.upper[axis] * 10;
}

describe("any plan", () => {
  function paint(steps: Iterable<PlanStep>, shape: Triple): ReadonlyMap<string, string> {
    const painted = new Map<string, string>();
    for (const step of steps) {
      for (const at of voxelsOf(step.box)) {
        const voxel = at.join(",");
        if (painted.has(voxel)) throw new Error(`voxel ${voxel} is covered twice`);
        painted.set(voxel, sourceIn(step, at, shape));
      }
    }
    return painted;
  }

  /** What a step says of where a voxel comes from. */
  function sourceIn(step: PlanStep, at: Triple, shape: Triple): string {
    const place = ({ block, first }: BlockPlace): string => {
      const voxel = at.map((value, i) => value - (first[i] ?? 0) + (block.at[i] ?? 0) * (shape[i] ?? 0));
      return `${block.at.join("/")} [${voxel}]`;
    };
    if (step.kind === "block") return `block ${place(step)}`;
    if (step.kind === "blend") return `blend ${place(step.lower)} ${place(step.upper)} ${step.upperWeight}`;
    return show(step).split(" [")[0] ?? "";
  }

  it("covers each voxel of its box once, from where it must come, and counts right", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(anyPlanOptions, anyBox, anyBox, (options, box, within) => {
        let plan: BlockPlan;
        try {
          plan = planOf(box.lower, box.upper, options);
        } catch (error) {
          if (isOffsetRefused(error)) expect(levelOffsetOf(options)).toBeUndefined();
          else if (!(error instanceof BrokenSliceError)) throw error;
          return;
        }
        const shape: Triple = [options.depth, options.tiles.tileHeight, options.tiles.tileWidth];
        const painted = paint(plan.steps(), shape);
        const voxels = voxelsOf(box);
        expect(painted.size).toBe(voxels.length);
        for (const voxel of voxels) expect(painted.get(voxel.join(","))).toBe(sourceOf(options, voxel));

        const steps = [...plan.steps()];
        const count = (kind: PlanStep["kind"]): number => steps.filter((step) => step.kind === kind).length;
        const blocks = steps.flatMap((step) =>
          step.kind === "block" ? [step] : step.kind === "blend" ? [step.lower, step.upper] : [],
        );
        expect(plan.blockCount).toBe(blocks.length);
        expect(plan.distinctBlockCount).toBe(new Set(blocks.map(({ block }) => block.at.join("/"))).size);
        expect(plan.brokenBlockCount).toBe(count("broken"));
        expect(plan.unheldBlockCount).toBe(count("unheld"));
        expect(plan.outsideVoxels).toBe(
          [...painted.values()].filter((source) => source === "outside").length,
        );
        for (const { kind } of steps) {
          const name = options.depth === 1 ? kind : `deep ${kind}`;
          kinds.set(name, (kinds.get(name) ?? 0) + 1);
        }

        for (const [voxel, source] of paint(plan.steps(within), shape))
          expect(source).toBe(painted.get(voxel));
        const inBoth = voxels.filter((voxel) =>
          voxel.every(
            (value, axis) => value >= (within.lower[axis] ?? 0) && value < (within.upper[axis] ?? 0),
          ),
        );
        expect(paint(plan.steps(within), shape).size).toBe(inBoth.length);
      }),
      { numRuns: 1000 },
    );
    // Else the property would hold for want of cases.
    const all = ["blend", "block", "broken", "outside", "unheld"];
    expect([...kinds.keys()].sort()).toEqual([...all, ...all.map((kind) => `deep ${kind}`)].sort());
  });
});
