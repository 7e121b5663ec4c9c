import { describe, expect, it } from "vitest";
import { InvalidOptionError, TileFetchError, UnsupportedMirrorError } from "../../../../src/errors.js";
import { openN5 } from "../../../../src/source/n5/open-n5.js";
import { Stack } from "../../../../src/stack/stack.js";
import {
  array,
  attributesUrl,
  container,
  levels,
  open,
  opening,
  refusal,
  root,
} from "../../../support/block-files/n5-container.js";
import { blockMirror, FakeServer } from "../../../support/blocks/block-mirror.js";

describe("the blocks of an N5 dataset", () => {
  it.each([
    ["0_1_2", [8, 32, 16], [30, 60, 100], "3/2/1"],
    ["2_1_0", [16, 32, 8], [100, 60, 30], "1/2/3"],
    ["0_2_1", [32, 8, 16], [60, 30, 100], "3/1/2"],
    ["1_2_0", [16, 8, 32], [100, 30, 60], "1/3/2"],
    ["2_0_1", [32, 16, 8], [60, 100, 30], "2/1/3"],
    ["1_0_2", [8, 16, 32], [30, 100, 60], "2/3/1"],
  ] as const)("trap 9: with slice dimensions %s", async (dims, blockShape, [z, y, x], file) => {
    const stack = { dimension: { x, y, z } };
    const source = await open({ files: container, imageBase: `${levels}/${dims}`, stack });
    expect(source.warnings).toEqual([]);
    expect(source.level(0)).toMatchObject({ blockShape, held: { lower: [0, 0, 0], upper: [z, y, x] } });
    // Block 3, 2, 1 along x, y, z.
    const block = { level: 0, at: [1, 2, 3] } as const;
    expect(source.url(block)).toBe(`${root}/group/s0/${file}`);
    expect(source.position(block)).toBe(`block 3, 2, 1 (x, y, z) of zoom level 0, file ${file}`);
    const [a, b, c] = dims.split("_").map(Number);
    expect(source.codec(0)).toMatchObject({ axes: [c, b, a] });
  });

  it("trap 10: keep the query of image_base, and so do the attributes", async () => {
    const { opened, server } = opening({ files: container, imageBase: `${levels}/0_1_2/?a=b` });
    expect((await opened).url({ level: 0, at: [0, 0, 0] })).toBe(`${root}/group/s0/0/0/0?a=b`);
    expect(server.asked.every((url) => url.endsWith("/attributes.json?a=b"))).toBe(true);
  });

  it("trap 10: may lie in a group behind the level, or have no level at all", async () => {
    const nested = { "": { n5: "2.5.1" }, "group/s0/raw": array };
    const source = await open({ files: nested, imageBase: `${levels}/raw/0_1_2` });
    expect(source.url({ level: 0, at: [1, 2, 3] })).toBe(`${root}/group/s0/raw/3/2/1`);
    const plain = await open({ files: { "": { n5: "2.5.1" }, ds: array }, imageBase: `${root}/ds/0_1_2` });
    expect(plain.url({ level: 0, at: [1, 2, 3] })).toBe(`${root}/ds/3/2/1`);
    const itself = await open({ files: { "": { n5: "2.5.1", ...array } }, imageBase: `${root}/0_1_2` });
    expect(itself.url({ level: 0, at: [1, 2, 3] })).toBe(`${root}/3/2/1`);
  });

  it("have index 0 along axes beyond the third, of length 1", async () => {
    const five = { ...array, dimensions: [100, 60, 30, 1, 1], blockSize: [16, 32, 8, 1, 1] };
    const source = await open({ files: { "group/s0": five } });
    expect(source.url({ level: 0, at: [1, 2, 3] })).toBe(`${root}/group/s0/3/2/1/0/0`);
    expect(source.codec(0)).toMatchObject({ rank: 5, axes: [2, 1, 0] });
    expect(source.level(0).blockShape).toEqual([8, 32, 16]);
  });

  it("trap 16: begin at metadata.voxelOffset, and at the mirror's offset", async () => {
    const stack = { metadata: { voxelOffset: [-16, 0, 8] } };
    expect((await open({ files: container, stack })).level(0).origin).toEqual([8, 0, -16]);
    const mirror = { offset: { x: 1, y: 2, z: 3 } };
    const source = await open({ files: container, stack, mirror });
    expect(source.level(0).origin).toEqual([5, -2, -17]);
    expect(source.warnings).toEqual([]);
  });
});

