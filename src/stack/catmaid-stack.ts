import { InvalidStackError } from "../errors.js";
import type { Vector3 } from "../space/axis-order.js";
import { toOrder } from "../space/axis-order.js";
import { parseStackInfo } from "./stack-info.js";
import type { FromStackInfoOptions, ProjectStackOptions } from "./stack-options.js";

/** The properties of a live `CATMAID.Stack` that are read. */
interface CatmaidStack {
  readonly id?: unknown;
  readonly title?: unknown;
  readonly dimension?: unknown;
  readonly resolution?: unknown;
  readonly translation?: unknown;
  readonly orientation?: unknown;
  readonly broken_slices?: unknown;
  readonly downsample_factors?: unknown;
  readonly mirrors?: unknown;
  readonly canaryLocation?: unknown;
  readonly metadata?: unknown;
  readonly baseToSelfPerm?: unknown;
  readonly stackToProject?: unknown;
}

/** Reads a live `CATMAID.Stack`, with checks. Throws an InvalidStackError for anything else. */
export function parseCatmaidStack(
  stack: unknown,
  context: FromStackInfoOptions & { readonly projectId?: number | string } = {},
): ProjectStackOptions {
  const live = (typeof stack === "object" && stack !== null ? stack : {}) as CatmaidStack;
  if (typeof live.stackToProject !== "function" || live.mirrors === undefined) {
    throw new InvalidStackError(
      "a CATMAID.Stack must have mirrors and a function stackToProject; use fromStackInfo for JSON",
    );
  }
  const { projectId, ...mirrorContext } = context;
  const options = parseStackInfo(
    {
      sid: live.id,
      pid: projectId,
      stitle: live.title,
      dimension: live.dimension,
      resolution: live.resolution,
      translation: live.translation,
      orientation: live.orientation,
      broken_slices: live.broken_slices,
      downsample_factors: live.downsample_factors,
      mirrors: live.mirrors,
      canary_location: live.canaryLocation,
      metadata: live.metadata,
    },
    mirrorContext,
  );
  const permutation = live.baseToSelfPerm;
  if (!isPermutation(permutation) || options.translation === undefined) return options;
  return { ...options, translation: unpermute(options.translation, permutation) };
}

/**
 * Undoes a mistake of `ReorientedStack`, which permutes the translation of its base as if it were in stack axes. The
 * translation is in project axes, which are the base's axes.
 */
function unpermute(translation: Vector3, baseToSelf: readonly number[]): Vector3 {
  const base: [number, number, number] = [0, 0, 0];
  toOrder(translation, "xyz").forEach((value, axis) => {
    base[baseToSelf[axis] ?? axis] = value;
  });
  const [x, y, z] = base;
  return { x, y, z };
}

function isPermutation(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length === 3 && [0, 1, 2].every((axis) => value.includes(axis));
}
