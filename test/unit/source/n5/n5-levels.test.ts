import { describe, expect, it } from "vitest";
import { InvalidZoomLevelError } from "../../../../src/errors.js";
import type { Ask } from "../../../../src/source/block-source.js";
import { openN5 } from "../../../../src/source/n5/open-n5.js";
import { Stack } from "../../../../src/stack/stack.js";
import {
  array,
  attributesUrl,
  container,
  factors,
  half,
  levels,
  open,
  opening,
  root,
} from "../../../support/block-files/n5-container.js";
import { blockMirror } from "../../../support/blocks/block-mirror.js";

const { signal } = new AbortController();

describe("trap 12: zoom levels", () => {
  const four = { stack: { downsampleFactors: factors(1, 2, 4, 8) } };
  const levelFiles = { ...container, "group/s1": half };
  const eighth = { ...array, dimensions: [13, 8, 4] };

  it("are read at once, each once", async () => {
    const started: string[] = [];
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const ask: Ask = async ({ url }) => {
      if (!/\/s\d\/attributes/.test(url)) return undefined;
      started.push(url);
      if (started.length === 10) open();
      // None is answered before all were asked for.
      await gate;
      return new TextEncoder().encode(JSON.stringify(array));
    };
    const stack = new Stack({ dimension: { x: 100, y: 60, z: 30 }, maxZoomLevel: 9 });
    await openN5(stack, blockMirror(11, `${levels}/0_1_2`), { channel: undefined }, ask, signal);
    expect(new Set(started).size).toBe(10);
    expect(started).toHaveLength(10);
  });

  it("that are missing hide none behind them", async () => {
    const source = await open({ ...four, files: { ...levelFiles, "group/s3": eighth } });
    expect(source.level(3)).toMatchObject({ held: { upper: [4, 8, 13] } });
    expect(() => source.level(2)).toThrow(InvalidZoomLevelError);
    expect(() => source.level(2)).toThrow(
      `mirror 0 "blocks" cannot serve zoom level 2: there is no ${root}/group/s2/attributes.json`,
    );
    expect(source.warnings).toEqual([
      `mirror 0 "blocks" cannot serve zoom level 2: there is no ${root}/group/s2/attributes.json`,
    ]);
  });

  it("that only the stack has are the source's to refuse, in one warning", async () => {
    const source = await open({ ...four, files: levelFiles });
    expect(source.level(1)).toMatchObject({ held: { upper: [15, 30, 50] } });
    for (const level of [2, 3]) expect(() => source.level(level)).toThrow(InvalidZoomLevelError);
    expect(source.warnings).toEqual([
      `mirror 0 "blocks" cannot serve zoom levels 2, 3: there is no ${root}/group/s2/attributes.json`,
    ]);
  });

  it("that only the source has are not asked for", async () => {
    const { opened, server } = opening({ files: levelFiles });
    await opened;
    expect(server.asked).not.toContain(attributesUrl("group/s1"));
  });

  it.each([0, 403, 500])("that do not come (status %i) leave the others", async (status) => {
    const source = await open({
      files: { ...levelFiles, "group/s1": status },
      stack: { downsampleFactors: factors(1, 2) },
    });
    expect(source.level(0).dataType).toBe("uint8");
    expect(() => source.level(1)).toThrow(InvalidZoomLevelError);
    expect(() => source.level(1)).toThrow(/cannot serve zoom level 1: the attributes of zoom level 1: /);
    expect(() => source.url({ level: 1, at: [0, 0, 0] })).toThrow(InvalidZoomLevelError);
    expect(() => source.codec(1)).toThrow(InvalidZoomLevelError);
  });

  it("may be there without level 0", async () => {
    const source = await open({ files: { "group/s1": half }, stack: { downsampleFactors: factors(1, 2) } });
    expect(() => source.level(0)).toThrow(InvalidZoomLevelError);
    expect(source.level(1).held.upper).toEqual([15, 30, 50]);
  });

  it("are one where image_base names none", async () => {
    const source = await open({
      files: { ds: array },
      imageBase: `${root}/ds/0_1_2`,
      stack: { downsampleFactors: factors(1, 2) },
    });
    expect(() => source.level(1)).toThrow(
      'mirror 0 "blocks" cannot serve zoom level 1: its image_base has no %SCALE_DATASET%, which stands for the level',
    );
  });

  it("beyond any stack's are not looked for", async () => {
    const { opened, server } = opening({
      files: container,
      stack: { downsampleFactors: [], maxZoomLevel: 1e9 },
    });
    const source = await opened;
    expect(server.asked.length).toBeLessThan(40);
    expect(() => source.level(1e9)).toThrow(InvalidZoomLevelError);
  });

  it("trap 13: have each its own block size, data type and compression", async () => {
    const other = { ...half, blockSize: [64, 5, 7], dataType: "uint16", compression: { type: "zstd" } };
    const source = await open({
      files: { ...container, "group/s1": other },
      stack: { downsampleFactors: factors(1, 2) },
    });
    expect(source.level(0)).toMatchObject({ blockShape: [8, 32, 16], dataType: "uint8" });
    expect(source.level(1)).toMatchObject({ blockShape: [7, 5, 64], dataType: "uint16" });
    expect(source.codec(1)).toMatchObject({ dataType: "uint16", compression: "zstd" });
    expect(source.warnings).toEqual([
      'mirror 0 "blocks" has voxels of uint16 at zoom level 1, and of uint8 at zoom level 0',
    ]);
  });
});

