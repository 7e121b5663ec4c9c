import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LevelProgress } from "../../../src/out/chunked/chunked-export.js";
import { computedLevels, firstLevel } from "../../../src/out/chunked/levels/computed-levels.js";
import { meanVoxels } from "../../../src/out/chunked/levels/mean-voxels.js";
import { modeVoxels } from "../../../src/out/chunked/levels/mode-voxels.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { axisOrders, reorder } from "../../../src/space/axis-order.js";
import { type DataType, dataTypes, type Voxels } from "../../../src/space/data-type.js";
import { blockOf } from "../../support/blocks/blocks.js";
import { exportVolume, readLevel } from "../../support/exports/export-volume.js";
import { rawFormat } from "../../support/exports/raw-format.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { runs } from "../../support/thorough.js";

const extent = fc.integer({ min: 1, max: 11 });
const shapes: fc.Arbitrary<Triple> = fc.tuple(extent, extent, extent);
const steps: fc.Arbitrary<Triple> = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 3 }),
);

/** The values of the voxels that a box of the next level is made of, in the order of the volume. */
function boxes(data: ArrayLike<number | bigint>, shape: Triple, step: Triple): (number | bigint)[][] {
  const found: (number | bigint)[][] = [];
  for (let i = 0; i < shape[0]; i += step[0])
    for (let j = 0; j < shape[1]; j += step[1])
      for (let k = 0; k < shape[2]; k += step[2]) {
        const values: (number | bigint)[] = [];
        for (let a = i; a < Math.min(shape[0], i + step[0]); a++)
          for (let b = j; b < Math.min(shape[1], j + step[1]); b++)
            for (let c = k; c < Math.min(shape[2], k + step[2]); c++)
              values.push(data[(a * shape[1] + b) * shape[2] + c] ?? 0);
        found.push(values);
      }
  return found;
}

describe("levels", () => {
  test("sections are halved until voxels are about as long as thick, then all, and never an axis of one voxel", () => {
    const levels = computedLevels(
      volumeInfo([100, 1001, 3], { resolution: [35, 4, 4], position: [7, 8, 9] }),
      6,
    );
    expect(levels.map(({ shape }) => shape)).toEqual([
      [100, 1001, 3],
      [100, 501, 2],
      [100, 251, 1],
      [100, 126, 1],
      [50, 63, 1],
      [25, 32, 1],
    ]);
    expect(levels.map(({ resolution }) => resolution)).toEqual([
      [35, 4, 4],
      [35, 8, 8],
      [35, 16, 16],
      [35, 32, 16],
      [70, 64, 16],
      [140, 128, 16],
    ]);
    expect(levels[5]).toMatchObject({ factor: [4, 32, 4], position: [7, 8, 9] });
  });

  test("the axis that is long is the stack's, wherever it lies in the volume", () => {
    const [, level] = computedLevels(
      volumeInfo([9, 9, 9], { resolution: [4, 4, 40], orientation: "xyz" }),
      2,
    );
    expect(level?.factor).toEqual([2, 2, 1]);
  });
});

describe("means", () => {
  test("trap 49: whole numbers are rounded, halves up, and their sums are exact", () => {
    const mean = (dataType: DataType, values: readonly (number | bigint)[]) =>
      meanVoxels(
        blockOf(dataType, [1, 1, values.length], values).data,
        dataType,
        [1, 1, values.length],
        [1, 1, 8],
      )[0];
    expect(mean("uint8", [1, 2])).toBe(2);
    expect(mean("uint8", [1, 1, 1, 2])).toBe(1);
    expect(mean("uint8", [254, 255])).toBe(255);
    expect(mean("uint16", [65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535])).toBe(65535);
    expect(mean("int8", [-1, -2])).toBe(-1);
    expect(mean("int16", [-3, -4, -4, -4])).toBe(-4);
    expect(mean("uint32", [4294967295, 4294967295, 4294967294])).toBe(4294967295);
    expect(mean("uint64", [18446744073709551615n, 18446744073709551614n])).toBe(18446744073709551615n);
    expect(mean("int64", [-1n, -2n])).toBe(-1n);
    expect(mean("int64", [-3n, -4n, -4n, -4n])).toBe(-4n);
    expect(mean("float32", [1, 2])).toBe(1.5);
    expect(mean("float64", [0.1, 0.3])).toBe((0.1 + 0.3) / 2);
  });

  test("trap 49: the last voxels of odd sizes are of what there is, for any type, shape and step", () => {
    fc.assert(
      fc.property(
        shapes,
        steps,
        fc.constantFrom(...dataTypes),
        fc.infiniteStream(fc.nat(100)),
        (shape, step, dataType, stream) => {
          const values = Array.from(
            { length: shape[0] * shape[1] * shape[2] },
            () => stream.next().value as number,
          );
          const { data } = blockOf(dataType, shape, values);
          const wanted = boxes(values, shape, step).map((box) => {
            const mean = box.reduce<number>((sum, value) => sum + Number(value), 0) / box.length;
            return dataType.startsWith("float") ? mean : Math.floor(mean + 0.5);
          });
          const means = blockOf(dataType, [1, 1, wanted.length], wanted).data;
          expect(meanVoxels(data, dataType, shape, step)).toEqual(means);
        },
      ),
    );
  });
});

