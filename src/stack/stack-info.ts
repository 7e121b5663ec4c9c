import { InvalidStackError } from "../errors.js";
import type { Vector3 } from "../space/axis-order.js";
import type { StackOrientation } from "../space/stack-orientation.js";
import { parseStackOrientation } from "../space/stack-orientation.js";
import { lenientNumber } from "./lenient-number.js";
import { lenientVector } from "./lenient-vector.js";
import type { StackMirrorContext, StackMirrorJson } from "./mirror/stack-mirror.js";
import { StackMirror } from "./mirror/stack-mirror.js";
import { estimateMaxZoomLevel } from "./pyramid.js";
import { shownValue } from "./shown-value.js";
import type { FromStackInfoOptions, ProjectStackOptions } from "./stack-options.js";

/**
 * CATMAID's description of a stack, the answer of `/{project}/stack/{stack}/info`. Only `dimension` and `resolution`
 * must be there; numbers may be text; vectors may be `{x, y, z}`, `[x, y, z]` or `"(x, y, z)"`.
 */
export interface StackInfo {
  /** Id of the stack. */
  readonly sid?: number | string;
  /** Id of the project. */
  readonly pid?: number | string;
  /** Title of the stack. */
  readonly stitle?: string;
  /** Title of the project. */
  readonly ptitle?: string;
  /** Voxels at zoom level 0, stack axes. */
  readonly dimension: Vector3;
  /** Nanometres per voxel, stack axes. */
  readonly resolution: Vector3;
  /** Place of the stack's origin in nanometres, project axes. */
  readonly translation?: Vector3;
  /** 0, 1, 2 for XY, XZ, ZY. */
  readonly orientation?: number;
  /** Voxels of level 0 per voxel of each level, stack axes; `null`: to be estimated. */
  readonly downsample_factors?: readonly Vector3[] | null;
  /** Index of the coarsest level; −1: to be estimated. */
  readonly num_zoom_levels?: number;
  /** Sections that are unusable: `{"5": 1}`, or a list; JSON of these will do. */
  readonly broken_slices?: Readonly<Record<string, unknown>> | readonly number[] | string | null;
  /** The mirrors: a list, or an object keyed by id. Servers before 2017 have one mirror's keys beside the others instead. */
  readonly mirrors?: readonly StackMirrorJson[] | Readonly<Record<string, StackMirrorJson>> | null;
  /** Voxel (level 0) that every mirror must be able to serve. */
  readonly canary_location?: Vector3;
  /** Free JSON, or text; `clamp: false` allows tiles of negative rows and columns. */
  readonly metadata?: unknown;
}

type Keys = keyof StackInfo | keyof StackMirrorJson | "error" | "detail" | "id" | "title";
type RawInfo = Partial<Readonly<Record<Keys, unknown>>>;

// More levels than this cannot be of any stack: one of 2^31 voxels is a single one by then.
const mostLevels = 31;

/** What a {@link StackInfo} says, checked. Throws an InvalidStackError that names the key. */
export function parseStackInfo(given: unknown, context: FromStackInfoOptions = {}): ProjectStackOptions {
  const info = typeof given === "string" ? jsonOf(given) : given;
  if (typeof info !== "object" || info === null || Array.isArray(info)) {
    throw new InvalidStackError(`a stack info must be an object, got ${shownValue(info)}`);
  }
  const raw = info as RawInfo;
  // Of Django REST's errors there is no more than the detail.
  const told = raw.error ?? raw.detail;
  if (typeof told === "string") {
    throw new InvalidStackError(`CATMAID sent an error instead of a stack info: ${shownValue(told)}`);
  }
  const dimension = parseVector("dimension", raw.dimension);
  const orientation =
    raw.orientation === undefined || raw.orientation === null ? "xy" : orientationOf(raw.orientation);
  const id = idOf(raw.sid);
  const projectId = idOf(raw.pid);
  const metadata = jsonOf(raw.metadata);
  const mirrors = parseMirrors(raw, { ...context, orientation, stackId: id, projectId });
  const downsampleFactors = parseFactors(raw.downsample_factors);
  return {
    dimension,
    resolution: parseVector("resolution", raw.resolution),
    translation: parseVector("translation", raw.translation ?? { x: 0, y: 0, z: 0 }),
    orientation,
    brokenSlices: parseBrokenSlices(raw.broken_slices),
    canaryLocation: parseVector("canary_location", raw.canary_location ?? { x: 0, y: 0, z: 0 }),
    mirrors,
    downsampleFactors,
    ...(downsampleFactors === null && { maxZoomLevel: maxZoomLevelOf(raw, dimension, mirrors) }),
    clamp: clampOf(metadata),
    title: typeof raw.stitle === "string" ? raw.stitle : "",
    id,
    projectId,
    metadata,
  };
}

