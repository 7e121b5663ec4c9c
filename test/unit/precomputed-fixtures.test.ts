import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { BlockSource } from "../../src/source/block-source.js";
import type { Triple } from "../../src/space/axis-order.js";
import type { BlockIndex } from "../../src/space/block.js";
import { bytesPerVoxel } from "../../src/space/data-type.js";
import manifest from "../fixtures/blocks/manifest.json" with { type: "json" };
import { openVolume, type VolumeFiles, volumeServer, volumeUrl } from "../support/precomputed-volume.js";
import { sha256 } from "../support/sha-256.js";

interface Entry {
  readonly shape_zyx: Triple;
  readonly dtype: string;
  readonly sha256_zyx_little_endian: string;
  readonly voxel_offset_xyz?: Triple;
}

const folder = new URL("../fixtures/blocks/precomputed/", import.meta.url);
const { signal } = new AbortController();

/** The files of a volume; those that are gzipped at rest as a server hands them out. */
function filesOf(volume: string): VolumeFiles {
  return (path) => {
    const file = new URL(`${volume}/${path}`, folder);
    if (existsSync(file)) return new Uint8Array(readFileSync(file));
    const packed = new URL(`${file.href}.gz`);
    return existsSync(packed) ? new Uint8Array(gunzipSync(readFileSync(packed))) : undefined;
  };
}

const arrays = Object.entries(manifest as unknown as Readonly<Record<string, Entry>>)
  .filter(([name]) => name.startsWith("precomputed/"))
  .map(([name, entry]) => {
    const [, volume = "", key = ""] = name.split("/");
    return { name, volume, level: key === "8_8_80" ? 1 : 0, entry };
  });

async function openArray(volume: string, { shape_zyx: [z, y, x] }: Entry, level: number) {
  const factors = [1, 2].map((factor) => ({ x: factor, y: factor, z: factor }));
  const dimension = { x: x * 2 ** level, y: y * 2 ** level, z: z * 2 ** level };
  const stack = { dimension, downsampleFactors: factors.slice(0, volume === "multi" ? 2 : 1) };
  return openVolume(filesOf(volume), { stack });
}

function blocksOf(source: BlockSource, level: number, shape: Triple): BlockIndex[] {
  const { blockShape } = source.level(level);
  const [depth, height, width] = shape.map((n, axis) => Math.ceil(n / (blockShape[axis] as number)));
  const blocks: BlockIndex[] = [];
  for (let z = 0; z < (depth as number); z++) {
    for (let y = 0; y < (height as number); y++) {
      for (let x = 0; x < (width as number); x++) blocks.push({ level, at: [z, y, x] });
    }
  }
  return blocks;
}

/** The bytes of a block's chunk. */
async function chunkOf(source: BlockSource, block: BlockIndex, files: VolumeFiles) {
  const { ask } = volumeServer(files);
  const place = source.locate === undefined ? "whole-file" : await source.locate(block, () => true, signal);
  if (place === undefined) return undefined;
  const range = place === "whole-file" ? {} : { range: place.range };
  return ask({ url: source.url(block), ...range, what: "", maxBytes: Number.POSITIVE_INFINITY }, signal);
}

/** Puts raw chunks together, z, y, x. */
async function rawArray(source: BlockSource, level: number, shape: Triple, files: VolumeFiles) {
  const { blockShape, dataType } = source.level(level);
  const size = bytesPerVoxel(dataType);
  const whole = new Uint8Array(shape[0] * shape[1] * shape[2] * size);
  for (const block of blocksOf(source, level, shape)) {
    const chunk = await chunkOf(source, block, files);
    if (chunk === undefined) continue;
    const extent = source.shapeOf?.(block) ?? blockShape;
    expect(chunk.length).toBe(extent[0] * extent[1] * extent[2] * size);
    const row = extent[2] * size;
    for (let i = 0; i < extent[0] * extent[1]; i++) {
      const z = block.at[0] * blockShape[0] + Math.floor(i / extent[1]);
      const y = block.at[1] * blockShape[1] + (i % extent[1]);
      const to = ((z * shape[1] + y) * shape[2] + block.at[2] * blockShape[2]) * size;
      whole.set(chunk.subarray(i * row, (i + 1) * row), to);
    }
  }
  return whole;
}

