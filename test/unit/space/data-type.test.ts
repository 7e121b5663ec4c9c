import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { DataType } from "../../../src/space/data-type.js";
import {
  bytesPerVoxel,
  createVoxels,
  dataTypeOf,
  dataTypes,
  elementOf,
  holdersOf,
  holdsDataType,
  holdsValue,
  isBigInt,
  isFloating,
  isVoxelArray,
  rangeOf,
} from "../../../src/space/data-type.js";

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
};

test.each(Object.entries(arrays) as [DataType, (typeof arrays)[DataType]][])(
  "%s has its array",
  (type, array) => {
    const voxels = createVoxels(type, 3);
    expect(voxels).toEqual(new array(3));
    expect([dataTypeOf(voxels), isVoxelArray(voxels)]).toEqual([type, true]);
    expect(bytesPerVoxel(type)).toBe(array.BYTES_PER_ELEMENT);
    expect([isBigInt(type), isFloating(type)]).toEqual([type.endsWith("int64"), type.startsWith("float")]);
  },
);

test("there are no others", () => {
  expect([...dataTypes].sort()).toEqual(Object.keys(arrays).sort());
  expect(dataTypeOf(new Uint8ClampedArray(1))).toBe("uint8");
  for (const other of [
    undefined,
    null,
    5,
    "uint8",
    [],
    {},
    new ArrayBuffer(1),
    new DataView(new ArrayBuffer(1)),
  ])
    expect([dataTypeOf(other), isVoxelArray(other)]).toEqual([undefined, false]);
});

test("an array of another realm is as good", () => {
  const foreign: unknown = runInNewContext("new BigUint64Array(2)");
  expect(foreign).not.toBeInstanceOf(BigUint64Array);
  expect(dataTypeOf(foreign)).toBe("uint64");
});

describe("holdsDataType", () => {
  const holders: Readonly<Record<DataType, readonly DataType[]>> = {
    uint8: ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"],
    int8: ["int8", "int16", "int32", "float32", "float64"],
    uint16: ["uint16", "uint32", "int32", "float32", "float64"],
    int16: ["int16", "int32", "float32", "float64"],
    uint32: ["uint32", "float64"],
    int32: ["int32", "float64"],
    uint64: ["uint64"],
    int64: ["int64"],
    float32: ["float32", "float64"],
    float64: ["float64"],
  };

  test.each(dataTypes)("%s fits where all of its voxels stay what they are, and nowhere else", (held) => {
    expect(dataTypes.filter((holder) => holdsDataType(holder, held)).sort()).toEqual(
      [...holders[held]].sort(),
    );
    expect(holdersOf(held)[0]).toBe(held);
    expect([...holdersOf(held)].sort()).toEqual([...holders[held]].sort());
  });

  test.each(dataTypes.filter((type) => !isFloating(type) && !isBigInt(type)))(
    "what holds %s takes its least and its greatest value unchanged",
    (held) => {
      const bits = bytesPerVoxel(held) * 8;
      const extremes = held.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
      for (const holder of holdersOf(held)) {
        const voxels = createVoxels(holder, 2) as Float64Array;
        voxels.set(extremes);
        expect([...voxels]).toEqual(extremes);
        expect(extremes.every((value) => holdsValue(holder, value))).toBe(true);
      }
    },
  );
});

describe("holdsValue", () => {
  test.each<[DataType, readonly (number | bigint)[], readonly unknown[]]>([
    ["uint8", [0, 255], [-1, 256, 0.5, Number.NaN, 1n, "1", undefined, null]],
    ["int8", [-128, 127], [-129, 128, 1n]],
    ["uint16", [0, 65_535], [-1, 65_536]],
    ["int16", [-32_768, 32_767], [-32_769, 32_768]],
    ["uint32", [0, 4_294_967_295], [-1, 4_294_967_296]],
    ["int32", [-2_147_483_648, 2_147_483_647], [-2_147_483_649, 2_147_483_648]],
    [
      "uint64",
      [0, 0n, 2n ** 64n - 1n, Number.MAX_SAFE_INTEGER],
      [-1, -1n, 2n ** 64n, 2 ** 53, 0.5, Number.POSITIVE_INFINITY, Number.NaN, "1", true, null],
    ],
    [
      "int64",
      [-(2n ** 63n), 2n ** 63n - 1n, Number.MIN_SAFE_INTEGER, 0],
      [2n ** 63n, -(2n ** 63n) - 1n, 2 ** 60, -0.5],
    ],
    [
      "float32",
      [0, 0.5, -1.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 24],
      [0.1, 2 ** 24 + 1, 1e300, 1n, "1"],
    ],
    ["float64", [0.1, Number.NaN, Number.MAX_VALUE, -0], [1n, "1", undefined]],
  ])("%s", (type, held, refused) => {
    expect(held.filter((value) => !holdsValue(type, value))).toEqual([]);
    expect(refused.filter((value) => holdsValue(type, value))).toEqual([]);
    for (const value of held) {
      const voxels = createVoxels(type, 1);
      (voxels as Uint8Array)[0] = elementOf(type, value) as number;
      expect(voxels[0]).toBe(elementOf(type, value));
    }
  });

  test("messages say what there is", () => {
    expect(rangeOf("int16")).toBe("a whole number from -32768 to 32767");
    expect(rangeOf("uint64")).toContain("bigint");
    expect(rangeOf("float32")).toContain("exactly");
  });
});

test("elementOf is a bigint for 64 bits, and the value itself otherwise", () => {
  expect([
    elementOf("uint64", 5),
    elementOf("int64", -5n),
    elementOf("uint8", 5),
    elementOf("float32", 0.5),
  ]).toEqual([5n, -5n, 5, 0.5]);
});
