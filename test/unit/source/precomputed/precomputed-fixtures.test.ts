import { describe, expect, it } from "vitest";
import { FileRuns } from "../../../../src/source/file-runs.js";
import type { BlockIndex } from "../../../../src/space/block.js";
import { createVoxels, type DataType } from "../../../../src/space/data-type.js";
import { prepareDecoders } from "../../../../workers/decode/decode-tile.js";
import { decodePrecomputedChunk } from "../../../../workers/decode/precomputed/decode-precomputed-chunk.js";
import type { ByteRange } from "../../../../workers/protocol.js";
import {
  precomputedFixtures as arrays,
  blocksOf,
  chunkOf,
  chunksOf,
  filesOf,
  openFixture,
} from "../../../support/block-files/precomputed-fixtures.js";
import { volumeServer } from "../../../support/block-files/precomputed-volume.js";
import { sha256 } from "../../../support/sha-256.js";

const { signal } = new AbortController();

await prepareDecoders();

function fixture(name: string): (typeof arrays)[number] {
  const found = arrays.find((array) => array.name === name);
  if (found === undefined) throw new Error(`there is no fixture ${name}`);
  return found;
}

const absent: Readonly<Record<string, number>> = { raw_missing: 1, sharded_missing: 1 };

describe("precomputed fixtures", () => {
  it("are 18 arrays", () => expect(arrays).toHaveLength(18));

  it.each(arrays)("$name: every chunk is where its name or index says, and no other", async (array) => {
    const { volume, level, entry } = array;
    const { source } = await openFixture(array);
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

  it.each(arrays)(
    "$name: the voxels are those that were written (traps 4, 13, 16, 18, 19, 20)",
    async (array) => {
      const { shape_zyx: shape, dtype, sha256_zyx_little_endian: digest } = array.entry;
      const whole = createVoxels(dtype as DataType, shape[0] * shape[1] * shape[2]);
      const { blockShape } = (await openFixture(array)).source.level(array.level);
      for (const { block, bytes, codec, shape: expected } of await chunksOf(array)) {
        const decoded = decodePrecomputedChunk(bytes, codec, expected);
        expect(decoded.shape).toEqual(expected);
        const [depth, height, width] = decoded.shape;
        for (let z = 0; z < depth; z++) {
          for (let y = 0; y < height; y++) {
            const from = width * (y + height * z);
            const row = block.at[1] * blockShape[1] + y + shape[1] * (block.at[0] * blockShape[0] + z);
            for (let x = 0; x < width; x++) {
              whole[row * shape[2] + block.at[2] * blockShape[2] + x] = decoded.data[from + x] as number;
            }
          }
        }
      }
      expect(await sha256(whole)).toBe(digest);
    },
  );

  it("trap 13: each zoom level has chunks of its own size", async () => {
    const { source } = await openFixture(fixture("precomputed/multi/4_4_40"));
    expect(source.level(0).blockShape).toEqual([10, 16, 30]);
    expect(source.level(1).blockShape).toEqual([64, 64, 64]);
    expect(source.shapeOf?.({ level: 1, at: [0, 0, 0] })).toEqual([9, 14, 22]);
    expect(source.warnings).toEqual([]);
  });

  const sharded = arrays.filter(({ volume }) => volume.startsWith("sharded"));

  it.each(sharded)(
    "$name: one request for each index and one for all chunks of a shard (trap 23)",
    async (array) => {
      const { volume, entry } = array;
      const { source, asked } = await openFixture(array);
      const { ask, questions: parts } = volumeServer(filesOf(volume));
      const runs = new FileRuns();
      const isWanted = (): boolean => true;
      const read = async (block: BlockIndex): Promise<void> => {
        const place = await source.locate?.(block, isWanted, signal);
        if (place === undefined || place === "whole-file") return;
        const url = source.url(block);
        const fetchRange = (range: ByteRange) =>
          ask({ url, range, what: "", maxBytes: range.length }, signal);
        const bytes = await runs.bytesOf(url, place, fetchRange, signal);
        expect(bytes).toEqual(await chunkOf(source, block, filesOf(volume)));
      };
      await Promise.all(blocksOf(source, 0, entry.shape_zyx).map(read));
      const indexes = asked.filter(({ range }) => range !== undefined);
      const addresses = indexes.map(({ url, range }) => `${url} ${range?.offset}`);
      expect(new Set(addresses).size).toBe(indexes.length);
      // Every shard of the fixtures is shorter than the longest run.
      expect(parts.map(({ url }) => url)).toEqual([...new Set(parts.map(({ url }) => url))]);
      expect(parts.length).toBeGreaterThan(0);
    },
  );
});
