import type { Vector3 } from "../space/axis-order.js";
import type { StackOrientation } from "../space/stack-orientation.js";
import type { StackMirror, StackMirrorContext } from "./mirror/stack-mirror.js";

/**
 * What a stack info does not contain. `catmaidUrl` is CATMAID's own URL, which mirrors of types 3 and 13 and relative
 * addresses need. `settings` are those of some tile sources.
 */
export type FromStackInfoOptions = Pick<StackMirrorContext, "catmaidUrl" | "settings">;

/** What a `Stack` is made of. */
export interface StackOptions {
  /** Voxels per axis at zoom level 0, stack axes. */
  readonly dimension: Vector3;
  /** Sections (stack z, level 0) that the stack declares unusable. Those outside the stack are dropped. Default: none. */
  readonly brokenSlices?: Iterable<number>;
  /** Voxel (level 0) that every mirror must be able to serve. Default: the origin. */
  readonly canaryLocation?: Vector3;
  /** Mirrors, in any order. Default: none. */
  readonly mirrors?: Iterable<StackMirror>;
  /** Voxels of level 0 per voxel of each level, stack axes. Default: `null`, powers of two in x and y. */
  readonly downsampleFactors?: readonly Vector3[] | null;
  /** The coarsest level if there are no factors. Default: CATMAID's estimate from the size and the tiles. */
  readonly maxZoomLevel?: number;
  /** Whether tiles with negative rows and columns are excluded (`metadata.clamp`). Default: `true`. */
  readonly clamp?: boolean;
  /** Title. Default: empty. */
  readonly title?: string;
  /** CATMAID's id. Default: `null`. */
  readonly id?: number | string | null;
  /** The metadata of the stack info. Default: `null`. */
  readonly metadata?: unknown;
  /** What could not be read of the stack's description, one sentence each; see `Stack.warnings`. Default: none. */
  readonly warnings?: readonly string[];
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
