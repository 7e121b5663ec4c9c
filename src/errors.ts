/**
 * The errors of this library: one class per thing that a caller can do something about, each with a literal
 * `code`. This file imports nothing, so that workers can use it too.
 */

/** What went wrong, as a literal that survives worker and realm borders. */
export type CatmaidImageErrorCode = CatmaidImageError["code"];

/** An error of this library. {@link isCatmaidImageError} narrows to it, and `code` to one of its classes. */
export type CatmaidImageError =
  | InvalidRoiError
  | InvalidZoomLevelError
  | InvalidOptionError
  | InvalidOutError
  | InvalidStackError
  | UnsupportedMirrorError
  | NoMirrorError
  | BrokenSliceError
  | TileMissingError
  | TileFetchError
  | TileDecodeError
  | CatmaidApiError
  | WorkerError
  | ClosedError;

// A record, so that the compiler reports a code that is missing here.
const codes: Readonly<Record<CatmaidImageErrorCode, true>> = {
  "invalid-roi": true,
  "invalid-zoom-level": true,
  "invalid-option": true,
  "invalid-out": true,
  "invalid-stack": true,
  "unsupported-mirror": true,
  "no-mirror": true,
  "broken-slice": true,
  "tile-missing": true,
  "tile-fetch": true,
  "tile-decode": true,
  api: true,
  worker: true,
  closed: true,
};

/**
 * Whether a value is an error of this library, also when it came from another realm or another copy of the
 * library. Narrow further by `code`.
 *
 * @example
 * ```ts
 * try {
 *   await fetcher.get(roi);
 * } catch (error) {
 *   if (isCatmaidImageError(error) && error.code === "tile-fetch") console.error(error.url, error.status);
 *   else throw error;
 * }
 * ```
 */
export function isCatmaidImageError(value: unknown): value is CatmaidImageError {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as { code?: unknown; message?: unknown };
  return typeof code === "string" && typeof message === "string" && Object.hasOwn(codes, code);
}

/** A thrown value as an error. An error of another realm, which `instanceof` does not recognise, stays as it is. */
export function thrownError(thrown: unknown): Error {
  const isError = typeof (thrown as Error | null | undefined)?.message === "string";
  return isError ? (thrown as Error) : new Error(String(thrown));
}

/** An invalid ROI: NaN, no voxels, lower above upper, not two rows of three columns. */
export class InvalidRoiError extends RangeError {
  /** Literal tag. */
  readonly code = "invalid-roi" as const;
  /** Name of the class. */
  override readonly name = "InvalidRoiError";
}

/** A zoom level that is not a whole number, or one that the stack or the mirror does not have. */
export class InvalidZoomLevelError extends RangeError {
  /** Literal tag. */
  readonly code = "invalid-zoom-level" as const;
  /** Name of the class. */
  override readonly name = "InvalidZoomLevelError";
}

/** An option of the wrong name, type or range. */
export class InvalidOptionError extends TypeError {
  /** Literal tag. */
  readonly code = "invalid-option" as const;
  /** Name of the class. */
  override readonly name = "InvalidOptionError";
}

/** An `out` that the region does not fit: wrong length, shape or element type. */
export class InvalidOutError extends TypeError {
  /** Literal tag. */
  readonly code = "invalid-out" as const;
  /** Name of the class. */
  override readonly name = "InvalidOutError";
}

/** A value that should describe a stack or a mirror and does not. */
export class InvalidStackError extends TypeError {
  /** Literal tag. */
  readonly code = "invalid-stack" as const;
  /** Name of the class. */
  override readonly name = "InvalidStackError";
}

/** A mirror whose tile source type cannot be served by this version, or whose URL is not http(s). */
export class UnsupportedMirrorError extends Error {
  /** Literal tag. */
  readonly code = "unsupported-mirror" as const;
  /** Name of the class. */
  override readonly name = "UnsupportedMirrorError";
}

/** No mirror of the stack can be used, or none answered. */
export class NoMirrorError extends Error {
  /** Literal tag. */
  readonly code = "no-mirror" as const;
  /** Name of the class. */
  override readonly name = "NoMirrorError";
}

/** The region touches a broken slice and the policy is to throw, or no valid slice is left to take its place. */
export class BrokenSliceError extends Error {
  /** Literal tag. */
  readonly code = "broken-slice" as const;
  /** Name of the class. */
  override readonly name = "BrokenSliceError";
  /** The broken section, in level-0 stack voxels along z. */
  readonly section: number;

  constructor(message: string, section: number) {
    super(message);
    this.section = section;
  }
}

/** A request to CATMAID itself failed, by status or by an error in a body of status 200. */
export class CatmaidApiError extends Error {
  /** Literal tag. */
  readonly code = "api" as const;
  /** Name of the class. */
  override readonly name = "CatmaidApiError";
  /** URL asked for, without credentials. */
  readonly url: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The exception class that CATMAID names, such as `"PermissionError"`, if it does. */
  readonly type: string | undefined;

