import type { Triple } from "../space/axis-order.js";
import type { ScaledBox } from "../space/scaled-box.js";

/**
 * Cuts a box at the lines of a grid; lazily, the last axis first.
 *
 * @param shape - Distance of the lines, per axis.
 * @param first - Where a line of each axis lies. Default: at the box's first voxel.
 */
export function* splitBox(box: ScaledBox, shape: Triple, first: Triple = box.lower): Generator<ScaledBox> {
  const [z0, y0, x0] = box.lower;
  const [z1, y1, x1] = box.upper;
  const lineAfter = (axis: 0 | 1 | 2, voxel: number): number =>
    first[axis] + (Math.floor((voxel - first[axis]) / shape[axis]) + 1) * shape[axis];
  for (let z = z0, zEnd = lineAfter(0, z0); z < z1; z = zEnd, zEnd += shape[0]) {
    for (let y = y0, yEnd = lineAfter(1, y0); y < y1; y = yEnd, yEnd += shape[1]) {
      for (let x = x0, xEnd = lineAfter(2, x0); x < x1; x = xEnd, xEnd += shape[2]) {
        yield { lower: [z, y, x], upper: [Math.min(z1, zEnd), Math.min(y1, yEnd), Math.min(x1, xEnd)] };
      }
    }
  }
}
