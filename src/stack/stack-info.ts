import { InvalidStackError } from "../errors.js";
import type { Vector3 } from "../space/axis-order.js";
import type { StackOrientation } from "../space/stack-orientation.js";
import { parseStackOrientation } from "../space/stack-orientation.js";
import { readBrokenSections } from "./broken-sections.js";
import { lenientNumber } from "./lenient-number.js";
import { lenientVector } from "./lenient-vector.js";
import type { StackMirrorContext, StackMirrorJson } from "./mirror/stack-mirror.js";
import { StackMirror } from "./mirror/stack-mirror.js";
import { misspeltKeys } from "./misspelt-keys.js";
import { estimateMaxZoomLevel } from "./pyramid.js";
import { shownJson, shownValue } from "./shown-value.js";
import type { FromStackInfoOptions, ProjectStackOptions } from "./stack-options.js";

/**
 * CATMAID's description of a stack: the answer of `/{project}/stack/{stack}/info`. Only `dimension` and `resolution`
 * are required. Numbers may be strings; vectors may be `{x, y, z}`, `[x, y, z]` or `"(x, y, z)"`.
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
  /** Sections that are unusable: `{"5": 1}`, a list, or text of either. The key may also be `broken_sections`. */
  readonly broken_slices?: Readonly<Record<string, unknown>> | readonly number[] | string | null;
  /** The mirrors: a list, or an object keyed by id. Servers before 2017 put the keys of one mirror beside the others. */
  readonly mirrors?: readonly StackMirrorJson[] | Readonly<Record<string, StackMirrorJson>> | null;
  /** Voxel (level 0) that every mirror must be able to serve. */
  readonly canary_location?: Vector3;
  /** Free JSON, or text. `clamp: false` allows tiles with negative rows and columns. */
  readonly metadata?: unknown;
}

// Checked for misspelling. Without one of the other keys there is no stack or no mirror, and that is reported anyway.
const optionalKeys: readonly (keyof StackInfo)[] = [
  "translation",
  "orientation",
  "downsample_factors",
  "num_zoom_levels",
  "broken_slices",
  "mirrors",
  "canary_location",
  "metadata",
];
const optionalMirrorKeys: readonly (keyof StackMirrorJson)[] = ["file_extension"];

type Keys = keyof StackInfo | keyof StackMirrorJson | "broken_sections" | "error" | "detail" | "id" | "title";
type RawInfo = Partial<Readonly<Record<Keys, unknown>>>;

// No stack has more levels: one of 2^31 voxels is a single voxel at this level.
const mostLevels = 31;

/** Reads a {@link StackInfo}, with checks. Throws an InvalidStackError that names the key. */
export function parseStackInfo(given: unknown, context: FromStackInfoOptions = {}): ProjectStackOptions {
  const info = typeof given === "string" ? jsonOf(given) : given;
  if (typeof info !== "object" || info === null || Array.isArray(info)) {
    throw new InvalidStackError(`a stack info must be an object, got ${shownValue(info)}`);
  }
  const raw = info as RawInfo;
  // Errors of Django REST have only a `detail`.
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
  const warnings: string[] = spellingWarnings("the stack info", raw, optionalKeys);
  const mirrors = parseMirrors(raw, { ...context, orientation, stackId: id, projectId }, warnings);
  const downsampleFactors = parseFactors(raw.downsample_factors);
  return {
    dimension,
    resolution: parseVector("resolution", raw.resolution),
    translation: parseVector("translation", raw.translation ?? { x: 0, y: 0, z: 0 }),
    orientation,
    brokenSlices: parseBrokenSlices(raw.broken_slices ?? raw.broken_sections, warnings),
    canaryLocation: parseVector("canary_location", raw.canary_location ?? { x: 0, y: 0, z: 0 }),
    mirrors,
    downsampleFactors,
    ...(downsampleFactors === null && { maxZoomLevel: maxZoomLevelOf(raw, dimension, mirrors, warnings) }),
    clamp: clampOf(metadata),
    title: typeof raw.stitle === "string" ? raw.stitle : "",
    id,
    projectId,
    metadata,
    ...(warnings.length > 0 && { warnings }),
  };
}

function spellingWarnings(what: string, json: object, known: readonly string[]): string[] {
  return misspeltKeys(json, known).map(
    ([given, key]) => `${what} has ${JSON.stringify(given)}, which is not read: CATMAID calls it ${key}`,
  );
}

function unreadWarning(key: string, value: unknown, instead: string): string {
  return `${key} of the stack info cannot be read at ${shownJson(value)}: ${instead}`;
}

