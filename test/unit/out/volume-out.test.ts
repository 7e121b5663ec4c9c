import { describe, expect, test } from "vitest";
import { newMemory, resolveOut } from "../../../src/out/volume-out.js";
import type { DataType } from "../../../src/space/data-type.js";
import { createVoxels, dataTypes, holdsDataType } from "../../../src/space/data-type.js";

const shape = [2, 3, 4] as const;
const refusal = (...words: string[]) =>
  expect.objectContaining({
    name: "InvalidOutError",
    code: "invalid-out",
    message: expect.stringMatching(new RegExp(words.join(".*"))),
  });
// What a caller without types may pass.
const resolve = (out: unknown, dataType: DataType = "uint8") => resolveOut(out as undefined, shape, dataType);

describe("nothing", () => {
  test("is a new array in C order", () => {
    expect(resolve(undefined)).toEqual({ kind: "new" });
    expect(newMemory(shape, "uint8")).toEqual({
      data: new Uint8Array(24),
      offset: 0,
      stride: [12, 4, 1],
    });
  });

  test("is refused where the region is too large for one array, with a way out", () => {
    expect(() => newMemory([2 ** 20, 2 ** 20, 2 ** 20], "uint8")).toThrow(refusal("1048576", "VolumeWriter"));
  });
});

describe("a typed array", () => {
  test.each([
    new Uint8Array(24),
    new Uint8ClampedArray(24),
    new Uint8Array(new ArrayBuffer(64), 8, 24),
    new Uint16Array(24),
    new Int16Array(24),
    new Uint32Array(24),
    new Int32Array(24),
    new Float32Array(24),
    new Float64Array(24),
  ])("of the right length is taken as it is (%#)", (out) => {
    const resolved = resolve(out);
    expect(resolved).toMatchObject({ kind: "memory", offset: 0, stride: [12, 4, 1] });
    expect(resolved.kind === "memory" && resolved.data).toBe(out);
    const strided = resolve({ data: out, shape, stride: [12, 4, 1] });
    expect(strided.kind === "memory" && strided.data).toBe(out);
  });

  test.each([23, 25, 0])("of length %i is refused", (length) => {
    expect(() => resolve(new Uint8Array(length))).toThrow(
      refusal(`out has ${length} elements`, "24 voxels", "2 × 3 × 4"),
    );
  });

  test.each([new Int8Array(24), new BigInt64Array(24), new BigUint64Array(24)])(
    "that does not hold the voxels is refused, with those that do (%#)",
    (out) => {
      const name = out.constructor.name;
      expect(() => resolve(out)).toThrow(
        refusal(`out is a ${name}`, "uint8 voxels", "uint8, uint16, .*float64"),
      );
      expect(() => resolve({ data: out, shape, stride: [12, 4, 1] })).toThrow(
        refusal(`out\\.data is a ${name}`, "uint8 voxels"),
      );
    },
  );

  test.each([Array(24).fill(0), new ArrayBuffer(24), new DataView(new ArrayBuffer(24))])(
    "that is none is refused (%#)",
    (out) => {
      expect(() => resolve(out)).toThrow(refusal("out must be a typed array", "got \\w+"));
      expect(() => resolve({ data: out, shape, stride: [12, 4, 1] })).toThrow(
        refusal("out\\.data must be a typed array", "got \\w+"),
      );
    },
  );

  test("of another realm is as good", () => {
    const foreign = new Uint8Array(24);
    Object.setPrototypeOf(foreign, Object.create(Uint8Array.prototype) as object);
    expect(resolve(foreign)).toMatchObject({ kind: "memory" });
  });
});

describe("voxels of another data type", () => {
  test.each(dataTypes)(
    "%s: nothing is a new array of them, and only what holds them is taken",
    (dataType) => {
      expect(newMemory(shape, dataType).data).toEqual(createVoxels(dataType, 24));
      for (const given of dataTypes) {
        const out = createVoxels(given, 24);
        const take = () => resolve(out, dataType);
        const strided = () => resolve({ data: out, shape, stride: [12, 4, 1] }, dataType);
        if (holdsDataType(given, dataType))
          expect([take(), strided()]).toMatchObject([{ data: out }, { data: out }]);
        else for (const refused of [take, strided]) expect(refused).toThrow(refusal(`${dataType} voxels`));
      }
    },
  );

  test("clamped bytes hold bytes, and no more", () => {
    expect(resolve(new Uint8ClampedArray(24))).toMatchObject({ kind: "memory" });
    for (const dataType of ["int8", "uint16", "uint64"] as const)
      expect(() => resolve(new Uint8ClampedArray(24), dataType)).toThrow(refusal("Uint8ClampedArray"));
  });
});

