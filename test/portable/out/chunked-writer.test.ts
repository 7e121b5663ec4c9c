import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidOutError } from "../../../src/errors.js";
import { ChunkedWriter } from "../../../src/out/chunked/chunked-writer.js";
import { firstLevel } from "../../../src/out/chunked/levels/computed-levels.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { dataTypes } from "../../../src/space/data-type.js";
import { blockOf } from "../../support/blocks/blocks.js";
import { exportVolume, filesOf, handOver, readLevel } from "../../support/exports/export-volume.js";
import { rawFormat } from "../../support/exports/raw-format.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { writerTools } from "../../support/exports/written-volume.js";
import { countingVolume } from "../../support/model/volume-boxes.js";

const extent = fc.integer({ min: 1, max: 9 });
const shapes: fc.Arbitrary<Triple> = fc.tuple(extent, extent, extent);

/** A store that remembers in which order files came. */
class NotedStore extends MemoryStore {
  readonly puts: string[] = [];
  override put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.puts.push(path);
    return super.put(path, bytes);
  }
}

describe("ChunkedWriter", () => {
  test("trap 46: puts voxels of any data type, in files of any shape and in any order, where they belong", async () => {
    const cases = fc.record({
      shape: shapes,
      chunk: shapes,
      dataType: fc.constantFrom(...dataTypes),
      shuffle: fc.array(fc.nat(), { maxLength: 100 }),
      isPacked: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, chunk, dataType, shuffle, isPacked }) => {
        const store = new MemoryStore();
        const format = rawFormat({ chunk, compression: { kind: isPacked ? "gzip" : "none" } });
        const { data } = blockOf(
          dataType,
          shape,
          [...countingVolume(shape)].map((value) => value % 128),
        );
        await exportVolume({ store, format, data, shape, shuffle, info: { dataType } });
        const info = volumeInfo(shape, { dataType });
        expect(await readLevel(store, format, info, [firstLevel(info)], 0)).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  test("the same volume is the same files, in whatever order it comes", async () => {
    const shape: Triple = [9, 8, 7];
    const data = countingVolume(shape);
    const store = new MemoryStore();
    await exportVolume({ store, format: rawFormat(), data, shape, levels: 3 });
    const files = await filesOf(store);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 30 }), async (shuffle) => {
        const other = new MemoryStore();
        await exportVolume({ store: other, format: rawFormat(), data, shape, shuffle, levels: 3 });
        expect(await filesOf(other)).toEqual(files);
      }),
      { numRuns: 10 },
    );
  });

  test("what makes the files a dataset comes after all voxels, and says what is filled", async () => {
    const store = new NotedStore();
    const shape: Triple = [8, 8, 8];
    const filled = ({ lower }: { lower: Triple }) =>
      lower[0] === 0 ? ["missing"] : lower[1] === 0 ? ["missing", "failed"] : undefined;
    await exportVolume({ store, format: rawFormat(), data: countingVolume(shape), shape, levels: 2, filled });
    expect(store.puts.indexOf("volume.json")).toBe(store.puts.length - 3);
    expect(store.puts.slice(-2)).toEqual([".catmaid-image/units.ndjson", ".catmaid-image/export.json"]);
    const text = new TextDecoder().decode(await store.get("volume.json"));
    expect(JSON.parse(text)).toMatchObject({ fills: { failed: 2, missing: 6 } });
  });

  test("an export that fails, or is aborted, has no metadata", async () => {
    const store = new MemoryStore();
    const shape: Triple = [8, 8, 8];
    const data = countingVolume(shape);
    const onFetched = ({ lower }: { lower: Triple }) => {
      if (lower.join() === "4,4,4") throw new Error("the server is gone");
    };
    await expect(exportVolume({ store, format: rawFormat(), data, shape, onFetched })).rejects.toThrow(
      "gone",
    );
    expect(store.paths).not.toContain("volume.json");
    expect(store.paths).toContain("0/0.0.0");
  });

  test("an abort while levels are computed is heard", async () => {
    const controller = new AbortController();
    class AbortingStore extends MemoryStore {
      override async put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
        if (path.startsWith("1/")) controller.abort(new Error("enough"));
        await super.put(path, bytes);
      }
    }
    const store = new AbortingStore();
    const shape: Triple = [40, 40, 40];
    const data = countingVolume(shape);
    const volume = { store, format: rawFormat(), data, shape, levels: 3, signal: controller.signal };
    await expect(exportVolume(volume)).rejects.toThrow("enough");
    expect(store.paths).not.toContain("volume.json");
    expect(store.paths.filter((path) => path.startsWith("1/")).length).toBeLessThan(10);
  });

  test("levels of the server are taken one after the other, and the last completes the export", async () => {
    const store = new MemoryStore();
    const shape: Triple = [6, 8, 8];
    const coarse = {
      shape: [6, 4, 4],
      factor: [1, 2, 2],
      resolution: [35, 8, 8],
      position: [0, 0, 0],
    } as const;
    const writer = await exportVolume({
      store,
      format: rawFormat(),
      data: countingVolume(shape),
      shape,
      levels: [coarse],
    });
    expect(store.paths).not.toContain("volume.json");
    const level = writer.level(1);
    expect([level.shape, level.chunkShape]).toEqual([coarse.shape, [4, 4, 4]]);
    const data = countingVolume([6, 4, 4]);
    await handOver(level, { data, shape: [6, 4, 4] });
    expect(store.paths).toContain("volume.json");
    const info = volumeInfo(shape);
    expect(await readLevel(store, rawFormat(), info, [firstLevel(info), coarse], 1)).toEqual(data);
    expect(() => writer.level(2)).toThrow("level must be from 0 to 1, got 2");
  });

  test("voxels that were left out are no complete export", async () => {
    const store = new MemoryStore();
    const writer = new ChunkedWriter(store, rawFormat());
    await writer.begin(volumeInfo([8, 4, 4]), writerTools);
    await writer.write(
      { lower: [0, 0, 0], upper: [4, 4, 4] },
      { data: new Uint8Array(64), shape: [4, 4, 4] },
    );
    await expect(writer.flush()).rejects.toThrow(
      "level 0 of 8 × 4 × 4 voxels lacks 1 of its 2 files: write every chunk before flush",
    );
    expect(store.paths).not.toContain("volume.json");
  });

  test("refuses what cannot be before anything is stored", async () => {
    const store = new MemoryStore();
    const shape: Triple = [8, 8, 8];
    const data = countingVolume(shape);
    const refused = async (change: object, sentence: string): Promise<void> => {
      const volume = { store, format: rawFormat(), data, shape, ...change };
      const failure = await exportVolume(volume).catch((error: unknown) => error);
      expect(String(failure)).toContain(sentence);
      expect(store.paths).toEqual([]);
    };
    await refused({ levels: 8 }, "levels must be at most 7 for 8 × 8 × 8 voxels, got 8");
    await refused({ levels: 0 }, "levels must be a whole number from 1 to 64, got 0");
    await refused({ existing: "append" }, "existing must be one of refuse, resume, repair, overwrite");
    await refused({ store: {} }, "the store of a writer must have put");
    await refused({ format: rawFormat }, "the format of a writer must have layOut, as omeZarrFormat() has");
    const writeOnly = { name: "a pipe", put: async () => {} };
    await refused(
      { store: writeOnly, levels: 2 },
      '"a pipe" cannot be read, and computed levels are made from the files in it',
    );
    expect(() => new ChunkedWriter(store, rawFormat(), { level: 2 } as object)).toThrow(
      '"level" is no option',
    );
  });

  test("a writer is for one volume, and waits to be told which", async () => {
    const writer = new ChunkedWriter(new MemoryStore(), rawFormat());
    expect(() => writer.level(1)).toThrow(InvalidOutError);
    await expect(writer.flush()).rejects.toThrow("has not begun a volume");
    await writer.abort();
    await writer.begin(volumeInfo([4, 4, 4]), writerTools);
    await expect(writer.begin(volumeInfo([4, 4, 4]), writerTools)).rejects.toThrow(
      "make a new writer for each volume",
    );
  });

  test("a store that can only be written to takes an export all the same", async () => {
    const files = new Map<string, Uint8Array>();
    const store = { put: async (path: string, bytes: Uint8Array) => void files.set(path, bytes.slice()) };
    const shape: Triple = [5, 5, 5];
    await exportVolume({ store, format: rawFormat(), data: countingVolume(shape), shape });
    const whole = new MemoryStore();
    await exportVolume({ store: whole, format: rawFormat(), data: countingVolume(shape), shape });
    expect([...files.keys()].sort()).toEqual([...whole.paths].sort());
  });
});