function parseBrokenSlices(given: unknown, warnings: string[]): readonly number[] {
  const { sections, unread } = readBrokenSections(given);
  if (unread.length > 0) {
    const value = unread.length === 1 ? unread[0] : unread;
    warnings.push(unreadWarning("broken_slices", value, 'it counts for no section; CATMAID writes {"5": 1}'));
  }
  return sections;
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

/** The factors of a pyramid; `null` if there are none. */
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

/** Whether metadata exclude tiles with negative rows and columns. As in CATMAID, `clamp: null` means false. */
function clampOf(metadata: unknown): boolean {
  if (typeof metadata !== "object" || metadata === null) return true;
  const { clamp } = metadata as { clamp?: unknown };
  return clamp === undefined || Boolean(clamp);
}

/** The mirrors in a list, or in an object keyed by id. An entry that is not an object becomes an unsupported mirror. */
function parseMirrorList(
  value: unknown,
  context: StackMirrorContext,
  warnings: string[],
): readonly StackMirror[] {
  if (typeof value !== "object" || value === null) return [];
  const entries: readonly (readonly [string | undefined, unknown])[] = Array.isArray(value)
    ? // Not `map`, which skips the holes of a sparse list.
      Array.from(value, (entry: unknown) => [undefined, entry] as const)
    : Object.entries(value);
  // Mirrors that a user added in the viewer have no position. They come last, in their order.
  let last = -1;
  for (const [, entry] of entries)
    last = Math.max(last, Number.isNaN(positionOf(entry)) ? -1 : positionOf(entry));
  return entries.map(([id, entry]) => {
    const json = typeof entry === "object" && entry !== null && !Array.isArray(entry) ? entry : {};
    const position = positionOf(json);
    warnings.push(...mirrorWarnings(json, position));
    return StackMirror.fromJSON(
      { id, ...json, position: Number.isNaN(position) ? ++last : position },
      context,
    );
  });
}

function parseMirrors(raw: RawInfo, context: StackMirrorContext, warnings: string[]): readonly StackMirror[] {
  const hasMirrors = raw.mirrors !== undefined && raw.mirrors !== null;
  if (hasMirrors && typeof raw.mirrors !== "object") {
    // The value is not shown, because an address may hold credentials.
    warnings.push("mirrors of the stack info is no list of objects: the stack has none");
  }
  if (hasMirrors || raw.image_base === undefined) return parseMirrorList(raw.mirrors, context, warnings);
  const { image_base, file_extension, tile_width, tile_height, tile_source_type = 1 } = raw;
  return parseMirrorList(
    [{ image_base, file_extension, tile_width, tile_height, tile_source_type }],
    context,
    warnings,
  );
}

function positionOf(entry: unknown): number {
  return typeof entry === "object" && entry !== null
    ? lenientNumber((entry as { position?: unknown }).position)
    : Number.NaN;
}

function mirrorWarnings(json: { readonly position?: unknown }, position: number): string[] {
  const isUnread = Number.isNaN(position) && json.position !== undefined && json.position !== null;
  return [
    ...spellingWarnings("a mirror of the stack info", json, optionalMirrorKeys),
    ...(isUnread ? [unreadWarning("a mirror's position", json.position, "it comes last")] : []),
  ];
}

function maxZoomLevelOf(
  raw: RawInfo,
  dimension: Vector3,
  mirrors: readonly StackMirror[],
  warnings: string[],
): number {
  const given = lenientNumber(raw.num_zoom_levels);
  const isGiven = Number.isInteger(given) && given >= 0 && given <= mostLevels;
  const estimate = estimateMaxZoomLevel(dimension, mirrors);
  // CATMAID's −1 asks for the estimate.
  if (!isGiven && given !== -1 && raw.num_zoom_levels !== undefined && raw.num_zoom_levels !== null) {
    warnings.push(unreadWarning("num_zoom_levels", raw.num_zoom_levels, `taken for ${estimate}`));
  }
  if (!isGiven) return estimate;
  // Servers before 2018 sent no factors; for them this number is the number of levels on disk.
  return raw.downsample_factors === undefined ? given : Math.max(given, estimate);
}

function orientationOf(value: unknown): StackOrientation {
  try {
    return parseStackOrientation(value);
  } catch {
    throw new InvalidStackError(`a stack info must have orientation 0, 1 or 2, got ${shownValue(value)}`);
  }
}

/** Parses JSON text. Other text is returned unchanged. */
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
