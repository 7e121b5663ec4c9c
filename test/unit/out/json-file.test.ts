import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { type Json, jsonText } from "../../../src/out/json-file.js";

test.prop([fc.jsonValue({ noUnicodeString: false })])("is JSON of the same value", (value) => {
  expect(JSON.parse(jsonText(value as Json))).toEqual(value);
});

it("prints whole numbers of any size with all their digits", () => {
  expect(jsonText({ id: 2n ** 64n - 1n, ids: [9007199254740993n, -(2n ** 63n)] })).toBe(
    '{\n  "id": 18446744073709551615,\n  "ids": [9007199254740993, -9223372036854775808]\n}\n',
  );
});

it("keeps the sign of zero", () => {
  expect(jsonText([-0, 0])).toBe("[-0.0, 0]\n");
  expect(Object.is(JSON.parse(jsonText(-0)), -0)).toBe(true);
});

it("leaves out what is undefined", () => {
  expect(JSON.parse(jsonText({ a: undefined, b: { c: undefined } }))).toEqual({ b: {} });
});

it("has no number that JSON has not", () => {
  expect(() => jsonText({ a: [Number.NaN] })).toThrow(RangeError);
  expect(() => jsonText(Number.POSITIVE_INFINITY)).toThrow(RangeError);
});