const absent: Readonly<Record<string, number>> = { raw_missing: 1, sharded_missing: 1 };

describe("precomputed fixtures", () => {
  it("are 18 arrays", () => expect(arrays).toHaveLength(18));

  it.each(arrays)("$name: every chunk is where its name or index says, and no other", async (array) => {
    const { volume, level, entry } = array;
    const { source } = await openArray(volume, entry, level);
    const { dataType, origin, held } = source.level(level);
    expect(dataType).toBe(entry.dtype);
    expect(source.isLabels).toBe(entry.dtype === "uint32" || entry.dtype === "uint64");
    expect([origin, held]).toEqual([[0, 0, 0], { lower: [0, 0, 0], upper: entry.shape_zyx }]);
    const blocks = blocksOf(source, level, entry.shape_zyx);
    const chunks = await Promise.all(blocks.map((block) => chunkOf(source, block, filesOf(volume))));
    expect(chunks.filter((chunk) => chunk === undefined)).toHaveLength(absent[volume] ?? 0);
    const codec = source.codec(level);
    if (codec.kind !== "precomputed") throw new Error(codec.kind);
    const beginnings = { raw: "", jpeg: "ffd8", png: "8950", compressed_segmentation: "0100" };
    const beginning = codec.gzip ? "1f8b" : beginnings[codec.encoding.kind];
    for (const chunk of chunks) {
      if (chunk !== undefined) expect(Buffer.from(chunk).toString("hex").slice(0, 4)).toMatch(beginning);
    }
  });

  const raw = arrays.filter(({ volume }) => /^(?:raw|multi|sharded_(?!murmur))/.test(volume));

  it.each(raw)("$name: the voxels are those that were written (traps 4, 13, 16, 20)", async (array) => {
    const { source } = await openArray(array.volume, array.entry, array.level);
    const voxels = await rawArray(source, array.level, array.entry.shape_zyx, filesOf(array.volume));
    expect(await sha256(voxels)).toBe(array.entry.sha256_zyx_little_endian);
  });

  it("trap 13: each zoom level has chunks of its own size", async () => {
    const multi = arrays.find(({ name }) => name === "precomputed/multi/4_4_40");
    const { source } = await openArray("multi", multi?.entry as Entry, 0);
    expect(source.level(0).blockShape).toEqual([10, 16, 30]);
    expect(source.level(1).blockShape).toEqual([64, 64, 64]);
    expect(source.shapeOf?.({ level: 1, at: [0, 0, 0] })).toEqual([9, 14, 22]);
    expect(source.warnings).toEqual([]);
  });

  it("asks for each index of a sharded volume once", async () => {
    const volume = "sharded_murmur_gzip_cseg";
    const entry = arrays.find((array) => array.volume === volume)?.entry as Entry;
    const { source, asked } = await openArray(volume, entry, 0);
    const blocks = blocksOf(source, 0, entry.shape_zyx);
    const places = await Promise.all(blocks.map((block) => source.locate?.(block, () => true, signal)));
    expect(places.every((place) => typeof place === "object")).toBe(true);
    await Promise.all(blocks.map((block) => source.locate?.(block, () => true, signal)));
    const questions = asked.map(({ url, range }) => `${url.slice(volumeUrl.length)} ${range?.offset}`);
    expect(new Set(questions).size).toBe(questions.length);
    const shards = new Set(blocks.map((block) => source.url(block)));
    expect(asked.filter(({ range }) => range?.offset === 0)).toHaveLength(shards.size);
  });
});
