import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { transpose } from "../../../../workers/decode/axes/transpose.js";

const images = fc
  .record({ width: fc.integer({ min: 1, max: 150 }), height: fc.integer({ min: 1, max: 150 }) })
  .map(({ width, height }) => ({
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => i * 7),
  }));

test.prop([images])("pixel (x, y) goes to (y, x)", ({ width, height, data }) => {
  const turned = transpose(data, width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (turned[x * height + y] !== data[y * width + x]) expect.fail(`pixel ${x}, ${y} is wrong`);
    }
  }
});

test.prop([images])("twice is nothing", ({ width, height, data }) => {
  expect(transpose(transpose(data, width, height), height, width)).toEqual(data);
});
