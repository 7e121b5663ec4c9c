import fc from "fast-check";
import { InvalidZoomLevelError } from "../../../src/errors.js";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import type { Axis, Vector3 } from "../../../src/space/axis-order.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import type { MirrorBounds } from "../../../src/stack/mirror/mirror-extent.js";
import type { PlanOptions } from "../fetching/plan-steps.js";

/** Everything that decides where a plan's voxels come from. */
export interface AnyPlanOptions extends PlanOptions {
  readonly dimension: Vector3;
  readonly tiles: {
    readonly tileWidth: number;
    readonly tileHeight: number;
    readonly offset: Vector3;
    readonly bounds: MirrorBounds | null;
  };
  readonly brokenSlices: readonly number[];
  readonly downsampleFactors: readonly Vector3[];
  readonly clamp: boolean;
  readonly zoomLevel: number;
  readonly handling: BrokenSliceHandling;
  readonly depth: number;
}

function vectorOf<T>(of: fc.Arbitrary<T>): fc.Arbitrary<{ x: T; y: T; z: T }> {
  return fc.record({ x: of, y: of, z: of });
}

// Drawn numbers are mostly small. Most stacks must be larger, or few boxes would meet a tile.
const side = fc.oneof(
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 3, arbitrary: fc.integer({ min: 6, max: 12 }) },
);

// Multiples of 12 and 33 are whole numbers of voxels with most of the factors below.
const offset = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: -4, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(-33, -12, 12, 33) },
);
const bounds: fc.Arbitrary<MirrorBounds> = fc
  .tuple(vectorOf(fc.integer({ min: -3, max: 5 })), vectorOf(fc.integer({ min: 2, max: 15 })))
  .map(([lower, size]) => ({
    lower,
    upper: { x: lower.x + size.x, y: lower.y + size.y, z: lower.z + size.z },
  }));

/** Small stacks, with everything that a plan has to consider, and mirrors that are shifted or hold only a part. */
export const anyPlanOptions: fc.Arbitrary<AnyPlanOptions> = fc
  .record({
    dimension: vectorOf(side),
    tiles: fc.record({
      tileWidth: fc.integer({ min: 1, max: 5 }),
      tileHeight: fc.integer({ min: 1, max: 5 }),
      offset: fc.oneof(fc.constant({ x: 0, y: 0, z: 0 }), vectorOf(offset)),
      bounds: fc.option(bounds, { freq: 2 }),
    }),
    brokenSlices: fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 6 }),
    coarse: vectorOf(fc.constantFrom(1, 1.5, 2, 3, 3.3, 4)),
    depth: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 5 })),
    clamp: fc.boolean(),
    zoomLevel: fc.constantFrom(0, 1),
    handling: fc.constantFrom<BrokenSliceHandling>("fill", "above", "below", "closest", "interpolate"),
  })
  .map(({ coarse, ...rest }) => ({ ...rest, downsampleFactors: [{ x: 1, y: 1, z: 1 }, coarse] }));

const from = fc.integer({ min: -3, max: 4 });
const extent = fc.integer({ min: 1, max: 9 });

/** Boxes that lie in such stacks, partly in them, or outside. */
export const anyBox: fc.Arbitrary<ScaledBox> = fc
  .tuple(fc.tuple(from, from, from), fc.tuple(extent, extent, extent))
  .map(([lower, size]) => ({
    lower,
    upper: [lower[0] + size[0], lower[1] + size[1], lower[2] + size[2]],
  }));

/** The factors of the level of a plan. */
export function factorOf({ downsampleFactors, zoomLevel }: AnyPlanOptions): Vector3 {
  const factor = downsampleFactors[zoomLevel];
  if (factor === undefined) throw new Error(`no factors of level ${zoomLevel}`);
  return factor;
}

/** The mirror's offset in voxels of the level, computed in whole tenths; `undefined` if it is not a whole number. */
export function levelOffsetOf(options: AnyPlanOptions): Vector3 | undefined {
  const { offset: given } = options.tiles;
  const factor = factorOf(options);
  const tenths = (axis: Axis): number => Math.round(factor[axis] * 10);
  if ((["x", "y", "z"] as const).some((axis) => (given[axis] * 10) % tenths(axis) !== 0)) return undefined;
  const scaled = (axis: Axis): number => (given[axis] * 10) / tenths(axis);
  return { x: scaled("x"), y: scaled("y"), z: scaled("z") };
}

/** Whether the error of a plan is that its mirror's offset does not fit the level. */
export function isOffsetRefused(error: unknown): boolean {
  return error instanceof InvalidZoomLevelError && error.message.includes("offset");
}

/** All voxels of a box, z, y, x. */
export function voxelsOf({ lower, upper }: ScaledBox): readonly (readonly [number, number, number])[] {
  const voxels: [number, number, number][] = [];
  for (let z = lower[0]; z < upper[0]; z++) {
    for (let y = lower[1]; y < upper[1]; y++) {
      for (let x = lower[2]; x < upper[2]; x++) voxels.push([z, y, x]);
    }
  }
  return voxels;
}
