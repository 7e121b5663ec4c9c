/** Reorders blocks whose file has its axes in another order than z, y, x. */

import type { Triple } from "../../../src/space/axis-order.js";
import { createVoxels, dataTypeOf, type Voxels } from "../../../src/space/data-type.js";

/** Voxels as integers of the same size. A voxel of 64 bits is two words, so that no bigint is made. */
type Words = Uint8Array | Uint16Array | Uint32Array;

/**
 * Copies a plane. Row i has `width` voxels and begins at `to + i * rowLength`. It takes every `step`th voxel from
 * `from + i`.
 */
type CopyPlane = (
  source: Words,
  target: Words,
  from: number,
  to: number,
  rows: number,
  width: number,
  rowLength: number,
  step: number,
) => void;

/**
 * The voxels of a file with x fastest, then y and z. If the file has this order already, the result is `data` itself.
 *
 * @param extent - Extent of the file, its fastest axis first.
 * @param axes - For z, y and x: the matching axis of the file, where 0 is the fastest.
 */
export function reorderAxes(data: Voxels, extent: Triple, axes: Triple): Voxels {
  const [z, y, x] = axes;
  if (x === 0 && y === 1) return data;
  const ordered = createVoxels(dataTypeOf(data) ?? "uint8", data.length);
  const [source, target] = [wordsOf(data), wordsOf(ordered)];
  const stride: Triple = [1, extent[0], extent[0] * extent[1]];
  const [depth, height, width] = [extent[z], extent[y], extent[x]] as [number, number, number];
  const [strideZ, strideY, strideX] = [stride[z], stride[y], stride[x]] as [number, number, number];
  if (x === 0) {
    copyRows(source, target, (source.length / data.length) * width, height, depth);
    return ordered;
  }
  const copyPlane = data.BYTES_PER_ELEMENT === 8 ? copyPlaneOfPairs : copyPlaneOfWords;
  const slice = width * height;
  // One plane after the other, each of x and the file's fastest axis: both sides then stay within few cache lines.
  if (z === 0) {
    for (let row = 0; row < height; row++)
      copyPlane(source, target, row * strideY, row * width, depth, width, slice, strideX);
  } else {
    for (let section = 0; section < depth; section++)
      copyPlane(source, target, section * strideZ, section * slice, height, width, width, strideX);
  }
  return ordered;
}

function wordsOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: Voxels): Words {
  if (BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** Copies whole rows when only y and z of the file change places. */
function copyRows(source: Words, target: Words, rowWords: number, height: number, depth: number): void {
  let to = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++, to += rowWords) {
      const from = rowWords * (z + depth * y);
      target.set(source.subarray(from, from + rowWords), to);
    }
  }
}

// Copies several rows at once, because their voxels are neighbours in the file. That is two to three times as fast as
// row by row. If fewer rows are left, the last one is copied again.

const copyPlaneOfWords: CopyPlane = (source, target, from, to, rows, width, rowLength, step) => {
  const last = rows - 1;
  for (let row = 0; row < rows; row += 4) {
    const [second, third, fourth] = [
      Math.min(row + 1, last) - row,
      Math.min(row + 2, last) - row,
      Math.min(row + 3, last) - row,
    ];
    const to1 = to + row * rowLength;
    const to2 = to1 + second * rowLength;
    const to3 = to1 + third * rowLength;
    const to4 = to1 + fourth * rowLength;
    for (let column = 0, at = from + row; column < width; column++, at += step) {
      target[to1 + column] = source[at] as number;
      target[to2 + column] = source[at + second] as number;
      target[to3 + column] = source[at + third] as number;
      target[to4 + column] = source[at + fourth] as number;
    }
  }
};

const copyPlaneOfPairs: CopyPlane = (source, target, from, to, rows, width, rowLength, step) => {
  for (let row = 0; row < rows; row += 2) {
    const second = Math.min(row + 1, rows - 1) - row;
    let to1 = 2 * (to + row * rowLength);
    let to2 = to1 + 2 * second * rowLength;
    let at1 = 2 * (from + row);
    let at2 = at1 + 2 * second;
    for (const end = to1 + 2 * width; to1 < end; to1 += 2, to2 += 2, at1 += 2 * step, at2 += 2 * step) {
      target[to1] = source[at1] as number;
      target[to1 + 1] = source[at1 + 1] as number;
      target[to2] = source[at2] as number;
      target[to2 + 1] = source[at2 + 1] as number;
    }
  }
};
