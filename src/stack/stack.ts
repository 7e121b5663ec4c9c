import { InvalidStackError, InvalidZoomLevelError, thrownError } from "../errors.js";
import type { Axis, Vector3 } from "../space/axis-order.js";
import type { CoordinateTransformerOptions } from "../space/coordinate-transformer.js";
import { CoordinateTransformer } from "../space/coordinate-transformer.js";
import { downsampleFactorAt } from "../space/downsample-factor.js";
import type { StackMirror } from "./mirror/stack-mirror.js";
import { isStackMirror } from "./mirror/stack-mirror.js";
import type { TileSize } from "./pyramid.js";
import { estimateMaxZoomLevel, lastTileOf, levelExtentOf } from "./pyramid.js";
import { shownValue } from "./shown-value.js";
import type { StackOptions } from "./stack-options.js";

export type { StackOptions } from "./stack-options.js";

// CATMAID's database stores dimensions in 32 bits.
const largestDimension = 2 ** 31 - 1;

// Beyond these factors, a number cannot tell sections of a level and of the stack apart.
const smallestFactor = 2 ** -10;
const largestFactor = 2 ** 31;

/** Whether a value is a stack. It may come from another copy of the library, which has a class of its own. */
export function isStack(value: unknown): value is Stack {
  return typeof (value as Stack | null | undefined)?.mirrorAt === "function";
}

/** A 3-D image in voxels, and the mirrors that hold it. */
export class Stack {
  /** Voxels per axis at zoom level 0, stack axes. */
  readonly dimension: Vector3;
  /** Sections (stack z, level 0) that the stack declares unusable. */
  readonly brokenSlices: ReadonlySet<number>;
  /** Voxel (level 0, stack axes) that every mirror must be able to serve. */
  readonly canaryLocation: Vector3;
  /** The mirrors, ordered by position. Mirrors with the same position keep the given order. */
  readonly mirrors: readonly StackMirror[];
  /** Voxels of level 0 per voxel of each level, stack axes; `null` for powers of two in x and y. */
  readonly downsampleFactors: readonly Vector3[] | null;
  /** The coarsest zoom level. */
  readonly maxZoomLevel: number;
  /** Whether tiles with negative rows and columns are excluded. */
  readonly clamp: boolean;
  /** Title; may be empty. */
  readonly title: string;
  /** CATMAID's id, if known. */
  readonly id: number | string | null;
  /** The metadata of the stack info. */
  readonly metadata: unknown;
  readonly #warnings: readonly string[];
  readonly #transformer: CoordinateTransformer;

  /** @throws InvalidStackError for an option of the wrong kind or range, and for a missing dimension. */
  constructor(options: StackOptions) {
    checkOptions(options);
    this.dimension = Object.freeze({
      x: dimensionOf(options.dimension, "x"),
      y: dimensionOf(options.dimension, "y"),
      z: dimensionOf(options.dimension, "z"),
    });
    this.brokenSlices = brokenWithin(listOf("brokenSlices", options.brokenSlices), this.dimension.z);
    this.canaryLocation = Object.freeze({ ...(options.canaryLocation ?? { x: 0, y: 0, z: 0 }) });
    const mirrors = listOf("mirrors", options.mirrors);
    checkMirrors(mirrors);
    this.mirrors = Object.freeze(mirrors.sort((a, b) => a.position - b.position));
    const factors = options.downsampleFactors?.length ? options.downsampleFactors : null;
    this.#transformer = transformerOf({ downsampleFactors: factors });
    checkFactors(factors ?? []);
    this.downsampleFactors = this.#transformer.downsampleFactors;
    this.maxZoomLevel =
      levelsOf(options.maxZoomLevel, factors) ?? estimateMaxZoomLevel(this.dimension, this.mirrors);
    this.clamp = options.clamp ?? true;
    this.title = options.title ?? "";
    this.id = options.id ?? null;
    this.metadata = options.metadata ?? null;
    this.#warnings = Object.freeze([...(options.warnings ?? [])]);
  }

  /** Maps points between the spaces. A stack that is not a `ProjectStack` has voxels of 1 nm at the origin. */
  get transformer(): CoordinateTransformer {
    return this.#transformer;
  }

  /** What could not be read of the stack's description, one sentence each. A fetcher passes them to its `onWarning`. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Whether the stack has a zoom level. */
  hasZoomLevel(zoomLevel: number): boolean {
    return Number.isInteger(zoomLevel) && zoomLevel >= 0 && zoomLevel <= this.maxZoomLevel;
  }

  /** Throws an {@link InvalidZoomLevelError} unless the stack has the zoom level. */
  checkZoomLevel(zoomLevel: number): void {
    if (this.hasZoomLevel(zoomLevel)) return;
    const got = typeof zoomLevel === "string" ? JSON.stringify(zoomLevel) : String(zoomLevel);
    const name = this.title === "" ? "the stack" : `stack ${JSON.stringify(this.title)}`;
    throw new InvalidZoomLevelError(`${name} has the zoom levels 0 to ${this.maxZoomLevel}, not ${got}`);
  }

