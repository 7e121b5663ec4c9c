import type { Vector3 } from "../../space/axis-order.js";
import type { StackOrientation } from "../../space/stack-orientation.js";
import type { Auth } from "./auth.js";
import type { MirrorBounds } from "./mirror-extent.js";
import type { TileSourceSettings } from "./tile-source-settings.js";

/** What a mirror has to know about its stack. */
export interface StackMirrorContext {
  /** How the stack lies in project space; part of the URL for types 6, 8 and 12. Default: `"xy"`. */
  readonly orientation?: StackOrientation;
  /** CATMAID's id of the stack; part of the URL for types 3 and 13. */
  readonly stackId?: number | string | null;
  /** CATMAID's id of the project; part of the URL for types 3 and 13. */
  readonly projectId?: number | string | null;
  /**
   * CATMAID's own URL, such as `"https://example.org/catmaid/"`. Tiles of types 3 and 13 come from there, and relative
   * addresses of mirrors are resolved against it. It is a folder, with or without a slash at its end.
   */
  readonly catmaidUrl?: string | undefined;
  /**
   * Settings of some tile sources. The `tileSource` of a layer of CATMAID's viewer is accepted; its other properties
   * are ignored. Default: none.
   */
  readonly settings?: TileSourceSettings | null | undefined;
}

/** What a {@link StackMirror} is made of. */
export interface StackMirrorOptions extends StackMirrorContext {
  /** Base URL of the tiles. A user and password in it become the mirror's `auth`. */
  readonly imageBase: string;
  /** File extension; may be empty, and may carry a query (`"jpg?q=80"`). A leading dot is dropped. */
  readonly fileExtension: string;
  /** Width of the tiles, in pixels. */
  readonly tileWidth: number;
  /** Height of the tiles, in pixels. */
  readonly tileHeight: number;
  /** CATMAID's number for the layout. */
  readonly tileSourceType: number;
  /** Title. Default: empty. */
  readonly title?: string;
  /** Rank among the stack's mirrors, lowest first. Default: 0. */
  readonly position?: number;
  /** CATMAID's id of the mirror. Default: `null`. */
  readonly id?: number | string | null;
  /** Credentials. They go only to this mirror's origin and are never shown. */
  readonly auth?: Auth;
  /**
   * Where the stack begins in the mirror's own array: whole voxels of zoom level 0, stack axes. Voxel v of the stack is
   * voxel v + `offset` of the array. (CATMAID's `metadata.voxelOffset` counts the other way: there, voxel v of the
   * stack is read at v − `voxelOffset`.) The array begins at its own voxel 0. The mirror does not hold voxels before
   * that, except along x and y if the stack's `clamp` is false. A zoom level whose factors do not divide the offset
   * cannot be served. Default: (0, 0, 0).
   * @example
   * An export whose rows are shifted by one: row 1 of the stack is its row 0.
   * ```ts
   * new StackMirror({ ...options, offset: { x: 0, y: -1, z: 0 } });
   * ```
   */
  readonly offset?: Vector3;
  /**
   * The part of the stack that the mirror holds: whole voxels of the **stack**, zoom level 0, half-open. No tile
   * outside it is requested. The mirror holds a voxel of a coarser level if it holds every voxel of the stack that this
   * voxel stands for. Default: the whole stack.
   */
  readonly bounds?: MirrorBounds;
}

/** A mirror as CATMAID's stack info has it. */
export interface StackMirrorJson {
  /** CATMAID's id of the mirror. */
  readonly id?: number | string | null;
  /** Title. */
  readonly title: string;
  /** Base URL of the tiles. */
  readonly image_base: string;
  /** File extension; may be empty. */
  readonly file_extension: string;
  /** Width of the tiles, in pixels. */
  readonly tile_width: number;
  /** Height of the tiles, in pixels. */
  readonly tile_height: number;
  /** CATMAID's number for the layout. */
  readonly tile_source_type: number;
  /** Rank among the mirrors, lowest first. */
  readonly position: number;
  /** Where the stack begins in the mirror's own array. CATMAID ignores it; see `offset` of {@link StackMirrorOptions}. */
  readonly offset?: Vector3;
  /** The part of the stack that the mirror holds. CATMAID ignores it; see `bounds` of {@link StackMirrorOptions}. */
  readonly bounds?: MirrorBounds;
}
