import { describe, expect, it } from "vitest";
import { UnsupportedMirrorError } from "../../../../src/errors.js";
import { array, container, open, refusal, root } from "../../../support/block-files/n5-container.js";

describe("trap 6: compressions", () => {
  it.each([
    [{ compression: { type: "raw" } }, "raw"],
    [{ compression: { type: "gzip", level: -1, useZlib: false } }, "gzip"],
    [{ compression: { type: "gzip", useZlib: true } }, "zlib"],
    [{ compression: { type: "bzip2" } }, "bzip2"],
    [{ compression: { type: "xz" } }, "xz"],
    [{ compression: { type: "lz4" } }, "lz4"],
    [{ compression: { type: "blosc", cname: "zstd" } }, "blosc"],
    [{ compression: { type: "zstd" } }, "zstd"],
    [{ compression: undefined, compressionType: "gzip" }, "gzip"],
    [{ compression: undefined, compressionType: "raw" }, "raw"],
    [{ compression: "gzip" }, "gzip"],
    [{ compression: { type: "GZIP" } }, "gzip"],
  ])("%j is %s", async (attributes, compression) => {
    const source = await open({ files: { "group/s0": { ...array, ...attributes } } });
    expect(source.codec(0)).toMatchObject({ compression });
  });

  it.each([
    [{ compression: { type: "jpeg" } }, '"jpeg"'],
    [{ compression: { type: 5 } }, "5"],
    [{ compression: {} }, "{}"],
    [{ compression: null }, "undefined"],
    [{ compression: undefined }, "undefined"],
    [{ compression: undefined, compressionType: "lzma" }, '"lzma"'],
  ])("%j is refused by name", async (attributes, name) => {
    const error = await refusal({ files: { "group/s0": { ...array, ...attributes } } });
    expect(error).toBeInstanceOf(UnsupportedMirrorError);
    expect(error.message).toBe(
      `mirror 0 "blocks" cannot be read as N5: ${root}/group/s0/attributes.json has blocks packed with ${name}, ` +
        "which is not read (raw, gzip, zlib, bzip2, xz, lz4, blosc, zstd are); check its image_base",
    );
  });
});

describe("labels", () => {
  it.each([
    ["grey values", {}, {}, false],
    ["no label in use", {}, { maxId: 0 }, false],
    ["the level's maxId", { maxId: 7 }, {}, true],
    ["the folder's maxId, beyond 2⁵³", {}, { maxId: 2 ** 60 }, true],
    ["a maxId as text", { maxId: "18446744073709551615" }, {}, true],
    ["a maxId that is none", { maxId: { toString: null } }, {}, false],
    ["Paintera's labels", {}, { painteraData: { type: "label" } }, true],
    ["Paintera's greys", {}, { painteraData: { type: "raw" } }, false],
    ["uint32", { dataType: "uint32" }, {}, true],
    ["int64", { dataType: "int64" }, {}, true],
    ["uint16", { dataType: "uint16" }, {}, false],
    ["float64", { dataType: "float64" }, {}, false],
  ])("%s", async (_what, own, group, isLabels) => {
    const files = { ...container, "group/s0": { ...array, ...own }, group };
    expect((await open({ files })).isLabels).toBe(isLabels);
  });

  it("by what the root says, and by the stack's catmaidLabelMeta", async () => {
    const files = { ...container, "": { n5: "2.5.1", maxId: 3 } };
    expect((await open({ files })).isLabels).toBe(true);
    const metadata = { catmaidLabelMeta: { 1: "soma" } };
    expect((await open({ files: container, stack: { metadata } })).isLabels).toBe(true);
    expect((await open({ files: container, stack: { metadata: { catmaidLabelMeta: null } } })).isLabels).toBe(
      false,
    );
  });
});
