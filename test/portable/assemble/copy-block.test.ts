import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyBlock, fillBox } from "../../../src/assemble/copy-block.js";
import type { StridedVolume } from "../../../src/assemble/strided-volume.js";
import { denseVolume } from "../../../src/assemble/strided-volume.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { axisOrders, toOrder } from "../../../src/space/axis-order.js";
import type { Block } from "../../../src/space/block.js";
import type { DataType } from "../../../src/space/data-type.js";
import { dataTypes, elementOf, holdersOf } from "../../../src/space/data-type.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import { blockOf } from "../../support/blocks/blocks.js";
import { runs } from "../../support/thorough.js";

const untouched = 7;
const fillValue = 101;

/** The voxel of a block, of every data type. */
function voxelOf(z: number, y: number, x: number): number {
  return 10 + ((z * 53 + y * 31 + x * 17) % 90);
}

/** A volume, some box in it, and a block that covers the box from its first voxel, perhaps not to its end. */
const copies = (source: DataType, depth: fc.Arbitrary<number>) =>
  fc
    .record({
      // Which of the data types that hold the source's the volume is of.
      holder: fc.nat(),
      order: fc.constantFrom(...axisOrders),
      origin: fc
        .tuple(fc.integer(), fc.integer(), fc.integer())
        .map((at) => at.map((n) => n % 1000) as unknown as Triple),
      extent: fc.tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
      ),
      shape: fc.tuple(depth, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })),
      // Of the box in the volume, and of the block's first voxel before the box.
      inset: fc.tuple(fc.nat(2), fc.nat(20), fc.nat(20)),
      before: fc.tuple(fc.nat(3), fc.nat(20), fc.nat(20)),
    })
    .map(({ holder, order, origin, extent, shape, inset, before }) => {
      const at = (axis: 0 | 1 | 2): number => origin[axis] + Math.min(inset[axis], extent[axis] - 1);
      const end = (axis: 0 | 1 | 2): number => origin[axis] + extent[axis];
      const box: ScaledBox = { lower: [at(0), at(1), at(2)], upper: [end(0), end(1), end(2)] };
      const first: Triple = [at(0) - before[0], at(1) - before[1], at(2) - before[2]];
      const holders = holdersOf(source);
      return {
        target: holders[holder % holders.length] ?? source,
        order,
        origin,
        extent,
        shape,
        box,
        first,
      };
    });

function blockOfVoxels(dataType: DataType, shape: Triple): Block {
  const values = [...voxelsOf([0, 0, 0], shape)].map(([z, y, x]) => voxelOf(z, y, x));
  return blockOf(dataType, shape, values);
}

function emptyVolume(
  extent: Triple,
  order: (typeof axisOrders)[number],
  lower: Triple,
  dataType: DataType = "uint8",
): StridedVolume {
  const [z, y, x] = extent;
  const { data } = blockOf(dataType, extent, Array(z * y * x).fill(untouched));
  return denseVolume(data, toOrder({ x, y, z }, order), order, lower);
}

