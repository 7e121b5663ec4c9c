import type { Triple } from "../space/axis-order.js";
import type { ScaledBox } from "../space/scaled-box.js";

/** Cuts a box (zyx) into boxes of at most `shape` voxels per axis, aligned to its first voxel; lazily, zyx order. */
export function* splitBox(box: ScaledBox, shape: Triple): Generator<ScaledBox> {
  const [z0, y0, x0] = box.lower;
  const [z1, y1, x1] = box.upper;
  for (let z = z0; z < z1; z += shape[0]) {
    for (let y = y0; y < y1; y += shape[1]) {
      for (let x = x0; x < x1; x += shape[2]) {
        yield {
          lower: [z, y, x],
          upper: [Math.min(z1, z + shape[0]), Math.min(y1, y + shape[1]), Math.min(x1, x + shape[2])],
        };
      }
    }
  }
}