describe("modes", () => {
  const labels = (values: readonly bigint[]) => BigUint64Array.from(values);

  test("the most frequent label stays, whole; background counts as any other", () => {
    const [a, b] = [2n ** 63n + 1n, 2n ** 63n + 2n];
    expect(modeVoxels(labels([a, b, b, 0n]), "uint64", [1, 2, 2], [2, 2, 2], "zyx")).toEqual(labels([b]));
    expect(modeVoxels(labels([0n, a, 0n, b]), "uint64", [1, 2, 2], [1, 2, 2], "zyx")).toEqual(labels([0n]));
    // The same low words, and the same high ones.
    expect(
      modeVoxels(labels([1n, 2n ** 32n + 1n, 2n ** 32n + 1n]), "uint64", [1, 1, 3], [1, 1, 3], "zyx"),
    ).toEqual(labels([2n ** 32n + 1n]));
  });

  test("trap 49: of labels that are as frequent it is the first in the order z, y, x, whatever order the volume has", () => {
    const values = [3, 1, 2, 4, 1, 2, 3, 4];
    const shape: Triple = [2, 2, 2];
    for (const orientation of axisOrders) {
      const transposed = new Uint16Array(8);
      values.forEach((value, i) => {
        const [a, b, c] = reorder([i >> 2, (i >> 1) & 1, i & 1], "zyx", orientation);
        transposed[4 * a + 2 * b + c] = value;
      });
      expect(modeVoxels(transposed, "uint16", shape, shape, orientation)).toEqual(Uint16Array.of(3));
    }
  });

  test("hold for any shape, step and type", () => {
    const types = fc.constantFrom<DataType>("uint8", "uint16", "int32", "uint32", "uint64", "int64");
    fc.assert(
      fc.property(shapes, steps, types, fc.infiniteStream(fc.nat(3)), (shape, step, dataType, stream) => {
        const values = Array.from(
          { length: shape[0] * shape[1] * shape[2] },
          () => stream.next().value as number,
        );
        const { data } = blockOf(dataType, shape, values);
        const wanted = boxes(values, shape, step).map((box) => {
          const times = (value: number | bigint) => box.filter((other) => other === value).length;
          return box.reduce((best, value) => (times(value) > times(best) ? value : best));
        });
        const modes = blockOf(dataType, [1, 1, wanted.length], wanted).data;
        expect(modeVoxels(data, dataType, shape, step, "zyx")).toEqual(modes);
      }),
    );
  });
});

describe("the files of levels", () => {
  test("hold what the whole volume would come to, whatever shapes they have", async () => {
    const cases = fc.record({
      shape: shapes,
      chunk: shapes,
      levelChunks: fc.array(shapes, { minLength: 2, maxLength: 2 }),
      isLabels: fc.boolean(),
      orientation: fc.constantFrom(...axisOrders),
      dataType: fc.constantFrom<DataType>("uint8", "uint16", "uint64"),
      stream: fc.infiniteStream(fc.nat(5)),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, chunk, levelChunks, stream, ...voxels }) => {
        const { dataType, isLabels, orientation } = voxels;
        const info = volumeInfo(shape, { ...voxels, resolution: [20, 4, 4] });
        const count = shape.some((length) => length > 2) ? 3 : shape.some((length) => length > 1) ? 2 : 1;
        const values = Array.from(
          { length: shape[0] * shape[1] * shape[2] },
          () => stream.next().value as number,
        );
        const { data } = blockOf(dataType, shape, values);
        const store = new MemoryStore();
        const format = rawFormat({ chunk, levelChunks });
        await exportVolume({ store, format, data, shape, info, levels: count });
        const levels = computedLevels(info, count);
        let finer: Voxels = data;
        for (let index = 1; index < count; index++) {
          const [before = firstLevel(info), level = before] = levels.slice(index - 1);
          const step = level.factor.map(
            (factor, axis) => factor / (before.factor[axis] ?? 1),
          ) as unknown as Triple;
          finer = isLabels
            ? modeVoxels(finer, dataType, before.shape, step, orientation)
            : meanVoxels(finer, dataType, before.shape, step);
          expect(await readLevel(store, format, info, levels, index)).toEqual(finer);
        }
      }),
      { numRuns: runs(37) },
    );
  });

  test("say after each file how far they are", async () => {
    const told: LevelProgress[] = [];
    const store = new MemoryStore();
    const format = rawFormat({ chunk: [4, 8, 8] });
    const data = new Uint8Array(8 * 32 * 32).fill(3);
    const onLevelProgress = (progress: LevelProgress) => void told.push(progress);
    await exportVolume({ store, format, data, shape: [8, 32, 32], levels: 3, onLevelProgress });
    // 2 × 2 × 2 files of 8 × 16 × 16 voxels, and 2 of 8 × 8 × 8.
    expect(told.map(({ files, of }) => [files, of])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, 10]),
    );
    expect(told.map(({ level }) => level)).toEqual([...Array(8).fill(1), 2, 2]);
    expect(told.at(-1)?.bytes).toBe(8 * 16 * 16 + 8 * 8 * 8);
  });

  test("are computed with a few files in memory at a time", async () => {
    let decoded = 0;
    let most = 0;
    const plain = rawFormat({ chunk: [4, 8, 8] });
    const format = {
      ...plain,
      layOut: (...given: Parameters<typeof plain.layOut>) => {
        const dataset = plain.layOut(...given);
        const levels = dataset.levels.map((level) => ({
          ...level,
          decode: async (...file: Parameters<typeof level.decode>) => {
            most = Math.max(most, ++decoded);
            const block = await level.decode(...file);
            decoded--;
            return block;
          },
        }));
        return { ...dataset, levels };
      },
    };
    const shape: Triple = [16, 64, 64];
    const data = new Uint8Array(16 * 64 * 64).fill(3);
    await exportVolume({ store: new MemoryStore(), format, data, shape, levels: 3 });
    expect(most).toBeLessThanOrEqual(4);
  });
});
