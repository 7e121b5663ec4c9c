import { expect, test } from "vitest";
import type { Triple } from "../../../../src/space/axis-order.js";
import { createVoxels, type DataType, dataTypes, type Voxels } from "../../../../src/space/data-type.js";
import { reorderAxes } from "../../../../workers/decode/axes/reorder-axes.js";

const orders: readonly Triple[] = [
  [2, 1, 0],
  [1, 2, 0],
  [2, 0, 1],
  [0, 2, 1],
  [1, 0, 2],
  [0, 1, 2],
];

// More and fewer than the rows that are copied at once, in all remainders; blocks of one voxel, one row, one plane.
const extents: readonly Triple[] = [
  [1, 1, 1],
  [5, 1, 1],
  [1, 6, 1],
  [1, 1, 7],
  [2, 3, 1],
  [1, 3, 5],
  [6, 1, 3],
  [7, 5, 3],
  [3, 8, 6],
  [4, 9, 2],
  [9, 4, 70],
];

/** Any bits: of floating-point types also NaNs that differ, of 64 bits more than a number holds. */
function anyVoxels(dataType: DataType, length: number): Voxels {
  const voxels = createVoxels(dataType, length);
  const bytes = new Uint8Array(voxels.buffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.imul(i + 1, 0x9e3779b1) >>> 24;
  for (let i = 0; dataType.startsWith("float") && i < bytes.length; i += 3 * voxels.BYTES_PER_ELEMENT)
    bytes.fill(0xff, i + 1, i + voxels.BYTES_PER_ELEMENT);
  return voxels;
}

function bytesOfVoxel(voxels: Voxels, at: number): string {
  const size = voxels.BYTES_PER_ELEMENT;
  return new Uint8Array(voxels.buffer, at * size, size).join();
}

for (const dataType of dataTypes) {
  test(`${dataType}: in all six orders each voxel is the one that lies there in the file, bit by bit`, () => {
    for (const extent of extents) {
      const data = anyVoxels(dataType, extent[0] * extent[1] * extent[2]);
      for (const axes of orders) {
        const ordered = reorderAxes(data, extent, axes);
        const [depth, height, width] = axes.map((axis) => extent[axis] as number) as [number, number, number];
        const found: string[] = [];
        const expected: string[] = [];
        for (let z = 0; z < depth; z++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) {
              const place = [0, 0, 0];
              for (const [i, axis] of axes.entries()) place[axis] = [z, y, x][i] as number;
              const [a, b, c] = place as [number, number, number];
              expected.push(bytesOfVoxel(data, a + extent[0] * (b + extent[1] * c)));
              found.push(bytesOfVoxel(ordered, x + width * (y + height * z)));
            }
        expect(found, `${extent} as ${axes}`).toEqual(expected);
        expect(ordered.constructor).toBe(data.constructor);
        expect(ordered.buffer.byteLength).toBe(data.byteLength);
      }
    }
  });
}

test("a file that has the order already is not copied", () => {
  const data = anyVoxels("uint16", 60);
  expect(reorderAxes(data, [3, 4, 5], [2, 1, 0])).toBe(data);
});

test("voxels that begin within a buffer are reordered from there", () => {
  for (const dataType of dataTypes) {
    const all = anyVoxels(dataType, 24 + 5);
    const part = all.subarray(5) as Voxels;
    const copy = part.slice() as Voxels;
    for (const axes of orders)
      expect(reorderAxes(part, [2, 3, 4], axes)).toEqual(reorderAxes(copy, [2, 3, 4], axes));
  }
});
