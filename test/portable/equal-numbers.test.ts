import { expect, test } from "vitest";

test.each<[string, unknown, unknown]>([
  ["a voxel", Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4)],
  ["a voxel of eight bytes", BigUint64Array.of(1n, 2n), BigUint64Array.of(1n, 3n)],
  ["the number of voxels", Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2)],
  ["the data type", Uint8Array.of(1, 0), Uint16Array.of(1, 0)],
  ["the data type of the same bytes", Uint8Array.of(1, 0), Int8Array.of(1, 0)],
  ["the sign of zero", [0], [-0]],
  ["a number in a list", [1, 2, 3], [1, 2, 4]],
  [
    "an array among others",
    { shape: [1, 2], data: Uint8Array.of(1) },
    { shape: [1, 2], data: Uint8Array.of(2) },
  ],
  ["what is no number", [1, "2"], [1, 2]],
])("arrays that differ in %s are not equal", (_, one, other) => {
  expect(() => expect(one).toEqual(other)).toThrow(/to deeply equal/);
  expect(one).not.toEqual(other);
  expect(one).toEqual(structuredClone(one));
});

test("a hole is not what is undefined, where it matters", () => {
  const sparse = new Array<number>(2);
  sparse[0] = 1;
  expect([1, undefined]).toEqual(sparse);
  expect([1, undefined]).not.toStrictEqual(sparse);
});
