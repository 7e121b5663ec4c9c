import { InvalidZoomLevelError } from "../errors.js";
import type { Triple, Vector3 } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { lenientVector } from "../stack/lenient-vector.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { BlockLevel } from "./block-source.js";

/** The array that a mirror of blocks has for one zoom level. Triples are z, y, x **of the stack**. */
export interface LevelArray {
  /** The number type of a voxel. */
  readonly dataType: DataType;
  /** Extent of the array, in voxels. */
  readonly size: Triple;
  /** Extent of a block. The blocks at the array's end may be smaller. */
  readonly blockShape: Triple;
}

/**
 * Lays the array of a mirror of blocks over a zoom level of a stack. Block (0, 0, 0) begins at the first voxel of the
 * array. That is the first voxel of the stack, unless the mirror's `offset` or the stack's `metadata.voxelOffset`
 * shifts it.
 *
 * @throws InvalidZoomLevelError if the offset is not a whole number of the level's voxels.
 */
export function arrayLevelOf(
  stack: Stack,
  mirror: Pick<StackMirror, "offset" | "bounds">,
  zoomLevel: number,
  { dataType, size, blockShape }: LevelArray,
): BlockLevel {
  const factor = stack.downsampleFactor(zoomLevel);
  const { offset } = mirror;
  const shift = voxelOffsetOf(stack);
  const origin = zyx((axis) => levelVoxel(shift[axis] - offset[axis], factor[axis], zoomLevel));
  const end: Triple = [origin[0] + size[0], origin[1] + size[1], origin[2] + size[2]];
  return {
    dataType,
    blockShape,
    origin,
    covered: coveredBox(stack, zoomLevel, end),
    held: heldBox(stack, mirror, factor, origin, end),
    absent: "empty",
  };
}

/** `metadata.voxelOffset`: CATMAID draws voxel v of the array at voxel v + `voxelOffset` of the stack. */
export function voxelOffsetOf({ metadata }: Pick<Stack, "metadata">): Vector3 {
  const none = { x: 0, y: 0, z: 0 };
  if (typeof metadata !== "object" || metadata === null) return none;
  const { x, y, z } = lenientVector((metadata as { voxelOffset?: unknown }).voxelOffset);
  return Number.isInteger(x) && Number.isInteger(y) && Number.isInteger(z) ? { x, y, z } : none;
}

/** Whether the mirror's array should be exactly the stack: nothing shifts it, and no bounds cut it. */
export function isWholeStack(
  stack: Pick<Stack, "metadata">,
  { offset, bounds }: Pick<StackMirror, "offset" | "bounds">,
): boolean {
  const shift = voxelOffsetOf(stack);
  return bounds === null && [offset, shift].every(({ x, y, z }) => x === 0 && y === 0 && z === 0);
}

// In voxels of level 0. Those are whole numbers, so a smaller difference is a rounding error.
const slack = 1e-6;

function levelVoxel(offset: number, factor: number, zoomLevel: number): number {
  const scaled = Math.round(offset / factor) + 0;
  if (Math.abs(scaled * factor - offset) <= slack) return scaled;
  throw new InvalidZoomLevelError(
    `the mirror cannot serve zoom level ${zoomLevel}: its offset of ${-offset} voxels is no whole number of the ` +
      `level's, which are of ${factor}; take another level or mirror`,
  );
}

/** The last voxel of a level may lie partly outside the stack. It counts as part of the stack if the array has it. */
function coveredBox(stack: Stack, zoomLevel: number, end: Triple): ScaledBox {
  const factor = stack.downsampleFactor(zoomLevel);
  const extent = stack.levelExtent(zoomLevel);
  const [z, y, x] = end;
  const last = (axis: "x" | "y" | "z", arrayEnd: number): number =>
    Math.min(extent[axis], Math.max(Math.floor(stack.dimension[axis] / factor[axis]), arrayEnd));
  return { lower: [0, 0, 0], upper: [last("z", z), last("y", y), last("x", x)] };
}

function heldBox(
  stack: Stack,
  { bounds }: Pick<StackMirror, "bounds">,
  factor: Vector3,
  origin: Triple,
  end: Triple,
): ScaledBox {
  if (bounds === null) return { lower: origin, upper: end };
  const lower = zyx((axis) => Math.ceil((bounds.lower[axis] - slack) / factor[axis]) + 0);
  // The last voxel of a level may lie partly outside the stack. A mirror that reaches the stack's end holds it.
  const upper = zyx((axis) =>
    bounds.upper[axis] >= stack.dimension[axis]
      ? Number.POSITIVE_INFINITY
      : Math.floor((bounds.upper[axis] + slack) / factor[axis]),
  );
  const most = (a: Triple, b: Triple): Triple => [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.max(a[2], b[2]),
  ];
  const least = (a: Triple, b: Triple): Triple => [
    Math.min(a[0], b[0]),
    Math.min(a[1], b[1]),
    Math.min(a[2], b[2]),
  ];
  return { lower: most(origin, lower), upper: least(end, upper) };
}

function zyx(of: (axis: "x" | "y" | "z") => number): Triple {
  return [of("z"), of("y"), of("x")];
}