describe("trap 12: what disagrees with the stack", () => {
  const two = {
    downsampleFactors: [
      { x: 1, y: 1, z: 1 },
      { x: 2, y: 2, z: 1 },
    ],
  };
  const flat = { ...array, dimensions: [50, 30, 30] };

  it.each([
    ["rounded down", [100, 60, 30], [50, 30, 30]],
    ["an odd size rounded up", [101, 61, 31], [51, 31, 31]],
    ["an odd size rounded down", [101, 61, 31], [50, 30, 31]],
  ])("is not a size %s", async (_what, dimensions, coarse) => {
    const [x = 0, y = 0, z = 0] = dimensions;
    const files = { "group/s0": { ...array, dimensions }, "group/s1": { ...array, dimensions: coarse } };
    expect((await open({ files, stack: { ...two, dimension: { x, y, z } } })).warnings).toEqual([]);
  });

  it("is warned of: sizes", async () => {
    const files = { ...container, "group/s1": { ...array, dimensions: [50, 30, 15] } };
    expect((await open({ files, stack: two })).warnings).toEqual([
      'mirror 0 "blocks" has 50 × 30 × 15 voxels (x, y, z) at zoom level 1, and would have 50 × 30 × 30 ' +
        "by the stack's factors",
    ]);
  });

  it("is warned of: an array that is not the stack, unless an offset or bounds say so", async () => {
    const stack = { dimension: { x: 30, y: 60, z: 100 } };
    const warning = 'mirror 0 "blocks" has 100 × 60 × 30 voxels (x, y, z), and the stack 30 × 60 × 100';
    expect((await open({ files: container, stack })).warnings).toEqual([warning]);
    const bounds = { lower: { x: 0, y: 0, z: 0 }, upper: { x: 10, y: 10, z: 10 } };
    for (const mirror of [{ bounds }, { offset: { x: 1, y: 0, z: 0 } }]) {
      expect((await open({ files: container, stack, mirror })).warnings).toEqual([]);
    }
  });

  const said = `mirror 0 "blocks" is downsampled by 2 × 2 × 2 (x, y, z) from zoom level 0 to 1 by its own account, and by 2 × 2 × 1 by the stack's, which counts`;
  it.each([
    ["the level's downsamplingFactors", { "group/s1": { ...flat, downsamplingFactors: [2, 2, 2] } }],
    [
      "a folder's downsamplingFactors",
      {
        "group/s1": flat,
        group: {
          downsamplingFactors: [
            [1, 1, 1],
            [2, 2, 2],
          ],
        },
      },
    ],
    [
      "a folder's scales",
      {
        "group/s1": flat,
        group: {
          scales: [
            [1, 1, 1],
            [2, 2, 2],
          ],
        },
      },
    ],
  ])("is warned of: %s", async (_what, files) => {
    expect((await open({ files: { ...container, ...files }, stack: two })).warnings).toEqual([said]);
  });

  it("is not that a coarse array is taken for level 0", async () => {
    const files = { ds: { ...array, downsamplingFactors: [2, 2, 2] } };
    expect((await open({ files, imageBase: `${root}/ds/0_1_2` })).warnings).toEqual([]);
  });

  it("is compared in the order of the stack's axes", async () => {
    const files = {
      "group/s0": array,
      "group/s1": { ...array, dimensions: [100, 30, 15], downsamplingFactors: [1, 2, 2] },
    };
    const stack = { ...two, dimension: { x: 30, y: 60, z: 100 } };
    expect((await open({ files, stack, imageBase: `${levels}/2_1_0` })).warnings).toEqual([]);
  });

  it("is nothing where the attributes are of another kind", async () => {
    const files = {
      "group/s0": { ...array, downsamplingFactors: "1,1,1" },
      "group/s1": { ...flat, downsamplingFactors: [2, 2] },
      group: { scales: 5, downsamplingFactors: [[1], "x"] },
    };
    expect((await open({ files, stack: two })).warnings).toEqual([]);
  });
});
