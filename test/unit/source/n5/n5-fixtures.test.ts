import { describe, expect, it } from "vitest";
import { BlockPlan } from "../../../../src/plan/block-plan.js";
import type { BlockSource } from "../../../../src/source/block-source.js";
import { openN5 } from "../../../../src/source/n5/open-n5.js";
import type { BlockIndex } from "../../../../src/space/block.js";
import { Stack } from "../../../../src/stack/stack.js";
import { blockFilesOf, fixtureServer, fixtureUrl } from "../../../support/block-files/block-fixtures.js";
import { blockFixtures } from "../../../support/blocks/block-arrays.js";
import { blockMirror } from "../../../support/blocks/block-mirror.js";

const { signal } = new AbortController();
const arrays = Object.entries(blockFixtures).filter(([path]) => path.startsWith("n5_"));

function open(stack: Stack, imageBase: string): Promise<BlockSource> {
  const mirror = blockMirror(11, imageBase);
  return openN5(stack, mirror, { channel: undefined }, fixtureServer().ask, signal);
}

function stackOf(path: string): Stack {
  const [z = 0, y = 0, x = 0] = blockFixtures[path]?.shape_zyx ?? [];
  return new Stack({ dimension: { x, y, z }, maxZoomLevel: 0 });
}

/** The blocks of a plan of a whole level. */
function blocksOf(stack: Stack, source: BlockSource, zoomLevel: number): readonly BlockIndex[] {
  const { x, y, z } = stack.levelExtent(zoomLevel);
  const plan = new BlockPlan({
    stack,
    level: source.level(zoomLevel),
    zoomLevel,
    box: { lower: [0, 0, 0], upper: [z, y, x] },
    brokenSliceHandling: "fill",
  });
  return [...plan.steps()].flatMap((step) => (step.kind === "block" ? [step.block] : []));
}

const compressionOf: Readonly<Record<string, string>> = {
  blosc_lz4: "blosc",
  blosc_zstd: "blosc",
  float32_gzip: "gzip",
  gzip_zlib: "zlib",
  int16_raw: "raw",
  labels_gzip: "gzip",
  missing_1_1_0: "gzip",
  missing_gzip: "gzip",
  s0: "gzip",
  s1: "gzip",
  uint16_mode1_gzip: "gzip",
};

describe("the N5 arrays of zarr-python and by hand", () => {
  it.each(arrays)("%s: level, codec and the files of all blocks", async (path, { shape_zyx, dtype }) => {
    const stack = stackOf(path);
    const source = await open(stack, `${fixtureUrl(path)}/0_1_2`);
    expect(source.warnings).toEqual([]);
    const level = source.level(0);
    expect(level).toMatchObject({ dataType: dtype, origin: [0, 0, 0], absent: "empty" });
    expect(level.held).toEqual({ lower: [0, 0, 0], upper: shape_zyx });
    const name = path.slice(path.lastIndexOf("/") + 1);
    const compression = compressionOf[name] ?? name;
    expect(source.codec(0)).toEqual({ kind: "n5", dataType: dtype, compression, axes: [2, 1, 0], rank: 3 });
    expect(source.isLabels).toBe(dtype === "uint64");
    const blocks = blocksOf(stack, source, 0);
    const urls = blocks.map((block) => source.url(block));
    expect(new Set(blocks.map((block) => source.key(block))).size).toBe(blocks.length);
    const stored = blockFilesOf(path).map((file) => `${fixtureUrl(path)}/${file}`);
    if (name.startsWith("missing")) expect(urls).toEqual(expect.arrayContaining(stored));
    else expect([...urls].sort()).toEqual(stored);
  });

  it("levels s0 and s1 in one source, s1 rounded down", async () => {
    const factors = [1, 2].map((factor) => ({ x: factor, y: factor, z: factor }));
    const stack = new Stack({ dimension: { x: 45, y: 29, z: 19 }, downsampleFactors: factors });
    const source = await open(stack, `${fixtureUrl("n5_byhand/multi")}/%SCALE_DATASET%/0_1_2`);
    expect(source.warnings).toEqual([]);
    expect(source.isLabels).toBe(false);
    expect(source.level(1).held.upper).toEqual(blockFixtures["n5_byhand/multi/s1"]?.shape_zyx);
    expect(source.url({ level: 1, at: [0, 0, 0] })).toBe(fixtureUrl("n5_byhand/multi/s1/0/0/0"));
    const blocks = [0, 1].flatMap((level) => blocksOf(stack, source, level));
    expect(new Set(blocks.map((block) => source.key(block))).size).toBe(blocks.length);
  });

  it("ask for the attributes of the dataset and of the folders up to the root, and for nothing else", async () => {
    const server = fixtureServer();
    const mirror = blockMirror(11, `${fixtureUrl("n5_byhand/multi")}/%SCALE_DATASET%/0_1_2`);
    const stack = new Stack({ dimension: { x: 45, y: 29, z: 19 }, maxZoomLevel: 1 });
    await openN5(stack, mirror, { channel: undefined }, server.ask, signal);
    expect([...server.asked].sort()).toEqual(
      [
        "attributes.json",
        "multi/attributes.json",
        "multi/s0/attributes.json",
        "multi/s1/attributes.json",
      ].map((file) => fixtureUrl(`n5_byhand/${file}`)),
    );
  });
});
