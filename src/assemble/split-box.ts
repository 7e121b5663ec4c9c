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
  for (let z = z0, zEnd: number; z < z1; z = zEnd) {
    zEnd = Math.min(z1, lineAfter(0, z));
    for (let y = y0, yEnd: number; y < y1; y = yEnd) {
      yEnd = Math.min(y1, lineAfter(1, y));
      for (let x = x0, xEnd: number; x < x1; x = xEnd) {
        xEnd = Math.min(x1, lineAfter(2, x));
        yield { lower: [z, y, x], upper: [zEnd, yEnd, xEnd] };
      }
    }
  }
}