/** Three numbers as CATMAID writes them: `{x, y, z}`, `[x, y, z]` or `"(x, y, z)"`. */
function parseVector(name: string, value: unknown): Vector3 {
  const vector = lenientVector(value);
  if (Number.isNaN(vector.x + vector.y + vector.z)) {
    throw new InvalidStackError(
      `a stack info must have ${name} as {x, y, z} of numbers, got ${shownValue(value)}`,
    );
  }
  return vector;
}

/** The factors of a pyramid; `null` where there are none to be had. */
function parseFactors(value: unknown): readonly Vector3[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) {
    throw new InvalidStackError(
      `a stack info must have downsample_factors as a list, got ${shownValue(value)}`,
    );
  }
  if (value.length === 0) return null;
  return Array.from(value, (factor: unknown, level) => parseVector(`downsample_factors[${level}]`, factor));
}

/**
 * The sections of `{"5": 1}`, `[5]`, a Set, JSON text of the first two, or nothing. What is not the number of a section
 * is passed over.
 */
function parseBrokenSlices(given: unknown): readonly number[] {
  const value = jsonOf(given);
  if (typeof value !== "object" || value === null) return [];
  const names: readonly unknown[] = isIterable(value)
    ? [...value]
    : Object.entries(value)
        .filter(([, isBroken]) => Boolean(isBroken))
        .map(([section]) => section);
  return names.map(lenientNumber).filter((section) => Number.isInteger(section));
}

function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function";
}

/** Whether metadata leave tiles of negative rows and columns alone; as in CATMAID, `clamp: null` means false. */
function clampOf(metadata: unknown): boolean {
  if (typeof metadata !== "object" || metadata === null) return true;
  const { clamp } = metadata as { clamp?: unknown };
  return clamp === undefined || Boolean(clamp);
}

/** The mirrors of a list, or of an object keyed by id. One that is no object becomes an unsupported mirror. */
function parseMirrorList(value: unknown, context: StackMirrorContext): readonly StackMirror[] {
  if (typeof value !== "object" || value === null) return [];
  const entries: readonly (readonly [string | undefined, unknown])[] = Array.isArray(value)
    ? // Not map, which leaves out the holes of a sparse list.
      Array.from(value, (entry: unknown) => [undefined, entry] as const)
    : Object.entries(value);
  // Mirrors that a user added in the viewer have no position: they come last, in their order.
  let last = -1;
  for (const [, entry] of entries)
    last = Math.max(last, Number.isNaN(positionOf(entry)) ? -1 : positionOf(entry));
  return entries.map(([id, entry]) => {
    const json = typeof entry === "object" && entry !== null && !Array.isArray(entry) ? entry : {};
    const position = positionOf(json);
    return StackMirror.fromJSON(
      { id, ...json, position: Number.isNaN(position) ? ++last : position },
      context,
    );
  });
}

function parseMirrors(raw: RawInfo, context: StackMirrorContext): readonly StackMirror[] {
  const hasMirrors = raw.mirrors !== undefined && raw.mirrors !== null;
  if (hasMirrors || raw.image_base === undefined) return parseMirrorList(raw.mirrors, context);
  const { image_base, file_extension, tile_width, tile_height, tile_source_type = 1 } = raw;
  return parseMirrorList(
    [{ image_base, file_extension, tile_width, tile_height, tile_source_type }],
    context,
  );
}

function positionOf(entry: unknown): number {
  return typeof entry === "object" && entry !== null
    ? lenientNumber((entry as { position?: unknown }).position)
    : Number.NaN;
}

function maxZoomLevelOf(raw: RawInfo, dimension: Vector3, mirrors: readonly StackMirror[]): number {
  const given = lenientNumber(raw.num_zoom_levels);
  const isGiven = Number.isInteger(given) && given >= 0 && given <= mostLevels;
  const estimate = estimateMaxZoomLevel(dimension, mirrors);
  if (!isGiven) return estimate;
  // Servers before 2018 had no factors, and this number was what was on disk.
  return raw.downsample_factors === undefined ? given : Math.max(given, estimate);
}

function orientationOf(value: unknown): StackOrientation {
  try {
    return parseStackOrientation(value);
  } catch {
    throw new InvalidStackError(`a stack info must have orientation 0, 1 or 2, got ${shownValue(value)}`);
  }
}

/** What a text of JSON says; anything else is left as it is. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== "string") return value ?? null;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function idOf(value: unknown): number | string | null {
  return typeof value === "number" || typeof value === "string" ? value : null;
}
