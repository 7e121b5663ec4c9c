import { InvalidOptionError, InvalidZoomLevelError, UnsupportedMirrorError } from "../../errors.js";
import { checkObject } from "../../options/check-option.js";
import type { Vector3 } from "../../space/axis-order.js";
import type { StackOrientation } from "../../space/stack-orientation.js";
import { parseStackOrientation } from "../../space/stack-orientation.js";
import type { Auth } from "./auth.js";
import { checkAuth } from "./auth.js";
import { asFolder, parseAddress, withoutBucketScheme } from "./mirror-address.js";
import type { MirrorBounds, UnreadExtent } from "./mirror-extent.js";
import { extentJson, holdsVoxel, mirrorExtent, mirrorVoxel, noOffset } from "./mirror-extent.js";
import type { StackMirrorContext, StackMirrorJson, StackMirrorOptions } from "./mirror-options.js";
import { addressProblem, mirrorProblem, tileUrlProblem } from "./mirror-problem.js";
import { readMirror, textOf } from "./read-mirror.js";
import { TileIndex } from "./tile-index.js";
import type { BlockFormat, TileSource } from "./tile-source.js";
import { tileSourceOf } from "./tile-source.js";
import type { TileSourceSettings } from "./tile-source-settings.js";
import { tileSourceSettings } from "./tile-source-settings.js";
import type { TileUrlParts } from "./tile-url.js";
import { toldApart } from "./told-apart.js";

export type { StackMirrorContext, StackMirrorJson, StackMirrorOptions } from "./mirror-options.js";

/** Whether a value is a mirror. It may come from another copy of the library, which has a class of its own. */
export function isStackMirror(value: unknown): value is StackMirror {
  return typeof (value as StackMirror | null | undefined)?.generateUrl === "function";
}

const noTiles = "serves blocks, which are no tiles: fetch voxels with the get of an image fetcher";

/**
 * One server and layout of tiles or blocks that hold a stack's voxels. A mirror that cannot be used is still a mirror,
 * so that its stack and the other mirrors stay usable: {@link StackMirror.unsupportedReason} says what is wrong.
 */
export class StackMirror {
  /** Base URL of the tiles or blocks as the stack info has it, without credentials. */
  readonly imageBase: string;
  /** The format of the mirror's 3-D blocks; `undefined` for a mirror of tiles. */
  readonly blockFormat: BlockFormat | undefined;
  /** File extension without a leading dot; may be empty. */
  readonly fileExtension: string;
  /** Width of the tiles, in pixels. Meaningless for blocks. */
  readonly tileWidth: number;
  /** Height of the tiles, in pixels. Meaningless for blocks. */
  readonly tileHeight: number;
  /** CATMAID's number for the layout. */
  readonly tileSourceType: number;
  /** Title; may be empty. */
  readonly title: string;
  /** Rank among the stack's mirrors, lowest first. */
  readonly position: number;
  /** CATMAID's id of the mirror, if known. */
  readonly id: number | string | null;
  /** How the stack lies in project space. */
  readonly orientation: StackOrientation;
  /** CATMAID's id of the stack, if known. */
  readonly stackId: number | string | null;
  /** CATMAID's id of the project, if known. */
  readonly projectId: number | string | null;
  /** Settings of some tile sources. */
  readonly settings: TileSourceSettings;
  /**
   * Where the stack begins in the mirror's own array, in voxels of zoom level 0: voxel v of the stack is voxel
   * v + `offset` of the array.
   */
  readonly offset: Vector3;
  /** The part of the stack that the mirror holds, in stack voxels of zoom level 0; `null`: the whole stack. */
  readonly bounds: MirrorBounds | null;
  /** Why there are no tile URLs, or why they do not lead to the mirror's own server. */
  #problem: string | undefined;
  /** Why the existing tile URLs cannot be used. */
  #addressProblem: string | undefined;
  readonly #hasLevels: boolean;
  #unread: UnreadExtent | undefined;
  readonly #origin: string | null;
  readonly #baseUrl: string;
  readonly #source: TileSource | undefined;
  readonly #parts: TileUrlParts;
  #auth: Auth | undefined;

