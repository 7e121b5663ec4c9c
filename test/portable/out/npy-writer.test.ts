import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxRuns } from "../../../src/out/flat/box-runs.js";
import { NpyWriter } from "../../../src/out/flat/npy-writer.js";
import { type ByteSink, MemoryByteSink } from "../../../src/out/sink/byte-sink.js";
import type { VolumeBox } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { DataType } from "../../../src/space/data-type.js";
import { dataTypes } from "../../../src/space/data-type.js";
import { blockOf } from "../../support/blocks/blocks.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { boxesOf, countingVolume, blockOf as voxelsOf } from "../../support/model/volume-boxes.js";

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

// As NumPy's documentation has them.
const numpyNames: Readonly<Record<DataType, string>> = {
  uint8: "|u1",
  int8: "|i1",
  uint16: "<u2",
  int16: "<i2",
  uint32: "<u4",
  int32: "<i4",
  uint64: "<u8",
  int64: "<i8",
  float32: "<f4",
  float64: "<f8",
};

/** Values of a data type, of bytes: some negative where it has a sign, and beyond a byte where it has more. */
function signed(dataType: DataType, bytes: Uint8Array): number[] {
  const most = { uint8: 1, int8: 1, uint16: 257, int16: 250, uint64: 2 ** 40, int64: 2 ** 40 } as Record<
    string,
    number
  >;
  const factor = most[dataType] ?? 65_537;
  if (dataType.startsWith("uint")) return [...bytes].map((byte) => byte * factor);
  return [...bytes].map((byte) => (byte - 128) * factor);
}

function read(view: DataView, dataType: DataType, at: number): number {
  switch (dataType) {
    case "uint8":
      return view.getUint8(at);
    case "int8":
      return view.getInt8(at);
    case "uint16":
      return view.getUint16(at, true);
    case "int16":
      return view.getInt16(at, true);
    case "uint32":
      return view.getUint32(at, true);
    case "int32":
      return view.getInt32(at, true);
    case "uint64":
      return Number(view.getBigUint64(at, true));
    case "int64":
      return Number(view.getBigInt64(at, true));
    case "float32":
      return view.getFloat32(at, true);
    case "float64":
      return view.getFloat64(at, true);
  }
}

const extent = fc.integer({ min: 1, max: 7 });
const shapes: fc.Arbitrary<Triple> = fc.tuple(extent, extent, extent);

describe("NpyWriter", () => {
  it("trap 43: puts any blocks, of any data type, in any order, where NumPy expects their voxels", async () => {
    const cases = fc.tuple(shapes, fc.constantFrom(...dataTypes)).chain(([shape, dataType]) =>
      fc.record({
        shape: fc.constant(shape),
        dataType: fc.constant(dataType),
        chunk: shapes,
        order: fc.array(fc.nat(), { maxLength: 400 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, dataType, chunk, order }) => {
        const volume = countingVolume(shape);
        const sink = new MemoryByteSink();
        const writer = new NpyWriter(sink);
        await writer.begin(volumeInfo(shape, { dataType }));
        for (const box of boxesOf(shape, chunk, order)) {
          const { data, shape: extent } = voxelsOf(volume, shape, box);
          await writer.write(box, blockOf(dataType, extent, signed(dataType, data)));
        }
        await writer.flush();
        const { header, data, dataStart } = readNpy(sink.bytes);
        expect(header.trimEnd()).toBe(
          `{'descr': '${numpyNames[dataType]}', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`,
        );
        expect(header.endsWith(" \n") || header.endsWith("}\n")).toBe(true);
        expect(dataStart % 64).toBe(0);
        const expected = signed(dataType, volume);
        const view = new DataView(data.slice().buffer);
        const size = data.length / volume.length;
        expect(expected.map((_, i) => read(view, dataType, i * size))).toEqual(expected);
      }),
    );
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
    const writer = new NpyWriter(sink);
    await writer.begin(volumeInfo([2, 2, 2]));
    const box: VolumeBox = { lower: [0, 0, 0], upper: [1, 2, 2] };
    await writer.write(box, { data: new Uint8Array(4), shape: [1, 2, 2] });
    await expect(writer.flush()).rejects.toMatchObject({ code: "invalid-out", message: /4 left/ });
    expect(closed).toBe(false);
  });

  it("passes on what goes wrong in the sink", async () => {
    const full = new Error("no space left");
    let isFull = false;
    const sink: ByteSink = {
      write: () => (isFull ? Promise.reject(full) : Promise.resolve()),
      close: () => Promise.resolve(),
    };
    const writer = new NpyWriter(sink);
    await writer.begin(volumeInfo([1, 1, 1]));
    const box: VolumeBox = { lower: [0, 0, 0], upper: [1, 1, 1] };
    isFull = true;
    await expect(writer.write(box, { data: new Uint8Array(1), shape: [1, 1, 1] })).rejects.toBe(full);
  });

  it("is for one volume, which it has to be told of", async () => {
    const writer = new NpyWriter(new MemoryByteSink());
    const box: VolumeBox = { lower: [0, 0, 0], upper: [1, 1, 1] };
    const block = { data: new Uint8Array(1), shape: [1, 1, 1] as const };
    await expect(writer.write(box, block)).rejects.toMatchObject({ code: "invalid-out" });
    await writer.begin(volumeInfo([1, 1, 1]));
    await expect(writer.begin(volumeInfo([1, 1, 1]))).rejects.toMatchObject({ code: "invalid-out" });
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
});
