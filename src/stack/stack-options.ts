import type { Vector3 } from "../space/axis-order.js";
import type { StackOrientation } from "../space/stack-orientation.js";
import type { StackMirror, StackMirrorContext } from "./mirror/stack-mirror.js";

/**
 * What a stack info does not say: `catmaidUrl`, CATMAID's own URL, serves mirrors of types 3 and 13, and relative
 * addresses; `settings` are those that some tile sources take.
 */
export type FromStackInfoOptions = Pick<StackMirrorContext, "catmaidUrl" | "settings">;

/** What a `Stack` is made of. */
export interface StackOptions {
  /** Voxels per axis at zoom level 0, stack axes. */
  readonly dimension: Vector3;
  /** Sections (stack z, level 0) that the stack declares unusable; those outside the stack are dropped. Default: none. */
  readonly brokenSlices?: Iterable<number>;
  /** Voxel (level 0) that every mirror must be able to serve. Default: the origin. */
  readonly canaryLocation?: Vector3;
  /** Mirrors, in any order. Default: none. */
  readonly mirrors?: Iterable<StackMirror>;
  /** Voxels of level 0 per voxel of each level, stack axes. Default: `null`, powers of two in x and y. */
  readonly downsampleFactors?: readonly Vector3[] | null;
  /** The coarsest level where there are no factors. Default: CATMAID's estimate from the size and the tiles. */
  readonly maxZoomLevel?: number;
  /** Whether tiles of negative rows and columns are left alone (`metadata.clamp`). Default: `true`. */
  readonly clamp?: boolean;
  /** Title. Default: empty. */
  readonly title?: string;
  /** CATMAID's id. Default: `null`. */
  readonly id?: number | string | null;
  /** Whatever the stack info has as metadata. Default: `null`. */
  readonly metadata?: unknown;
}

/** What a `ProjectStack` is made of. */
export interface ProjectStackOptions extends StackOptions {
  /** Project units (nm) per voxel of level 0, per **stack** axis. */
  readonly resolution: Vector3;
  /** Place of the stack's origin in project units, per **project** axis. Default: the origin. */
  readonly translation?: Vector3;
  /** How the stack lies in project space. Default: `"xy"`. */
  readonly orientation?: StackOrientation;
  /** CATMAID's id of the project. Default: `null`. */
  readonly projectId?: number | string | null;
}