describe.each([null, 5, "out", true, {}, () => {}])("%j", (out) => {
  test("is refused", () => {
    expect(() => resolve(out)).toThrow(refusal("out must be a typed array", "VolumeWriter"));
  });
});

describe("an array with strides", () => {
  const data = new Uint8Array(100);

  test("is taken with its offset", () => {
    const out = { data, shape: [2, 3, 4], stride: [1, 2, 8], offset: 5 };
    expect(resolve(out)).toEqual({ kind: "memory", data, stride: [1, 2, 8], offset: 5 });
  });

  test("may hold its shape and strides in typed arrays, and needs no offset", () => {
    const out = { data, shape: Uint32Array.of(2, 3, 4), stride: Int32Array.of(12, 4, 1) };
    expect(resolve(out)).toEqual({ kind: "memory", data, stride: [12, 4, 1], offset: 0 });
  });

  test("may go backwards", () => {
    const out = { data, shape, stride: [-12, 4, -1], offset: 15 };
    expect(resolve(out)).toMatchObject({ stride: [-12, 4, -1], offset: 15 });
  });

  test("may have any stride along an axis of one voxel", () => {
    for (const stride of [
      [0, 12345, 1],
      [1, 1, 1],
      [2, -1, -1],
    ]) {
      expect(resolveOut({ data, shape: [1, 1, 4], stride, offset: 3 }, [1, 1, 4], "uint8")).toMatchObject({
        kind: "memory",
      });
    }
  });

  test("may have gaps, and its axes in any order, so long as no element is used twice", () => {
    for (const stride of [
      [12, 4, 1],
      [1, 2, 6],
      [40, 1, 3],
      [-7, 2, 14],
    ]) {
      expect(resolve({ data, shape, stride, offset: 7 })).toMatchObject({ kind: "memory", stride });
    }
  });

  test.each([
    ["another shape", { data, shape: [4, 3, 2], stride: [6, 2, 1] }, "out.shape is 4 × 3 × 2", "2 × 3 × 4"],
    ["too few axes", { data, shape: [24], stride: [1] }, "out.shape must have three entries", "24"],
    ["too many strides", { data, shape, stride: [12, 4, 1, 1] }, "out.stride must have three entries", "12"],
    ["no shape", { data, stride: [12, 4, 1] }, "out.shape must have three entries", ""],
    ["a stride of 0", { data, shape, stride: [12, 0, 1] }, "out.stride must not be 0", ""],
    ["equal strides", { data, shape, stride: [1, 1, 1] }, "out.stride must keep the voxels apart", "1, 1, 1"],
    ["rows that overlap", { data, shape, stride: [12, 3, 1] }, "out.stride must keep", "12, 3, 1"],
    [
      "sections that overlap",
      { data, shape, stride: [-11, 4, 1], offset: 11 },
      "out.stride must keep",
      "-11",
    ],
    ["columns that overlap", { data, shape, stride: [1, 2, 5] }, "out.stride must keep", "2 × 3 × 4"],
    ["a fractional stride", { data, shape, stride: [12, 4, 0.5] }, "whole numbers", "0.5"],
    ["a stride of NaN", { data, shape, stride: [12, 4, Number.NaN] }, "whole numbers", "NaN"],
    ["a fractional offset", { data, shape, stride: [12, 4, 1], offset: 0.5 }, "whole numbers", "0.5"],
    [
      "too little data",
      { data: new Uint8Array(23), shape, stride: [12, 4, 1] },
      "from element 0 to 23",
      "23 elements",
    ],
    [
      "a reach before its start",
      { data, shape, stride: [-12, 4, 1], offset: 11 },
      "from element -1 to",
      "100 elements",
    ],
    ["a reach past its end", { data, shape, stride: [12, 4, 1], offset: 77 }, "to 100", "100 elements"],
    [
      "data of another type",
      { data: new Int8Array(24), shape, stride: [12, 4, 1] },
      "out.data is a Int8Array",
      "uint8 voxels",
    ],
    ["data that is none", { data: null, shape, stride: [12, 4, 1] }, "out.data must be", "null"],
  ])("with %s is refused", (_what, out, first, second) => {
    expect(() => resolve(out)).toThrow(refusal(first.replaceAll(".", "\\."), second));
  });
});