describe("trap 11: the root of an N5 container", () => {
  it("is looked for from the folder of the levels upwards, and no further", async () => {
    const { opened, server } = opening({ files: { ...container, "https://example.org": { n5: "1.0.0" } } });
    await opened;
    expect([...server.asked].sort()).toEqual(["", "group", "group/s0"].map(attributesUrl).sort());
  });

  it("is not where attributes name no version, or a page stands for them", async () => {
    const { opened, server } = opening({
      files: {
        ...container,
        group: { resolution: [1, 1, 1], n5: 2 },
        "": "<html>not found</html>",
        "https://example.org/data": { n5: "2.0.0" },
      },
    });
    await opened;
    expect(server.asked).toContain(attributesUrl("https://example.org/data"));
    expect(server.asked).not.toContain(attributesUrl("https://example.org"));
  });

  it("need not be there: the dataset is complete without it", async () => {
    const { opened, server } = opening({ files: { "group/s0": array } });
    expect((await opened).warnings).toEqual([]);
    const above = ["group", "", "https://example.org/data", "https://example.org"].map(attributesUrl);
    expect([...server.asked].sort()).toEqual([...above, attributesUrl("group/s0")].sort());
  });

  it("is not looked for without end in a long path", async () => {
    const deep = `https://example.org/${"a/".repeat(500)}%SCALE_DATASET%/0_1_2`;
    const { opened, server } = opening({ imageBase: deep });
    await expect(opened).rejects.toBeInstanceOf(UnsupportedMirrorError);
    expect(server.asked.length).toBeLessThan(20);
  });

  it.each([
    [
      "/data/%SCALE_DATASET%/0_1_2",
      ["/attributes.json", "/data/attributes.json", "/data/s0/attributes.json"],
    ],
    ["data/%SCALE_DATASET%/0_1_2", ["data/attributes.json", "data/s0/attributes.json"]],
    [
      "//example.org/%SCALE_DATASET%/0_1_2",
      ["//example.org/attributes.json", "//example.org/s0/attributes.json"],
    ],
    ["%SCALE_DATASET%/0_1_2", ["s0/attributes.json"]],
  ])("is looked for up to the host of %s", async (imageBase, asked) => {
    const { opened, server } = opening({ imageBase });
    await expect(opened).rejects.toBeInstanceOf(UnsupportedMirrorError);
    expect([...server.asked].sort()).toEqual(asked);
  });

  it.each([401, 403, 410])("may be hidden by status %i in folders on the way", async (status) => {
    const { opened, server } = opening({ files: { ...container, group: status } });
    expect((await opened).warnings).toEqual([]);
    expect(server.asked).toContain(attributesUrl(""));
  });

  it.each([0, 500, 503])("that is not to be had (status %i) is asked for once, and said", async (status) => {
    const { opened, server } = opening({ files: { "group/s0": array, group: status } });
    const source = await opened;
    expect(source.url({ level: 0, at: [0, 0, 0] })).toBe(`${root}/group/s0/0/0/0`);
    expect(source.warnings).toEqual([
      expect.stringMatching(
        /^mirror 0 "blocks" may be one of labels, as its folders could not be read: the attributes of a folder: /,
      ),
    ]);
    expect(server.asked).not.toContain(attributesUrl(""));
  });
});

