import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxRuns, runChunkShape } from "../../src/out/box-runs.js";
import { type ByteSink, MemoryByteSink } from "../../src/out/byte-sink.js";
import { NpyWriter } from "../../src/out/npy-writer.js";
import type { VolumeBox } from "../../src/out/volume-writer.js";
import type { Triple } from "../../src/space/axis-order.js";
import { blockOf, boxesOf, countingVolume } from "../support/volume-boxes.js";

/** Reads the `.npy` format from its description: magic, version, header length, a Python dictionary, data. */
function readNpy(file: Uint8Array): { header: string; dataStart: number; data: Uint8Array } {
  expect([...file.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const length = (file[8] ?? 0) + 256 * (file[9] ?? 0);
  const dataStart = 10 + length;
  return {
    header: new TextDecoder("latin1").decode(file.subarray(10, dataStart)),
    dataStart,
    data: file.subarray(dataStart),
  };
}

const extent = fc.integer({ min: 1, max: 7 });
const shapes: fc.Arbitrary<Triple> = fc.tuple(extent, extent, extent);

describe("NpyWriter", () => {
  it("puts any blocks, in any order, where NumPy expects their voxels", async () => {
    const cases = shapes.chain((shape) =>
      fc.record({ shape: fc.constant(shape), chunk: shapes, order: fc.array(fc.nat(), { maxLength: 400 }) }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, chunk, order }) => {
        const volume = countingVolume(shape);
        const sink = new MemoryByteSink();
        const writer = new NpyWriter(sink, shape);
        for (const box of boxesOf(shape, chunk, order)) await writer.write(box, blockOf(volume, shape, box));
        await writer.flush();
        const { header, data, dataStart } = readNpy(sink.bytes);
        expect(header.trimEnd()).toBe(
          `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`,
        );
        expect(header.endsWith(" \n") || header.endsWith("}\n")).toBe(true);
        expect(dataStart % 64).toBe(0);
        expect(data).toEqual(volume);
        expect(sink.bytes.length).toBe(writer.byteLength);
      }),
    );
  });

  it("asks for chunks that are one write each", async () => {
    const writes: number[] = [];
    const sink: ByteSink = {
      write: (position) => {
        writes.push(position);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    const shape: Triple = [6, 5, 4];
    const writer = new NpyWriter(sink, shape, { maxChunkBytes: 45 });
    expect(writer.chunkShape).toEqual([2, 5, 4]);
    const volume = countingVolume(shape);
    for (const box of boxesOf(shape, writer.chunkShape, []))
      await writer.write(box, blockOf(volume, shape, box));
    await writer.flush();
    expect(writes).toEqual([0, 128, 168, 208]);
  });

  it("does not call a file complete that lacks voxels", async () => {
    let closed = false;
    const sink: ByteSink = {
      write: () => Promise.resolve(),
      close: () => {
        closed = true;
        return Promise.resolve();
      },
    };
    const writer = new NpyWriter(sink, [2, 2, 2]);
    const box: VolumeBox = { lower: [0, 0, 0], upper: [1, 2, 2] };
    await writer.write(box, { data: new Uint8Array(4), shape: [1, 2, 2] });
    await expect(writer.flush()).rejects.toMatchObject({ code: "invalid-out", message: /4 left/ });
    expect(closed).toBe(false);
  });

  it("passes on what goes wrong in the sink", async () => {
    const full = new Error("no space left");
    const sink: ByteSink = { write: () => Promise.reject(full), close: () => Promise.resolve() };
    const writer = new NpyWriter(sink, [1, 1, 1]);
    const box: VolumeBox = { lower: [0, 0, 0], upper: [1, 1, 1] };
    await expect(writer.write(box, { data: new Uint8Array(1), shape: [1, 1, 1] })).rejects.toBe(full);
  });

  it.each([
    [0, 2, 3],
    [1.5, 2, 3],
    [1, Number.NaN, 3],
  ])("refuses the shape %f × %f × %f", (...shape) => {
    expect(() => new NpyWriter(new MemoryByteSink(), shape)).toThrow(/three whole numbers above 0/);
  });
});

describe("boxRuns", () => {
  it("covers a box once, with as few runs as there can be", () => {
    const boxes = shapes.chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        ...([0, 1, 2] as const).map((axis) => fc.tuple(fc.nat(shape[axis] - 1), extent)),
      ),
    );
    fc.assert(
      fc.property(boxes, ([shape, ...sides]) => {
        const lower = sides.map(([first]) => first) as unknown as Triple;
        const upper = sides.map(([first, size], axis) =>
          Math.min(first + size, shape[axis] ?? 0),
        ) as unknown as Triple;
        const inside = new Set<number>();
        for (let i = lower[0]; i < upper[0]; i++)
          for (let j = lower[1]; j < upper[1]; j++)
            for (let k = lower[2]; k < upper[2]; k++) inside.add((i * shape[1] + j) * shape[2] + k);
        const covered: number[] = [];
        const gaps: number[] = [];
        let expectedFrom = 0;
        for (const { position, from, length } of boxRuns(shape, { lower, upper })) {
          expect(from).toBe(expectedFrom);
          expectedFrom += length;
          for (let i = 0; i < length; i++) covered.push(position + i);
          gaps.push(position);
        }
        expect(new Set(covered)).toEqual(inside);
        expect(covered).toHaveLength(inside.size);
        const starts = [...inside].filter((index) => !inside.has(index - 1));
        // Rows that happen to touch may stay apart; nothing else may.
        expect(gaps.length).toBeLessThanOrEqual((upper[0] - lower[0]) * (upper[1] - lower[1]));
        expect(gaps.length).toBeGreaterThanOrEqual(starts.length);
        if (upper[2] - lower[2] < shape[2] || upper[0] - lower[0] === 1)
          expect(gaps).toHaveLength(starts.length);
      }),
    );
  });

  it("chooses chunks within the limit that end at the volume's own sides", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 400 }), (shape, limit) => {
        const chunk = runChunkShape(shape, limit);
        expect(chunk[0] * chunk[1] * chunk[2]).toBeLessThanOrEqual(limit);
        chunk.forEach((size, axis) => {
          expect(size).toBeGreaterThan(0);
          expect(size).toBeLessThanOrEqual(shape[axis] ?? 0);
        });
        if (chunk[1] < shape[1]) expect(chunk[0]).toBe(1);
        if (chunk[2] < shape[2]) expect(chunk[1]).toBe(1);
      }),
    );
  });
});
