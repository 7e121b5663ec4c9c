import type { Triple } from "./axis-order.js";
import { perAxis } from "./per-axis.js";

/** A box of whole scaled voxels in z, y, x order, half-open. */
export interface ScaledBox {
  /** First voxel, per axis. */
  readonly lower: Triple;
  /** One past the last voxel, per axis. */
  readonly upper: Triple;
}

/** The intersection of two boxes; `undefined` if it is empty. */
export function intersectBoxes(a: ScaledBox, b: ScaledBox): ScaledBox | undefined {
  const lower = perAxis((axis) => Math.max(a.lower[axis], b.lower[axis]));
  const upper = perAxis((axis) => Math.min(a.upper[axis], b.upper[axis]));
  return isEmpty({ lower, upper }) ? undefined : { lower, upper };
}

/** Whether a box holds no voxels. */
export function isEmpty({ lower, upper }: ScaledBox): boolean {
  return !(lower[0] < upper[0] && lower[1] < upper[1] && lower[2] < upper[2]);
}

/** How many voxels a box holds. */
export function voxelCount({ lower, upper }: ScaledBox): number {
  return (upper[0] - lower[0]) * (upper[1] - lower[1]) * (upper[2] - lower[2]);
}

/** The box with its extent along one axis (0, 1, 2 for z, y, x) replaced. */
function withRange({ lower, upper }: ScaledBox, axis: 0 | 1 | 2, from: number, to: number): ScaledBox {
  return {
    lower: perAxis((other) => (other === axis ? from : lower[other])),
    upper: perAxis((other) => (other === axis ? to : upper[other])),
  };
}

/**
 * The rest of a box without an inner one: at most six boxes that do not overlap, slabs of z first, then of y, then of
 * x.
 */
export function* boxMinus(outer: ScaledBox, inner: ScaledBox): Generator<ScaledBox> {
  let rest = outer;
  for (const axis of [0, 1, 2] as const) {
    const [from, to] = [inner.lower[axis], inner.upper[axis]];
    if (rest.lower[axis] < from) yield withRange(rest, axis, rest.lower[axis], from);
    if (to < rest.upper[axis]) yield withRange(rest, axis, to, rest.upper[axis]);
    rest = withRange(rest, axis, from, to);
  }
}
