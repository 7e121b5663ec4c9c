import { InvalidOptionError } from "../../errors.js";
import type { Vector3 } from "../../space/axis-order.js";
import { lenientVector } from "../lenient-vector.js";

/** A box of a stack: voxels of zoom level 0, stack axes, half-open. */
export interface MirrorBounds {
  /** First voxel, per axis. */
  readonly lower: Vector3;
  /** One past the last voxel, per axis. */
  readonly upper: Vector3;
}

/** How a mirror's array lies in its stack, and which part of the stack it holds. */
export interface MirrorExtent {
  /** Added to a voxel of the stack, this gives the voxel of the mirror's own array. */
  readonly offset: Vector3;
  /** The part of the stack that the mirror holds; `null`: the whole stack. */
  readonly bounds: MirrorBounds | null;
}

/** An extent in a stack info. */
interface ExtentJson {
  readonly offset?: Vector3;
  readonly bounds?: MirrorBounds;
}

/** The offset of a mirror whose array is the stack. */
export const noOffset: Vector3 = Object.freeze({ x: 0, y: 0, z: 0 });

// The largest dimension that a stack may have. The sum of two such numbers is exact.
const furthest = 2 ** 31 - 1;

/** The extent from a mirror's options. Throws an {@link InvalidOptionError} if it is not in whole voxels, or empty. */
export function mirrorExtent(offset: Vector3 | undefined, bounds: MirrorBounds | undefined): MirrorExtent {
  const extent = { offset: offset ?? noOffset, bounds: bounds ?? null };
  const problem = problemOf(extent);
  if (problem !== undefined) throw new InvalidOptionError(`a mirror ${problem}`);
  return {
    offset: frozen(extent.offset),
    bounds:
      extent.bounds &&
      Object.freeze({ lower: frozen(extent.bounds.lower), upper: frozen(extent.bounds.upper) }),
  };
}

/** An extent in a stack info that cannot be read. */
export interface UnreadExtent {
  /** What is wrong: a clause that follows the mirror's name. */
  readonly problem: string;
  /** The extent as it was given. It is written back unchanged, so that nobody takes the mirror for one without. */
  readonly json: ExtentJson;
}

/** The extent of an entry of `mirrors` in a stack info, and what is wrong with it if it cannot be read. */
export function readExtent(entry: { readonly offset?: unknown; readonly bounds?: unknown }): {
  readonly extent: ExtentJson;
  readonly unread?: UnreadExtent;
} {
  const offset = entry.offset === undefined || entry.offset === null ? noOffset : lenientVector(entry.offset);
  const bounds = entry.bounds === undefined || entry.bounds === null ? null : boundsFrom(entry.bounds);
  const problem = problemOf({ offset, bounds });
  if (problem !== undefined) {
    const json = { offset: entry.offset, bounds: entry.bounds } as ExtentJson;
    return { extent: {}, unread: { problem, json } };
  }
  return { extent: extentJson({ offset, bounds }) };
}

/** An extent as a stack info has it, without defaults. */
export function extentJson({ offset, bounds }: MirrorExtent): ExtentJson {
  const isDefault = offset.x === 0 && offset.y === 0 && offset.z === 0;
  return { ...(!isDefault && { offset }), ...(bounds !== null && { bounds }) };
}

/** Maps a voxel of the stack to the voxel of the mirror's own array. Both are of zoom level 0. */
export function mirrorVoxel({ offset }: MirrorExtent, { x, y, z }: Vector3): Vector3 {
  return { x: x + offset.x, y: y + offset.y, z: z + offset.z };
}

/** Whether a mirror holds a voxel of the stack (zoom level 0). */
export function holdsVoxel(extent: MirrorExtent, stackVoxel: Vector3): boolean {
  const own = mirrorVoxel(extent, stackVoxel);
  const { lower, upper } = extent.bounds ?? { lower: stackVoxel, upper: undefined };
  return (["x", "y", "z"] as const).every((axis) => {
    const voxel = stackVoxel[axis];
    return own[axis] >= 0 && voxel >= lower[axis] && (upper === undefined || voxel < upper[axis]);
  });
}

function boundsFrom(value: unknown): MirrorBounds {
  const { lower, upper } = value as { lower?: unknown; upper?: unknown };
  return { lower: lenientVector(lower), upper: lenientVector(upper) };
}

function problemOf({ offset, bounds }: MirrorExtent): string | undefined {
  if (!isWhole(offset)) return `has the offset ${text(offset)}, which is not whole voxels {x, y, z}`;
  if (bounds === null) return undefined;
  const { lower, upper } = bounds;
  const range = `${text(lower)} to ${text(upper)}`;
  if (!isWhole(lower) || !isWhole(upper))
    return `has the bounds ${range}, which are not whole voxels {x, y, z}`;
  if (lower.x < upper.x && lower.y < upper.y && lower.z < upper.z) return undefined;
  return `has the bounds ${range}, which hold no voxels`;
}

// Callers in JavaScript are not bound by the types: a vector may be anything.
function isWhole(vector: Vector3 | undefined): boolean {
  return [vector?.x, vector?.y, vector?.z].every(
    (value) => Number.isInteger(value) && Math.abs(Number(value)) <= furthest,
  );
}

function frozen({ x, y, z }: Vector3): Vector3 {
  return Object.freeze({ x: x + 0, y: y + 0, z: z + 0 });
}

function text(vector: Vector3 | undefined): string {
  return `(${vector?.x}, ${vector?.y}, ${vector?.z})`;
}
