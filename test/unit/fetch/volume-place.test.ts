import { expect, test } from "vitest";
import { volumePlace } from "../../../src/fetch/volume-place.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { Stack } from "../../../src/stack/stack.js";

const stackOf = (orientation: "xy" | "xz" | "zy"): ProjectStack =>
  new ProjectStack({
    dimension: { x: 1000, y: 1000, z: 1000 },
    resolution: { x: 4, y: 5, z: 40 },
    translation: { x: 100, y: 2000, z: 30_000 },
    orientation,
    downsampleFactors: [
      { x: 1, y: 1, z: 1 },
      { x: 2, y: 2, z: 1.5 },
    ],
  });

test.each([
  ["xy", ["z", "y", "x"], [30_000 + 10 * 40, 2000 + 20 * 5, 100 + 30 * 4]],
  // Stack y runs along project z, and z along y.
  ["xz", ["y", "z", "x"], [2000 + 10 * 40, 30_000 + 20 * 5, 100 + 30 * 4]],
  // Stack x runs along project z, and z along x.
  ["zy", ["x", "y", "z"], [100 + 10 * 40, 2000 + 20 * 5, 30_000 + 30 * 4]],
] as const)(
  "the corner of the first voxel of a stack that lies %s, along the volume's axes",
  (orientation, projectAxes, position) => {
    expect(volumePlace(stackOf(orientation), 0, "zyx", [10, 20, 30])).toEqual({
      orientation: "zyx",
      zoomLevel: 0,
      origin: [10, 20, 30],
      resolution: [40, 5, 4],
      projectAxes,
      position,
    });
  },
);

test("in another axis order, at another zoom level: of the corner, not of the centre", () => {
  expect(volumePlace(stackOf("xy"), 1, "xyz", [30, 20, 10])).toMatchObject({
    resolution: [8, 10, 60],
    position: [100 + 30 * 8, 2000 + 20 * 10, 30_000 + 10 * 60],
  });
});

test("a stack of no project has voxels of 1 nm at the origin", () => {
  const stack = new Stack({ dimension: { x: 10, y: 10, z: 10 } });
  expect(volumePlace(stack, 0, "yzx", [1, 2, 3])).toMatchObject({
    resolution: [1, 1, 1],
    position: [1, 2, 3],
  });
});