  constructor(message: string, details: { url: string; status: number; type?: string; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.url = details.url;
    this.status = details.status;
    this.type = details.type;
  }
}

/** A worker crashed, hung or could not be replaced. */
export class WorkerError extends Error {
  /** Literal tag. */
  readonly code = "worker" as const;
  /** Name of the class. */
  override readonly name = "WorkerError";
}

/** The fetcher was closed. */
export class ClosedError extends Error {
  /** Literal tag. */
  readonly code = "closed" as const;
  /** Name of the class. */
  override readonly name = "ClosedError";
}

/** Why a tile could not be fetched or decoded. */
export type TileErrorReason =
  /** DNS, refused or reset connection, TLS, or (in a browser indistinguishable from these) CORS. */
  | "network"
  /** No whole answer within `timeoutMs`. */
  | "timeout"
  /** An HTTP status that is neither success nor declared missing. */
  | "http"
  /** A redirect that was not followed: a loop, too many, or credentials at stake. */
  | "redirect"
  /** The body is larger than a tile can be. */
  | "too-large"
  /** The server sent another part of a file than was asked for, or the file ends before that part. */
  | "wrong-range"
  /** The body is not an image: an HTML page, JSON, nothing at all. */
  | "not-an-image"
  /** A valid image of a kind that is not supported. */
  | "unsupported-image"
  /** A truncated or garbled image. */
  | "corrupt-image"
  /** An image larger than the mirror's tiles. */
  | "wrong-size"
  /** The worker that did the tile crashed or hung, each time that it was tried. */
  | "worker"
  /** The server says that the tile does not exist (only where missing tiles are errors). */
  | "missing";

/** What is known of a failed tile, as a plain record that can cross the worker border. */
export interface TileErrorRecord {
  /** Why. */
  readonly reason: TileErrorReason;
  /** One sentence, without credentials. */
  readonly message: string;
  /** URL of the tile, without credentials. */
  readonly url: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The wait before the next attempt that the server asked for, in ms. */
  readonly retryAfterMs?: number;
}

/** What the errors about a tile have in common. */
export abstract class TileError extends Error {
  /** Why. */
  readonly reason: TileErrorReason;
  /** URL of the tile, without credentials. */
  readonly url: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** How often the tile was asked for. */
  readonly attempts: number;

  constructor(record: TileErrorRecord, attempts: number, tile: string | undefined) {
    const where = tile === undefined ? "" : `${tile}: `;
    super(`${where}${record.message}${attempts > 1 ? ` (${attempts} attempts)` : ""}`);
    this.reason = record.reason;
    this.url = record.url;
    this.status = record.status;
    this.attempts = attempts;
  }
}

/** A tile does not exist and `missingTile` is `"throw"`, or a block is not stored and `emptyBlock` is `"throw"`. */
export class TileMissingError extends TileError {
  /** Literal tag. */
  readonly code = "tile-missing" as const;
  /** Name of the class. */
  override readonly name = "TileMissingError";
}

/** A tile did not arrive: network, time-out, HTTP status. */
export class TileFetchError extends TileError {
  /** Literal tag. */
  readonly code = "tile-fetch" as const;
  /** Name of the class. */
  override readonly name = "TileFetchError";
}

/** A tile arrived but is not usable: no image, an unsupported or damaged one, or one of the wrong size. */
export class TileDecodeError extends TileError {
  /** Literal tag. */
  readonly code = "tile-decode" as const;
  /** Name of the class. */
  override readonly name = "TileDecodeError";
}

const decodeReasons: ReadonlySet<TileErrorReason> = new Set<TileErrorReason>([
  "not-an-image",
  "unsupported-image",
  "corrupt-image",
  "wrong-size",
]);

/** The error for a record that came from a worker; `tile` names the tile's position in the stack. */
export function tileErrorFrom(
  record: TileErrorRecord,
  attempts = 1,
  tile?: string,
): TileMissingError | TileFetchError | TileDecodeError {
  if (record.reason === "missing") return new TileMissingError(record, attempts, tile);
  return decodeReasons.has(record.reason)
    ? new TileDecodeError(record, attempts, tile)
    : new TileFetchError(record, attempts, tile);
}

/** Whether an error is about one tile, so that the voxels of all other tiles are not in doubt. */
export function isTileError(value: unknown): value is TileMissingError | TileFetchError | TileDecodeError {
  return isCatmaidImageError(value) && value.code.startsWith("tile-");
}

/** Thrown by decoders inside a worker; becomes a {@link TileErrorRecord} before it leaves. */
export class DecodeFailure extends Error {
  /** Which of the decode reasons. */
  readonly reason: "not-an-image" | "unsupported-image" | "corrupt-image" | "wrong-size";

  constructor(reason: DecodeFailure["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}
