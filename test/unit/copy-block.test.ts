import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyTile, fillBox } from "../../src/assemble/copy-block.js";
import type { StridedVolume } from "../../src/assemble/strided-volume.js";
import { denseVolume } from "../../src/assemble/strided-volume.js";
import type { Triple } from "../../src/space/axis-order.js";
import { axisOrders, toOrder } from "../../src/space/axis-order.js";

const untouched = 7;
const fillValue = 255;

function pixelOf(row: number, column: number): number {
  return 10 + ((row * 31 + column * 17) % 200);
}

const kinds = [
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;

/** A section of a volume, some box in it, and a tile that covers the box from its top-left, perhaps not to its end. */
const copies = fc
  .record({
    kind: fc.constantFrom(...kinds),
    order: fc.constantFrom(...axisOrders),
    origin: fc
      .tuple(fc.integer(), fc.integer(), fc.integer())
      .map((at) => at.map((n) => n % 1000) as unknown as Triple),
    extent: fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
    ),
    tile: fc.record({ width: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 60 }) }),
    // Of the box in the volume, and of the tile's first pixel before the box.
    inset: fc.tuple(fc.nat(2), fc.nat(20), fc.nat(20)),
    before: fc.tuple(fc.nat(20), fc.nat(20)),
  })
  .map(({ kind, order, origin, extent, tile, inset, before }) => {
    const at = (axis: 0 | 1 | 2): number => origin[axis] + Math.min(inset[axis], extent[axis] - 1);
    const end = (axis: 1 | 2): number => origin[axis] + extent[axis];
    const box = { lower: [at(0), at(1), at(2)] as Triple, upper: [at(0) + 1, end(1), end(2)] as Triple };
    return { kind, order, origin, extent, tile, box, top: at(1) - before[0], left: at(2) - before[1] };
  });

function emptyVolume(
  extent: Triple,
  order: (typeof axisOrders)[number],
  lower: Triple,
  kind: (typeof kinds)[number] = Uint8Array,
): StridedVolume {
  const [z, y, x] = extent;
  const data = new kind(z * y * x).fill(untouched);
  return denseVolume(data, toOrder({ x, y, z }, order), order, lower);
}

function voxelAt({ data, offset, stride, lower }: StridedVolume, [z, y, x]: Triple): number | undefined {
  return data[offset + (z - lower[0]) * stride.z + (y - lower[1]) * stride.y + (x - lower[2]) * stride.x];
}

function* voxelsOf(lower: Triple, extent: Triple): Generator<Triple> {
  for (let z = lower[0]; z < lower[0] + extent[0]; z++)
    for (let y = lower[1]; y < lower[1] + extent[1]; y++)
      for (let x = lower[2]; x < lower[2] + extent[2]; x++) yield [z, y, x];
}

function isIn(
  [z, y, x]: Triple,
  { lower, upper }: { readonly lower: Triple; readonly upper: Triple },
): boolean {
  return z >= lower[0] && z < upper[0] && y >= lower[1] && y < upper[1] && x >= lower[2] && x < upper[2];
}

describe("copyTile", () => {
  test("property: puts the tile's pixels where they belong, fill where it ends early, and touches nothing else", () => {
    fc.assert(
      fc.property(copies, ({ kind, order, origin, extent, tile, box, top, left }) => {
        const { width, height } = tile;
        const data = Uint8Array.from({ length: width * height }, (_, i) =>
          pixelOf(Math.floor(i / width), i % width),
        );
        const volume = emptyVolume(extent, order, origin, kind);
        copyTile({ data, width, height }, top, left, box, volume, fillValue);
        for (const at of voxelsOf(origin, extent)) {
          const [row, column] = [at[1] - top, at[2] - left];
          const isOnTile = row < height && column < width;
          const wanted = isIn(at, box) ? (isOnTile ? pixelOf(row, column) : fillValue) : untouched;
          if (voxelAt(volume, at) !== wanted) expect([at, voxelAt(volume, at)]).toEqual([at, wanted]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a whole tile into a volume of its size is one copy, with nothing around it", () => {
    const data = Uint8Array.from({ length: 12 }, (_, i) => i + 20);
    const volume = emptyVolume([2, 3, 4], "zyx", [5, 0, 0]);
    copyTile({ data, width: 4, height: 3 }, 0, 0, { lower: [6, 0, 0], upper: [7, 3, 4] }, volume, fillValue);
    expect([...volume.data]).toEqual([...Array(12).fill(untouched), ...data]);
  });
});

describe("fillBox", () => {
  test("property: sets the voxels of the box and no others, whatever the strides", () => {
    fc.assert(
      fc.property(copies, ({ kind, order, origin, extent, box }) => {
        const volume = emptyVolume(extent, order, origin, kind);
        fillBox(box, volume, fillValue);
        for (const at of voxelsOf(origin, extent))
          if (voxelAt(volume, at) !== (isIn(at, box) ? fillValue : untouched))
            expect(at).toBe("as it should be");
      }),
      { numRuns: 200 },
    );
  });

  test("fills backwards too", () => {
    const data = new Uint8Array(10).fill(untouched);
    const volume = { data, offset: 7, stride: { x: -2, y: 99, z: 99 }, lower: [0, 0, 0] as Triple };
    fillBox({ lower: [0, 0, 0], upper: [1, 1, 3] }, volume, fillValue);
    expect([...data]).toEqual([7, 7, 7, 255, 7, 255, 7, 255, 7, 7]);
  });
});