  /**
   * Voxels of level 0 per voxel of a level, stack axes. Works for levels that the stack does not have, too.
   *
   * @throws InvalidZoomLevelError unless the level is a whole number.
   */
  downsampleFactor(zoomLevel: number): Vector3 {
    return downsampleFactorAt(this.downsampleFactors, zoomLevel);
  }

  /** How many voxels a level has per axis. The last one may lie partly outside the stack. */
  levelExtent(zoomLevel: number): Vector3 {
    return levelExtentOf(this.dimension, this.downsampleFactor(zoomLevel));
  }

  /**
   * The last column and row of tiles of a level. As in CATMAID, they are the last ones that whole voxels of the level
   * reach, so a voxel that lies partly outside the stack may be on no tile.
   */
  lastTile(mirror: TileSize, zoomLevel: number): { readonly col: number; readonly row: number } {
    return lastTileOf(this.dimension, this.downsampleFactor(zoomLevel), mirror);
  }

  /**
   * Finds a mirror by title or position; a mirror of this stack is returned itself. A string is looked up as a title
   * first, so that a mirror called `"7"` can be found. If several match, the first by position is returned; if none
   * does, `undefined`.
   */
  mirrorAt(selector: number | string | StackMirror): StackMirror | undefined {
    if (typeof selector === "object") return this.mirrors.find((mirror) => mirror === selector);
    const titled = typeof selector === "string" && this.mirrors.find((mirror) => mirror.title === selector);
    if (titled) return titled;
    const position = typeof selector === "string" && selector.trim() !== "" ? Number(selector) : selector;
    return this.mirrors.find((mirror) => mirror.position === position);
  }
}

/** Makes a transformer. A mistake in its options is reported as one in the stack's description. */
export function transformerOf(options: CoordinateTransformerOptions): CoordinateTransformer {
  try {
    return new CoordinateTransformer(options);
  } catch (error) {
    throw new InvalidStackError(`the stack's ${thrownError(error).message}`);
  }
}

// Callers in JavaScript are not bound by the types: the options may be anything.
function checkOptions(options: StackOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidStackError(
      `a stack is made of options with a dimension, got ${typeof options === "string" ? "text" : shownValue(options)}; ProjectStack.fromStackInfo takes CATMAID's JSON`,
    );
  }
  const dimension: unknown = options.dimension;
  if (typeof dimension === "object" && dimension !== null) return;
  throw new InvalidStackError(
    `a stack must have a dimension { x, y, z } in voxels of level 0, got ${shownValue(dimension)}`,
  );
}

function listOf<T>(name: "brokenSlices" | "mirrors", values: Iterable<T> | null | undefined): T[] {
  if (values === undefined || values === null) return [];
  // Strings are iterable too, but by character.
  if (typeof values === "object" && typeof values[Symbol.iterator] === "function") return [...values];
  throw new InvalidStackError(
    `the stack's ${name} must be a list, a Set or the like, got ${shownValue(values)}; ` +
      "ProjectStack.fromStackInfo takes CATMAID's JSON",
  );
}

function checkMirrors(mirrors: readonly unknown[]): void {
  for (const mirror of mirrors) {
    if (isStackMirror(mirror)) continue;
    throw new InvalidStackError(
      `the stack's mirrors must be StackMirrors, got ${shownValue(mirror)}; StackMirror.fromJSON makes one of CATMAID's JSON`,
    );
  }
}

function dimensionOf(dimension: Vector3, axis: Axis): number {
  const voxels = dimension[axis];
  if (Number.isInteger(voxels) && voxels > 0 && voxels <= largestDimension) return voxels;
  throw new InvalidStackError(
    `the stack's dimension.${axis} must be a whole number from 1 to ${largestDimension}, got ${voxels}`,
  );
}

function checkFactors(factors: readonly Vector3[]): void {
  factors.forEach(({ x, y, z }, level) => {
    if ([x, y, z].every((factor) => factor >= smallestFactor && factor <= largestFactor)) return;
    throw new InvalidStackError(
      `the stack's factors of zoom level ${level} must be from ${smallestFactor} to ${largestFactor}, got ${x}, ${y}, ${z}`,
    );
  });
}

function levelsOf(maxZoomLevel: number | undefined, factors: readonly Vector3[] | null): number | undefined {
  if (factors !== null) return factors.length - 1;
  if (maxZoomLevel === undefined || (Number.isInteger(maxZoomLevel) && maxZoomLevel >= 0))
    return maxZoomLevel;
  throw new InvalidStackError(`the stack's maxZoomLevel must be a whole number from 0, got ${maxZoomLevel}`);
}

function brokenWithin(sections: readonly number[], depth: number): ReadonlySet<number> {
  const broken = sections.filter((section) => Number.isInteger(section) && section >= 0 && section < depth);
  return new Set(broken.sort((a, b) => a - b));
}