describe("what cannot be read as N5", () => {
  it.each([
    [
      "trap 5: label multisets",
      { ...array, isLabelMultiset: true },
      "is of label multisets, which are not read",
    ],
    [
      "trap 5: two axes",
      { ...array, dimensions: [9, 9], blockSize: [3, 3] },
      "has an array of 9 × 9: three axes can be read",
    ],
    [
      "a fourth axis",
      { ...array, dimensions: [9, 9, 9, 2], blockSize: [3, 3, 3, 1] },
      "has an array of 9 × 9 × 9 × 2",
    ],
    [
      "blocks that no memory holds",
      { ...array, dimensions: [2e4, 2e4, 2e4], blockSize: [2e4, 2e4, 2e4] },
      "has blocks of 20000 × 20000 × 20000 voxels, which are too large to be read",
    ],
    ["no array", { n5: "2.5.1" }, "has no dimensions"],
    ["no size of blocks", { ...array, blockSize: undefined }, "has no blockSize"],
    ["sizes of other axes", { ...array, blockSize: [1, 2] }, "has a blockSize that cannot be read, [1,2]"],
    [
      "negative sizes",
      { ...array, dimensions: [1, 2, -3] },
      "has a dimensions that cannot be read, [1,2,-3]",
    ],
    ["nothing", { ...array, dimensions: [0, 2, 3] }, "has a dimensions that cannot be read"],
    ["fractions", { ...array, blockSize: [1.5, 2, 3] }, "has a blockSize that cannot be read"],
    ["texts", { ...array, dimensions: ["1", "2", "3"] }, "has a dimensions that cannot be read"],
    ["more than there is", { ...array, dimensions: [2 ** 31, 1, 1] }, "has a dimensions that cannot be read"],
    ["strings", { ...array, dataType: "string" }, 'has a dataType that cannot be read, "string"'],
    ["no type", { ...array, dataType: undefined }, "has no dataType"],
    ["HTML", "<html></html>", "is no JSON object"],
    ["a list", "[]", "is no JSON object"],
    ["null", "null", "is no JSON object"],
    ["nothing at all", "", "is no JSON object"],
  ])("%s", async (_what, file, message) => {
    const error = await refusal({ files: { "group/s0": file } });
    expect(error).toBeInstanceOf(UnsupportedMirrorError);
    expect(error.message).toContain(`cannot be read as N5: ${root}/group/s0/attributes.json ${message}`);
  });

  it("a type in capitals can", async () => {
    const source = await open({ files: { "group/s0": { ...array, dataType: "UINT16" } } });
    expect(source.level(0).dataType).toBe("uint16");
  });

  it("no dataset, and no root: a sentence", async () => {
    const error = await refusal({});
    expect(error).toBeInstanceOf(UnsupportedMirrorError);
    expect(error.message).toBe(
      `mirror 0 "blocks" cannot be read as N5: there is no ${root}/group/s0/attributes.json; check its image_base`,
    );
  });

  it("a server that does not answer: its own error", async () => {
    const files = { "group/s0": 500, group: 500 };
    expect(await refusal({ files })).toBeInstanceOf(TileFetchError);
  });

  it("trap 10: an address without slice dimensions, before anything is asked for", async () => {
    const { opened, server } = opening({ imageBase: levels });
    await expect(opened).rejects.toBeInstanceOf(UnsupportedMirrorError);
    await expect(opened).rejects.toThrow('mirror 0 "blocks" has no slice dimensions in its image_base');
    expect(server.asked).toEqual([]);
  });

  it("a channel besides the one that there is", async () => {
    const refused = await refusal({ files: container, channel: 1 });
    expect(refused).toBeInstanceOf(InvalidOptionError);
    expect((await open({ files: container, channel: 0 })).level(0).dataType).toBe("uint8");
  });

  it("shows no secret of the address", async () => {
    const error = await refusal({ imageBase: `${levels}/0_1_2?token=hush` });
    expect(error.message).toContain("attributes.json?token=***");
  });

  it("after an abort is its reason, and asks no more", async () => {
    const controller = new AbortController();
    const server = new FakeServer((url) => {
      controller.abort(new Error("enough"));
      return url.includes("/s0/") ? array : undefined;
    });
    const stack = new Stack({ dimension: { x: 100, y: 60, z: 30 }, maxZoomLevel: 0 });
    const mirror = blockMirror(11, `${levels}/0_1_2`);
    const opened = openN5(stack, mirror, { channel: undefined }, server.ask, controller.signal);
    await expect(opened).rejects.toThrow("enough");
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });
});
