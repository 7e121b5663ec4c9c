import fc from "fast-check";
import { expect, test } from "vitest";
import { greyOf, rgbToGrey, takeChannel } from "../../../workers/decode/to-channel.js";

test("equal components stay as they are", () => {
  for (let value = 0; value < 256; value++) expect(greyOf(value, value, value)).toBe(value);
  for (const value of [0, 1, 255, 256, 32_767, 32_768, 65_534, 65_535]) {
    expect(greyOf(value, value, value)).toBe(value);
  }
});

test("primaries as Pillow gives them", () => {
  expect([greyOf(255, 0, 0), greyOf(0, 255, 0), greyOf(0, 0, 255)]).toEqual([76, 150, 29]);
});

test("within half a level of the luma, and never beyond the largest value", () => {
  const component = fc.nat(65_535);
  fc.assert(
    fc.property(component, component, component, (red, green, blue) => {
      const grey = greyOf(red, green, blue);
      expect(Math.abs(grey - (0.299 * red + 0.587 * green + 0.114 * blue))).toBeLessThan(1.5);
      expect(grey).toBeLessThanOrEqual(65_535);
    }),
  );
});

test("pixels of three and of four samples, of 8 and of 16 bits", () => {
  const rgb = new Uint8Array([255, 0, 0, 1, 2, 3, 9, 9, 9]);
  const eight = new Uint8Array(3);
  rgbToGrey(rgb, 3, eight);
  expect([...eight]).toEqual([76, 2, 9]);
  const rgba = new Uint16Array([65_535, 0, 0, 7, 500, 500, 500, 7]);
  const sixteen = new Uint16Array(2);
  rgbToGrey(rgba, 4, sixteen);
  expect([...sixteen]).toEqual([19_595, 500]);
});

test("one of several samples of each pixel", () => {
  const taken = [0, 1].map((place) => {
    const target = new Uint8Array(2);
    takeChannel(new Uint8Array([10, 0, 20, 255]), 2, place, target);
    return [...target];
  });
  expect(taken).toEqual([
    [10, 20],
    [0, 255],
  ]);
});
