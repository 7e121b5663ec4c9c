/** Blocks whose file has its axes in another order than z, y, x. */

import type { Triple } from "../../src/space/axis-order.js";
import { createVoxels, dataTypeOf, type Voxels } from "../../src/space/data-type.js";

// Walked through in squares of this side, so that what is read and what is written stay in the first-level cache.
const squareSide = 32;

/**
 * The voxels of a file with x fastest, then y and z.
 *
 * @param extent - Of the file: along its fastest axis first.
 * @param axes - Which axis of the file, from 0, which is the fastest, each of z, y and x is.
 */
export function reorderAxes(data: Voxels, extent: Triple, axes: Triple): Voxels {
  const [z, y, x] = axes;
  if (x === 0 && y === 1 && z === 2) return data;
  const stride: Triple = [1, extent[0], extent[0] * extent[1]];
  const [depth, height, width] = [extent[z], extent[y], extent[x]] as [number, number, number];
  const [strideZ, strideY, strideX] = [stride[z], stride[y], stride[x]] as [number, number, number];
  const ordered = createVoxels(dataTypeOf(data) ?? "uint8", data.length);
  // For the compiler all arrays are of bytes: nothing here looks at what they hold.
  const [source, target] = [data as Uint8Array, ordered as Uint8Array];
  // The file's fastest axis is walked inside, with x, so that neither side jumps from line to line.
  const innerIsZ = z === 0;
  const [outer, inner] = innerIsZ ? [height, depth] : [depth, height];
  const [outerFrom, innerFrom] = innerIsZ ? [strideY, strideZ] : [strideZ, strideY];
  const [outerTo, innerTo] = innerIsZ ? [width, width * height] : [width * height, width];
  for (let o = 0; o < outer; o++) {
    for (let top = 0; top < inner; top += squareSide) {
      const bottom = Math.min(top + squareSide, inner);
      for (let left = 0; left < width; left += squareSide) {
        const right = Math.min(left + squareSide, width);
        for (let i = top; i < bottom; i++) {
          let from = o * outerFrom + i * innerFrom + left * strideX;
          let to = o * outerTo + i * innerTo + left;
          for (let column = left; column < right; column++, from += strideX) {
            target[to++] = source[from] as number;
          }
        }
      }
    }
  }
  return ordered;
}
