import { describe, expect, it } from "vitest";
import type { PlanOptions } from "../../support/fetching/plan-steps.js";
import { planOf, show } from "../../support/fetching/plan-steps.js";

describe("a plan of blocks of several sections", () => {
  // Layers of 8 sections that begin at −3, 5, 13.
  const deep = { depth: 8, tiles: { tileWidth: 512, tileHeight: 256, offset: { x: 0, y: 0, z: 3 } } };
  const shown = (from: number, to: number, options: PlanOptions = {}): readonly string[] =>
    [...planOf([from, 0, 0], [to, 1, 1], { ...deep, ...options }).steps()].map(show);

  it("asks once for all sections of a block", () => {
    const plan = planOf([2, 0, 0], [20, 256, 600], deep);
    expect([...plan.steps()].map(show)).toEqual([
      "block 0/0/0 [2,0,0] [5,256,512]",
      "block 0/0/1 [2,0,512] [5,256,600]",
      "block 1/0/0 [5,0,0] [13,256,512]",
      "block 1/0/1 [5,0,512] [13,256,600]",
      "block 2/0/0 [13,0,0] [20,256,512]",
      "block 2/0/1 [13,0,512] [20,256,600]",
    ]);
    expect([plan.blockCount, plan.distinctBlockCount]).toEqual([6, 6]);
    const [first] = plan.steps();
    expect(first).toMatchObject({ block: { level: 0, at: [0, 0, 0] }, first: [-3, 0, 0] });
  });

  it.each([
    ["fill", ["block 1/0/0", "broken 1/0/0", "broken 1/0/0", "block 1/0/0"], 2, 1],
    ["above", ["block 1/0/0", "block 1/0/0", "block 1/0/0", "block 1/0/0"], 4, 1],
    ["below", ["block 1/0/0", "block 1/0/0", "block 1/0/0", "block 1/0/0"], 4, 1],
    ["closest", ["block 1/0/0", "block 1/0/0", "block 1/0/0", "block 1/0/0"], 4, 1],
    [
      "interpolate",
      ["block 1/0/0", `blend 1/0/0 1/0/0 ${1 / 3}`, `blend 1/0/0 1/0/0 ${2 / 3}`, "block 1/0/0"],
      6,
      1,
    ],
  ] as const)("cuts broken sections out of a block: %s", (handling, sources, blocks, distinct) => {
    const options = { ...deep, brokenSlices: [7, 8], handling };
    expect(shown(5, 13, options)).toEqual([
      `${sources[0]} [5,0,0] [7,1,1]`,
      `${sources[1]} [7,0,0] [8,1,1]`,
      `${sources[2]} [8,0,0] [9,1,1]`,
      `${sources[3]} [9,0,0] [13,1,1]`,
    ]);
    const plan = planOf([5, 0, 0], [13, 1, 1], options);
    expect([plan.blockCount, plan.distinctBlockCount]).toEqual([blocks, distinct]);
  });

  it("refuses a broken section inside a block where it is told to", () => {
    const options = { brokenSlices: [7], handling: "throw" } as const;
    expect(() => shown(5, 13, options)).toThrow(expect.objectContaining({ section: 7 }));
    expect(shown(5, 7, options)).toEqual(["block 1/0/0 [5,0,0] [7,1,1]"]);
  });

  it("takes a replacement from another layer, which counts once more where nothing else needs it", () => {
    // Section 5 begins a layer: 4, above it, is of the layer before.
    const options = { ...deep, brokenSlices: [5], handling: "above" } as const;
    const plan = planOf([5, 0, 0], [7, 1, 1], options);
    expect([...plan.steps()]).toMatchObject([
      { block: { at: [0, 0, 0] }, first: [-2, 0, 0], box: { lower: [5, 0, 0], upper: [6, 1, 1] } },
      { block: { at: [1, 0, 0] }, first: [5, 0, 0], box: { lower: [6, 0, 0], upper: [7, 1, 1] } },
    ]);
    expect([plan.blockCount, plan.distinctBlockCount]).toEqual([2, 2]);
    const both = planOf([4, 0, 0], [7, 1, 1], options);
    expect([both.blockCount, both.distinctBlockCount]).toEqual([3, 2]);
  });

  it("asks for a block that the mirror holds in part for that part", () => {
    const bounds = { lower: { x: 0, y: 0, z: 6 }, upper: { x: 2000, y: 1000, z: 14 } };
    const options = { ...deep, tiles: { ...deep.tiles, bounds } };
    expect(shown(4, 16, options)).toEqual([
      "unheld 0/0/0 [4,0,0] [5,1,1]",
      "unheld 1/0/0 [5,0,0] [6,1,1]",
      "block 1/0/0 [6,0,0] [13,1,1]",
      "block 2/0/0 [13,0,0] [14,1,1]",
      "unheld 2/0/0 [14,0,0] [16,1,1]",
    ]);
    const plan = planOf([4, 0, 0], [16, 1, 1], options);
    expect([plan.blockCount, plan.unheldBlockCount]).toEqual([2, 3]);
  });
});
