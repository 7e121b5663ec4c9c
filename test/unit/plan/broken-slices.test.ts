import { describe, expect, it } from "vitest";
import { BrokenSliceError } from "../../../src/errors.js";
import { BrokenSliceHandling, brokenSliceHandlings } from "../../../src/plan/broken-slices.js";
import type { PlanOptions } from "../../support/fetching/plan-steps.js";
import { planOf, show } from "../../support/fetching/plan-steps.js";

function sectionsShown(options: PlanOptions, from: number, to: number): readonly string[] {
  return [...planOf([from, 0, 0], [to, 1, 1], options).steps()].map(
    (step) => show(step).split(" [")[0] ?? "",
  );
}

describe("broken slices", () => {
  const broken = { brokenSlices: [0, 5, 6, 10, 19] };
  // Sections 0, 1, 2 of the coarser level stand for 0, 4, 8.
  const coarser = {
    dimension: { x: 100, y: 100, z: 12 },
    downsampleFactors: [
      { x: 1, y: 1, z: 1 },
      { x: 2, y: 2, z: 4 },
    ],
    zoomLevel: 1,
  };

  it("have six ways of handling, by name", () => {
    expect(Object.values(BrokenSliceHandling).sort()).toEqual([...brokenSliceHandlings].sort());
  });

  it.each([
    ["fill", 4, 8, ["block 4/0/0", "broken 5/0/0", "broken 6/0/0", "block 7/0/0"]],
    ["above", 4, 8, ["block 4/0/0", "block 4/0/0", "block 4/0/0", "block 7/0/0"]],
    ["below", 4, 8, ["block 4/0/0", "block 7/0/0", "block 7/0/0", "block 7/0/0"]],
    ["closest", 4, 8, ["block 4/0/0", "block 4/0/0", "block 7/0/0", "block 7/0/0"]],
    ["closest", 10, 11, ["block 9/0/0"]],
    ["interpolate", 5, 7, [`blend 4/0/0 7/0/0 ${1 / 3}`, `blend 4/0/0 7/0/0 ${2 / 3}`]],
    ["interpolate", 10, 11, ["blend 9/0/0 11/0/0 0.5"]],
    ["interpolate", 0, 1, ["block 1/0/0"]],
    ["interpolate", 19, 20, ["block 18/0/0"]],
    ["closest", 0, 1, ["block 1/0/0"]],
    ["closest", 19, 20, ["block 18/0/0"]],
    ["below", 0, 1, ["block 1/0/0"]],
    ["above", 19, 20, ["block 18/0/0"]],
  ] as const)("are handled: %s, sections %i to %i", (handling, from, to, expected) => {
    expect(sectionsShown({ ...broken, handling }, from, to)).toEqual(expected);
  });

  it("are listed and counted", () => {
    const lower = [4, 0, 0] as const;
    const upper = [8, 300, 600] as const;
    const filled = planOf(lower, upper, broken);
    expect(filled.filledSections).toEqual([5, 6]);
    expect(filled.replacedSections).toEqual([]);
    expect([filled.blockCount, filled.distinctBlockCount, filled.brokenBlockCount]).toEqual([8, 8, 8]);
    const closest = planOf(lower, upper, { ...broken, handling: "closest" });
    expect(closest.filledSections).toEqual([]);
    expect(closest.replacedSections).toEqual([
      { section: 5, sources: [4] },
      { section: 6, sources: [7] },
    ]);
    expect([closest.blockCount, closest.distinctBlockCount, closest.brokenBlockCount]).toEqual([16, 8, 0]);
    const mixed = planOf([5, 0, 0], [7, 300, 600], { ...broken, handling: "interpolate" });
    expect(mixed.replacedSections).toEqual([
      { section: 5, sources: [4, 7] },
      { section: 6, sources: [4, 7] },
    ]);
    expect([mixed.blockCount, mixed.distinctBlockCount]).toEqual([16, 8]);
  });

  it.each([
    ["throw", [0, 5, 6, 10, 19], 5, 6, 5],
    ["above", [0, 5, 6, 10, 19], 0, 2, 0],
    ["below", [0, 5, 6, 10, 19], 18, 20, 19],
    ["closest", Array.from({ length: 20 }, (_, z) => z), 3, 4, 3],
    ["interpolate", Array.from({ length: 20 }, (_, z) => z), 3, 4, 3],
  ] as const)("are an error at once where they must be: %s", (handling, brokenSlices, from, to, section) => {
    const make = () => planOf([from, 0, 0], [to, 1, 1], { brokenSlices, handling });
    expect(make).toThrow(BrokenSliceError);
    expect(make).toThrow(expect.objectContaining({ section }));
  });

  it("are no error where nothing is asked of them", () => {
    expect(() => planOf([5, 0, 5000], [7, 1, 5001], { ...broken, handling: "throw" })).not.toThrow();
    expect(() => planOf([1, 0, 0], [5, 1, 1], { ...broken, handling: "throw" })).not.toThrow();
  });

  it("of a coarser level are those that stand for a broken section of level 0", () => {
    expect(sectionsShown({ ...coarser, brokenSlices: [4] }, 0, 3)).toEqual([
      "block 0/0/0",
      "broken 1/0/0",
      "block 2/0/0",
    ]);
    expect(sectionsShown({ ...coarser, brokenSlices: [5, 6, 7] }, 1, 2)).toEqual(["block 1/0/0"]);
    expect(sectionsShown({ ...coarser, brokenSlices: [4], handling: "above" }, 1, 2)).toEqual([
      "block 0/0/0",
    ]);
  });

  it.each([
    ["below", [4], ["block 2/0/0"]],
    ["interpolate", [4], ["blend 0/0/0 2/0/0 0.5"]],
    ["closest", [2, 3, 4], ["block 0/0/0"]],
    ["above", [4, 8], ["block 0/0/0"]],
    ["above", [0, 4], undefined],
    ["closest", [0, 4], ["block 2/0/0"]],
    ["closest", [0, 4, 8], undefined],
  ] as const)(
    "of a coarser level are not replaced by a broken section of it: %s, %j",
    (handling, brokenSlices, shown) => {
      // Section 1 of the level stands for 4; 5 to 7, which are valid, lie in it.
      const show = () => sectionsShown({ ...coarser, brokenSlices, handling }, 1, 2);
      if (shown === undefined)
        expect(show).toThrow(expect.objectContaining({ code: "broken-slice", section: 4 }));
      else expect(show()).toEqual(shown);
    },
  );

  it("of a finer level are each of the sections that lie in them", () => {
    const finer = { downsampleFactors: [{ x: 1, y: 1, z: 0.4 }], brokenSlices: [1, 3] };
    const shown = sectionsShown({ ...finer, handling: "above" }, 0, 10);
    expect(shown.map((source) => source.split("/")[0])).toEqual(
      [0, 1, 2, 2, 2, 5, 6, 7, 7, 7].map((depth) => `block ${depth}`),
    );
  });

  it("take no quadratic time, however many there are", () => {
    const z = 200_000;
    const brokenSlices = Array.from({ length: z - 1 }, (_, section) => section);
    const plan = planOf([0, 0, 0], [z, 1, 1], {
      dimension: { x: 1, y: 1, z },
      brokenSlices,
      handling: "closest",
    });
    expect([plan.blockCount, plan.distinctBlockCount]).toEqual([z, 1]);
  });
});