describe("a numjs array, which has its array with strides as selection", () => {
  /** What numjs makes of an ndarray: the rest are getters of its own. */
  class NdArray {
    readonly selection: object | undefined;
    constructor(selection: object | undefined) {
      this.selection = selection;
    }
    get shape(): unknown {
      return (this.selection as { shape?: unknown }).shape;
    }
    get strides(): unknown {
      return (this.selection as { stride?: unknown }).stride;
    }
  }

  const data = new Uint8Array(100);

  test.each([
    ["in C order", { stride: [12, 4, 1], offset: 0 }],
    ["transposed", { stride: [1, 2, 6], offset: 0 }],
    ["a slice that goes backwards", { stride: [-12, -4, 1], offset: 40 }],
  ])("is taken: %s", (_what, strides) => {
    expect(resolve(new NdArray({ data, shape: [2, 3, 4], ...strides }))).toEqual({
      kind: "memory",
      data,
      ...strides,
    });
  });

  test.each([
    ["of another shape", { data, shape: [4, 3, 2], stride: [6, 2, 1], offset: 0 }, "out.shape is 4 × 3 × 2"],
    ["that begins too late", { data, shape, stride: [12, 4, 1], offset: 77 }, "100 elements"],
    ["whose voxels overlap", { data, shape, stride: [-11, 4, 1], offset: 11 }, "out.stride must keep"],
    [
      "without a dtype",
      { data: Array(24).fill(0), shape, stride: [12, 4, 1], offset: 0 },
      'Array: .* dtype such as "uint8"',
    ],
    ["of nothing", undefined, "out must be"],
    ["of something else", { length: 24 }, "out must be"],
  ])("is refused: one %s", (_what, selection, words) => {
    expect(() => resolve(new NdArray(selection))).toThrow(refusal(words));
  });
});

describe("a writer", () => {
  const write = (): void => {};

  test("is taken with its chunks", () => {
    const writer = { write, shape, chunkShape: [1, 2, 2] as const };
    expect(resolve(writer)).toEqual({ kind: "writer", writer, chunkShape: [1, 2, 2], concurrency: 1 });
    expect(resolve({ write, concurrency: 3 })).toMatchObject({
      kind: "writer",
      chunkShape: undefined,
      concurrency: 3,
    });
  });

  test("that has data as well is still a writer", () => {
    expect(resolve({ write, data: new Uint8Array(3) })).toMatchObject({ kind: "writer" });
  });

  test("of another shape is refused", () => {
    expect(() => resolve({ write, shape: [2, 3, 5] })).toThrow(refusal("writer is 2 × 3 × 5", "2 × 3 × 4"));
    expect(() => resolve({ write, shape: [6, 4] })).toThrow(refusal("three entries"));
  });

  test.each([[[0, 1, 1]], [[1, 1]], [[1, 1, 1, 1]], [[1, 1.5, 1]], [[-1, 1, 1]], [["1", "1", "1"]]])(
    "with chunks of %j is refused",
    (chunkShape) => {
      expect(() => resolve({ write, chunkShape })).toThrow(refusal("chunkShape must be three whole numbers"));
    },
  );

  test.each([null, 5, "1,1,1"])("with chunks that are no shape (%j) is refused", (chunkShape) => {
    expect(() => resolve({ write, chunkShape })).toThrow(refusal("chunkShape must be three whole numbers"));
  });

  test.each([0, 1.5, -1, "2", null])("with a concurrency of %j is refused", (concurrency) => {
    expect(() => resolve({ write, concurrency })).toThrow(refusal("concurrency must be a whole number"));
  });

  test.each(["begin", "has", "flush", "abort"])("whose %s is no function is refused", (name) => {
    expect(() => resolve({ write, [name]: 5 })).toThrow(
      refusal(`${name} of the out writer must be a function`),
    );
    expect(resolve({ write, [name]: write })).toMatchObject({ kind: "writer" });
  });
});
