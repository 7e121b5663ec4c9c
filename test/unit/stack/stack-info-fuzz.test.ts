import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcomes } from "../../support/model/any-stack-info.js";
import { anyStackInfo, tryStackInfo } from "../../support/model/any-stack-info.js";
import { runs } from "../../support/thorough.js";

describe("stack infos of anything at all", () => {
  test("make stacks or typed errors, and change no prototype", () => {
    const outcomes: Outcomes = {};
    fc.assert(
      fc.property(anyStackInfo, (info) => tryStackInfo(info, outcomes)),
      { numRuns: runs(125) },
    );
    expect(outcomes["stacks"]).toBeGreaterThan(0);
    expect(outcomes["urls"]).toBeGreaterThan(0);
    expect(outcomes["invalid-stack"]).toBeGreaterThan(0);
  });

  const dimension = { x: 1, y: 1, z: 1 };
  test.each([
    ["objects without a text of their own", { dimension, downsample_factors: { x: { toString: 1 } } }],
    ["lists of them", { dimension, orientation: { x: [Object.create(null)] } }],
    ["holes in the mirrors", { dimension, resolution: dimension, mirrors: new Array(2) }],
    ["holes in the factors", { dimension, resolution: dimension, downsample_factors: new Array(2) }],
  ])("with %s", (_what, info) => {
    expect(() => tryStackInfo(info)).not.toThrow();
  });
});
