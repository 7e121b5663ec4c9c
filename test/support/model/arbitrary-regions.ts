import fc from "fast-check";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import type { Orientation3D, Triple, Vector3 } from "../../../src/space/axis-order.js";
import { axisOrders } from "../../../src/space/axis-order.js";
import type { ModelRegion, ModelStack } from "./model-stack.js";
import { modelStack } from "./model-stack.js";

/** A region of a stack, and how it is fetched. */
export interface RegionCase {
  readonly stack: ModelStack;
  readonly region: ModelRegion;
  readonly shape: Triple;
  readonly maxRequests: number;
  readonly cacheItems: number;
  /** One tile in this many is missing; 0: none is. */
  readonly missingOneIn: number;
}

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const factors: fc.Arbitrary<readonly Vector3[] | null> = fc.option(
  fc
    .array(fc.record({ x: fc.constantFrom(1, 2, 3, 1.5), y: fc.constantFrom(1, 2, 2.5), z: whole(1, 3) }), {
      minLength: 0,
      maxLength: 2,
    })
    .map((coarser) => [{ x: 1, y: 1, z: 1 }, ...coarser]),
  { nil: null },
);

const stacks: fc.Arbitrary<ModelStack> = fc
  .record({
    dimension: fc.record({ x: whole(1, 40), y: whole(1, 36), z: whole(1, 9) }),
    tileWidth: whole(2, 17),
    tileHeight: whole(2, 13),
    brokenSlices: fc.uniqueArray(whole(0, 8), { maxLength: 5 }),
    downsampleFactors: factors,
    cropped: fc.boolean(),
  })
  .map((changes) => modelStack(changes));

const handlings: readonly BrokenSliceHandling[] = ["fill", "above", "below", "closest", "interpolate"];

function levelsOf({ dimension, tileWidth, tileHeight, downsampleFactors }: ModelStack): number {
  if (downsampleFactors !== null) return downsampleFactors.length - 1;
  const longest = Math.max(dimension.x - 1, dimension.y - 1);
  return Math.max(0, Math.ceil(Math.log2(longest / Math.min(tileWidth, tileHeight))));
}

/** Any stack, and any region in it, across its edges, or outside it. */
export const regionCases: fc.Arbitrary<RegionCase> = stacks.chain((stack) =>
  fc
    .record({
      orientation: fc.constantFrom<Orientation3D>(...axisOrders),
      zoomLevel: whole(0, Math.max(0, levelsOf(stack))),
      handling: fc.constantFrom(...handlings),
      fillValue: fc.constantFrom(0, 251, 255),
      z: fc.tuple(whole(-2, 9), whole(1, 5)),
      y: fc.tuple(whole(-6, 38), whole(1, 25)),
      x: fc.tuple(whole(-6, 42), whole(1, 25)),
      maxRequests: whole(1, 5),
      cacheItems: fc.constantFrom(0, 2, 1000),
      missingOneIn: fc.constantFrom(0, 0, 3),
    })
    .map(
      ({ orientation, zoomLevel, handling, fillValue, missingOneIn, maxRequests, cacheItems, ...ranges }) => {
        const columns = orientation.split("").map((axis) => ranges[axis as "x" | "y" | "z"]);
        const lower = columns.map(([from]) => from) as unknown as Triple;
        const shape = columns.map(([, extent]) => extent) as unknown as Triple;
        const upper = columns.map(([from, extent]) => from + extent) as unknown as Triple;
        const isMissing: ModelRegion["isMissing"] = ({ depth, row, col }) =>
          missingOneIn > 0 && (depth * 7 + row * 3 + col) % missingOneIn === 0;
        const region = { orientation, zoomLevel, handling, fillValue, lower, upper, isMissing };
        return { stack, region, shape, maxRequests, cacheItems, missingOneIn };
      },
    ),
);