function voxelAt({ data, offset, stride, lower }: StridedVolume, [z, y, x]: Triple): number {
  return Number(
    data[offset + (z - lower[0]) * stride.z + (y - lower[1]) * stride.y + (x - lower[2]) * stride.x],
  );
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

describe("copyBlock", () => {
  describe.each(dataTypes)("property, of %s", (source) => {
    test.each([
      ["one section", fc.constant(1)],
      ["several sections", fc.integer({ min: 2, max: 8 })],
    ])(
      "puts the voxels of a block of %s where they belong, fill where it ends early, and touches nothing else",
      (_, depth) => {
        fc.assert(
          fc.property(copies(source, depth), ({ target, order, origin, extent, shape, box, first }) => {
            const volume = emptyVolume(extent, order, origin, target);
            copyBlock(blockOfVoxels(source, shape), first, box, volume, elementOf(target, fillValue));
            for (const at of voxelsOf(origin, extent)) {
              const [z, y, x] = [at[0] - first[0], at[1] - first[1], at[2] - first[2]];
              const isInBlock = z < shape[0] && y < shape[1] && x < shape[2];
              const wanted = isIn(at, box) ? (isInBlock ? voxelOf(z, y, x) : fillValue) : untouched;
              if (voxelAt(volume, at) !== wanted) expect([at, voxelAt(volume, at)]).toEqual([at, wanted]);
            }
          }),
          { numRuns: runs(7) },
        );
      },
    );
  });

  test("property: short rows on words' edges and beside them come out as any others", () => {
    const cases = fc.record({
      source: fc.constantFrom(...dataTypes),
      // Of the volume, in front of the block, and behind it; steps of four voxels are of whole words in every type.
      left: fc.oneof(fc.nat(3), fc.constantFrom(4, 8, 16)),
      right: fc.oneof(fc.nat(3), fc.constantFrom(4, 8)),
      columns: fc.constantFrom(2, 4, 8, 16, 32, 48, 64, 80),
      // The memory begins so many voxels into its buffer.
      skipped: fc.nat(4),
      cut: fc.oneof(fc.constant(0), fc.constantFrom(1, 4, 16)),
      // Between two sections of the memory.
      gap: fc.oneof(fc.constant(0), fc.constantFrom(1, 2, 4)),
    });
    fc.assert(
      fc.property(cases, ({ source, left, right, columns, skipped, cut, gap }) => {
        const shape: Triple = [2, 3, columns + cut];
        const width = left + columns + right;
        const section = 3 * width + gap;
        const length = skipped + 2 * section;
        const whole = blockOf(source, [1, 1, length], Array(length).fill(untouched));
        const memory = whole.data.subarray(skipped);
        const stride = { z: section, y: width, x: 1 };
        const volume = { data: memory, offset: 0, stride, lower: [0, 0, 0] as const };
        const box: ScaledBox = { lower: [0, 0, left], upper: [2, 3, left + columns] };
        copyBlock(
          blockOfVoxels(source, shape),
          [0, 0, left - cut],
          box,
          volume,
          elementOf(source, fillValue),
        );
        const wanted = [0, 1].flatMap((z) => [
          ...[...voxelsOf([z, 0, -left], [1, 3, width])].map(([, y, x]) =>
            x >= 0 && x < columns ? voxelOf(z, y, x + cut) : untouched,
          ),
          ...Array(gap).fill(untouched),
        ]);
        expect(Array.from<number | bigint, number>(memory, Number)).toEqual(wanted);
        expect(Array.from<number | bigint, number>(whole.data.subarray(0, skipped), Number)).toEqual(
          Array(skipped).fill(untouched),
        );
      }),
      { numRuns: runs(125) },
    );
  });

  test("a whole tile into a volume of its size is one copy, with nothing around it", () => {
    const data = Uint8Array.from({ length: 12 }, (_, i) => i + 20);
    const volume = emptyVolume([2, 3, 4], "zyx", [5, 0, 0]);
    const box: ScaledBox = { lower: [6, 0, 0], upper: [7, 3, 4] };
    copyBlock({ data, shape: [1, 3, 4] }, [6, 0, 0], box, volume, fillValue);
    expect([...volume.data]).toEqual([...Array(12).fill(untouched), ...data]);
  });

  test("64 bits stay what they are where no number holds them", () => {
    const large = [2n ** 64n - 1n, 2n ** 53n + 1n, 2n ** 63n, 3n];
    for (const order of axisOrders) {
      const volume = emptyVolume([1, 2, 3], order, [0, 0, 0], "uint64");
      const box: ScaledBox = { lower: [0, 0, 0], upper: [1, 2, 3] };
      copyBlock(blockOf("uint64", [1, 2, 2], large), [0, 0, 0], box, volume, 2n ** 64n - 2n);
      const { data, stride } = volume;
      const rows = [0, 1].map((y) => [0, 1, 2].map((x) => data[y * stride.y + x * stride.x]));
      expect(rows).toEqual([
        [large[0], large[1], 2n ** 64n - 2n],
        [large[2], large[3], 2n ** 64n - 2n],
      ]);
    }
  });
});

describe("fillBox", () => {
  test("property: sets the voxels of the box and no others, whatever the strides", () => {
    fc.assert(
      fc.property(
        copies("uint8", fc.integer({ min: 1, max: 8 })),
        ({ target, order, origin, extent, box }) => {
          const volume = emptyVolume(extent, order, origin, target);
          fillBox(box, volume, elementOf(target, fillValue));
          for (const at of voxelsOf(origin, extent))
            if (voxelAt(volume, at) !== (isIn(at, box) ? fillValue : untouched))
              expect(at).toBe("as it should be");
        },
      ),
      { numRuns: runs(50) },
    );
  });

  test("fills backwards too", () => {
    const data = new Uint8Array(10).fill(untouched);
    const volume = { data, offset: 7, stride: { x: -2, y: 99, z: 99 }, lower: [0, 0, 0] as Triple };
    fillBox({ lower: [0, 0, 0], upper: [1, 1, 3] }, volume, fillValue);
    expect([...data]).toEqual([7, 7, 7, 101, 7, 101, 7, 101, 7, 7]);
  });
});
