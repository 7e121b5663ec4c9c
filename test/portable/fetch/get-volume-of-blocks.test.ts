import fc from "fast-check";
import { expect, test } from "vitest";
import { getVolume } from "../../../src/fetch/get-volume.js";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { axisOrders, reorder } from "../../../src/space/axis-order.js";
import type { DataType } from "../../../src/space/data-type.js";
import { createVoxels, dataTypes, elementOf } from "../../../src/space/data-type.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import { Stack } from "../../../src/stack/stack.js";
import { ArraySource } from "../../support/blocks/array-source.js";
import { anyBox, voxelsOf } from "../../support/exports/any-plan.js";
import { schedulerUnderTest } from "../../support/fetching/scheduler-under-test.js";
import { accessOf } from "../../support/model/tile-sources.js";
import { runs } from "../../support/thorough.js";

const stack = new Stack({ dimension: { x: 9, y: 8, z: 11 }, brokenSlices: [0, 3, 4, 7] });
const fillValue = 100;
// Of every data type, and linear in z, so that mixtures of sections are known.
const voxelValue = ([z, y, x]: Triple): number => 9 * z - y + x;
const valid = [1, 2, 5, 6, 8, 9, 10];

/** What a voxel must be, found the long way. */
function expectedValue(at: Triple, handling: BrokenSliceHandling, isFloating: boolean): number {
  const [z, y, x] = at;
  const isIn = z >= 0 && z < 11 && y >= 0 && y < 8 && x >= 0 && x < 9;
  if (!isIn) return fillValue;
  if (valid.includes(z)) return voxelValue(at);
  if (handling === "fill") return fillValue;
  const below = valid.find((section) => section > z) ?? 10;
  const above = valid.filter((section) => section < z).at(-1);
  if (handling === "below" || above === undefined) return voxelValue([below, y, x]);
  if (handling === "closest") return voxelValue([z - above <= below - z ? above : below, y, x]);
  const low = voxelValue([above, y, x]);
  const mixed = low + (voxelValue([below, y, x]) - low) * ((z - above) / (below - above));
  return isFloating ? mixed : Math.floor(mixed + 0.5);
}

const layouts = fc.record({
  dataType: fc.constantFrom(...dataTypes),
  blockShape: fc.tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
  ),
  origin: fc.tuple(
    fc.integer({ min: -5, max: 0 }),
    fc.integer({ min: -5, max: 0 }),
    fc.integer({ min: -5, max: 0 }),
  ),
});
const handlings = fc.constantFrom<BrokenSliceHandling>("fill", "below", "closest", "interpolate");

test("property: a volume of blocks of any shape and data type holds the array's voxels, each block asked for once", async () => {
  const property = fc.asyncProperty(
    layouts,
    handlings,
    fc.constantFrom(...axisOrders),
    anyBox,
    async (layout, brokenSliceHandling, orientation, box: ScaledBox) => {
      const source = new ArraySource(stack, layout);
      const { pool, asked } = source.pool(voxelValue);
      const { data, stride, offset, report } = await getVolume<undefined, DataType>({
        stack,
        mirror: source.mirror,
        failover: [],
        access: accessOf(undefined, () => source),
        packBytes: async (bytes) => bytes,
        scheduler: schedulerUnderTest({ pool }).scheduler,
        orientation,
        lower: reorder(box.lower, "zyx", orientation),
        upper: reorder(box.upper, "zyx", orientation),
        zoomLevel: 0,
        brokenSliceHandling,
        channel: undefined,
        fillValue,
        dataType: undefined,
        missingTile: "fill",
        emptyBlock: "zero",
        onTileError: "throw",
        maxRequests: 8,
        maxMemoryBytes: 1e6,
        out: undefined,
        listeners: {},
        signals: [],
      });
      expect(data.constructor).toBe(createVoxels(layout.dataType, 0).constructor);
      const isFloating = layout.dataType.startsWith("float");
      const [sz, sy, sx] = reorder(stride, orientation, "zyx");
      for (const at of voxelsOf(box)) {
        const [z, y, x] = at.map((voxel, axis) => voxel - (box.lower[axis] ?? 0)) as unknown as Triple;
        const voxel: number | bigint | undefined = data[offset + z * sz + y * sy + x * sx];
        const wanted = expectedValue(at, brokenSliceHandling, isFloating);
        const [element] = createVoxels(layout.dataType, 1).fill(elementOf(layout.dataType, wanted) as never);
        if (voxel !== element) expect([at, voxel]).toEqual([at, element]);
      }
      expect(new Set(asked).size).toBe(asked.length);
      expect(report.blocks.fetched).toBe(asked.length);
      expect(report.blocks.fetched + report.blocks.cached + report.blocks.filled).toBe(report.blocks.planned);
      expect(report.filled.every(({ cause, tile }) => cause === "broken-slice" && tile === undefined)).toBe(
        true,
      );
    },
  );
  await fc.assert(property, { numRuns: runs(75) });
});