  /**
   * @throws InvalidOptionError for an offset or bounds that are not whole voxels, and for invalid `auth` or settings.
   */
  constructor(options: StackMirrorOptions) {
    checkObject(options, "imageBase, fileExtension, tileWidth", "a StackMirror");
    checkAuth(options.auth);
    const source = tileSourceOf(options.tileSourceType);
    const imageBase = textOf(options.imageBase);
    const base = source?.blocks === undefined ? imageBase : withoutBucketScheme(imageBase);
    const address = parseAddress(base, options.catmaidUrl);
    const catmaid = options.catmaidUrl === undefined ? undefined : parseAddress(options.catmaidUrl);
    this.fileExtension = textOf(options.fileExtension).replace(/^\./, "");
    this.tileWidth = options.tileWidth;
    this.tileHeight = options.tileHeight;
    this.tileSourceType = options.tileSourceType;
    this.title = options.title ?? "";
    this.position = options.position ?? 0;
    this.id = options.id ?? null;
    this.orientation = parseStackOrientation(options.orientation ?? "xy");
    this.stackId = options.stackId ?? null;
    this.projectId = options.projectId ?? null;
    this.settings = tileSourceSettings(options.settings);
    const extent = mirrorExtent(options.offset, options.bounds);
    this.offset = extent.offset;
    this.bounds = extent.bounds;
    this.#source = source;
    const target = source?.asksCatmaid ? catmaid : address;
    // CATMAID accepts an address that is not a URL, so it gets the address unchanged.
    this.imageBase = base !== imageBase ? imageBase : source?.asksCatmaid ? address.given : address.shown;
    this.#auth = options.auth ?? target?.credentials;
    this.#origin = target?.origin ?? null;
    this.#baseUrl = target?.problem === undefined ? (target?.resolved ?? "") : "";
    this.blockFormat = source?.blocks;
    this.#parts = {
      base: source?.isPath ? asFolder(address.resolved) : address.resolved,
      imageBase: this.imageBase,
      catmaidBase: catmaid === undefined ? "" : asFolder(catmaid.resolved),
      extension: this.fileExtension,
      orientation: this.orientation,
      projectId: this.projectId,
      stackId: this.stackId,
      settings: this.settings,
    };
    this.#problem = mirrorProblem(this, source, target);
    const url = source?.url;
    let told = { tiles: true, levels: source?.hasLevels ?? false };
    if (this.#problem === undefined && url !== undefined) {
      const sample = url(this.#parts, this.tileOf(noOffset));
      told = toldApart((tile) => url(this.#parts, tile), told.levels);
      this.#problem = tileUrlProblem(sample, source, target);
      this.#addressProblem = addressProblem(sample, told.tiles);
    }
    this.#hasLevels = told.levels;
  }

  /**
   * Makes the mirror of an entry of `mirrors` in CATMAID's stack info. Numbers may be strings; title, position and id
   * may be missing. Any other mistake makes the mirror unsupported. `offset` and `bounds`, which CATMAID does not know,
   * may be written as CATMAID writes vectors: `{x, y, z}`, `[x, y, z]` or `"(x, y, z)"`.
   *
   * @throws InvalidStackError if the entry is not an object.
   */
  static fromJSON(json: unknown, context: StackMirrorContext & { readonly auth?: Auth } = {}): StackMirror {
    const { options, unread } = readMirror(json, context);
    const mirror = new StackMirror(options);
    // Without its offset, the mirror would return the wrong voxels.
    mirror.#problem ??= unread?.problem;
    mirror.#unread = unread;
    return mirror;
  }

  /** The mirror as CATMAID's stack info has it, without credentials. */
  toJSON(): StackMirrorJson {
    return {
      id: this.id,
      title: this.title,
      image_base: this.imageBase,
      file_extension: this.fileExtension,
      tile_width: this.tileWidth,
      tile_height: this.tileHeight,
      tile_source_type: this.tileSourceType,
      position: this.position,
      ...(this.#unread?.json ?? extentJson(this)),
    };
  }

  /** Why no tile can be fetched from this mirror; `null` if it is supported. */
  get unsupportedReason(): string | null {
    return this.#problem ?? this.#addressProblem ?? null;
  }

  /** Origin that tile requests go to; `null` if the mirror is unsupported, or relative to a page that is not known. */
  get origin(): string | null {
    return this.isSupported ? this.#origin : null;
  }

  /** The base of request URLs: `imageBase` with its host, a bucket's https address, or CATMAID's own URL. */
  get baseUrl(): string {
    return this.#baseUrl;
  }

  /** Credentials of this mirror. Not enumerable, so that they appear in no log and no JSON. */
  get auth(): Auth | undefined {
    return this.#auth;
  }

  set auth(auth: Auth | undefined) {
    checkAuth(auth);
    this.#auth = auth;
  }

  /** Whether tiles can be fetched from this mirror; if not, `unsupportedReason` says why. */
  get isSupported(): boolean {
    return this.unsupportedReason === null;
  }

  /** Whether tiles come with rows and columns swapped: pixel (u, v) belongs at (v, u). */
  get transposed(): boolean {
    return this.#source !== undefined && this.#source.transposedIn === this.orientation;
  }

  /** Whether the tiles come from CATMAID itself, with its credentials (types 3 and 13). */
  get asksCatmaid(): boolean {
    return this.#source?.asksCatmaid ?? false;
  }

  /**
   * Whether this mirror's layout can have tiles of a zoom level. DVID imageblk (type 6) has only level 0, and so has a
   * template (type 10) without `%SCALE_DATASET%`.
   */
  hasZoomLevel(zoomLevel: number): boolean {
    return Number.isInteger(zoomLevel) && (zoomLevel === 0 || this.#hasLevels);
  }

  /**
   * The URL of a tile. It is CATMAID's own, character for character, with two exceptions: a missing slash after a
   * folder is added, and the scale of levels beyond 30, below 0 or between whole ones differs (types 2, 3, 13). It is
   * relative if the mirror's address is relative and no page is known.
   *
   * @throws UnsupportedMirrorError if the mirror has no tile URLs. A mirror with tile URLs may still be unsupported:
   * then several tiles share one address.
   * @throws InvalidOptionError if the index counts tiles of another size.
   * @throws InvalidZoomLevelError for a level that this layout does not have.
   */
  generateUrl(tile: TileIndex): string {
    const url = this.#source?.url;
    if (this.#problem !== undefined || url === undefined) {
      throw new UnsupportedMirrorError(`mirror ${JSON.stringify(this.title)} ${this.#problem ?? noTiles}`);
    }
    if (tile.height !== this.tileHeight || tile.width !== this.tileWidth) {
      throw new InvalidOptionError(
        `a tile index of ${tile.width} × ${tile.height} does not fit mirror ${JSON.stringify(this.title)}, ` +
          `whose tiles are ${this.tileWidth} × ${this.tileHeight}`,
      );
    }
    return url(this.#parts, tile);
  }

  /**
   * The tile that holds a voxel of the mirror's own array, and the voxel's place in the tile. The mirror's `offset` is
   * not applied: {@link StackMirror.tileOf} takes voxels of the stack.
   *
   * @param scaledCoords - Scaled voxels of `zoomLevel`, stack axes; may be negative or fractional.
   * @throws InvalidZoomLevelError for a level that is not a whole number.
   * @throws UnsupportedMirrorError if the mirror serves blocks.
   */
  getTileIndex(
    scaledCoords: Vector3,
    zoomLevel = 0,
  ): { readonly tileIndex: TileIndex; readonly offset: Vector3 } {
    if (this.blockFormat !== undefined) {
      throw new UnsupportedMirrorError(`mirror ${JSON.stringify(this.title)} ${noTiles}`);
    }
    if (!Number.isSafeInteger(zoomLevel)) {
      throw new InvalidZoomLevelError(`the zoom level of voxels must be a whole number, got ${zoomLevel}`);
    }
    const tileIndex = new TileIndex({
      depth: Math.floor(scaledCoords.z),
      row: Math.floor(scaledCoords.y / this.tileHeight),
      col: Math.floor(scaledCoords.x / this.tileWidth),
      zoomLevel,
      height: this.tileHeight,
      width: this.tileWidth,
    });
    const { x, y, z } = tileIndex.coords;
    return { tileIndex, offset: { x: scaledCoords.x - x, y: scaledCoords.y - y, z: scaledCoords.z - z } };
  }

  /**
   * The tile of zoom level 0 that holds a voxel of the stack, such as its canary location.
   *
   * @param stackVoxel - Voxel of level 0, stack axes.
   */
  tileOf(stackVoxel: Vector3): TileIndex {
    return this.getTileIndex(mirrorVoxel(this, stackVoxel)).tileIndex;
  }

  /**
   * Whether the mirror holds a voxel of the stack: it is within `bounds`, and not before the mirror's own array.
   *
   * @param stackVoxel - Voxel of level 0, stack axes.
   */
  holds(stackVoxel: Vector3): boolean {
    return holdsVoxel(this, stackVoxel);
  }
}
