import { defaultCacheBytes } from "../cache/tile-cache.js";
import { InvalidOptionError } from "../errors.js";
import type { BrokenSliceHandling } from "../plan/broken-slices.js";
import { brokenSliceHandlings } from "../plan/broken-slices.js";
import type { CreateTileWorker } from "../pool/worker-handle.js";
import type { RetryOptions } from "../schedule/retry.js";
import { defaultRetry } from "../schedule/retry.js";
import type { Orientation3D } from "../space/axis-order.js";
import { axisOrders } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import { dataTypes, holdsValue } from "../space/data-type.js";
import type { Auth } from "../stack/mirror/auth.js";
import { checkAuth } from "../stack/mirror/auth.js";
import { checkHeaders, type RequestHeaders } from "../stack/mirror/request-headers.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import {
  checkFillValue,
  duration,
  functionOrNone,
  memoryLimit,
  oneOf,
  refuseUnknown,
  show,
  wholeNumber,
} from "./check-option.js";
import type { EmptyBlock, MissingTile, TileIsMissing } from "./missing-tile.js";
import { emptyBlocks, missingTiles } from "./missing-tile.js";

/** Options of an `ImageFetcher`. */
export interface ImageFetcherOptions<D extends DataType = "uint8"> {
  /** Axis order of ROIs and volumes, slowest first. Default: `"zyx"`, C order. */
  readonly outputOrientation?: Orientation3D;
  /** The mirror to start with: its position, its title or itself. Default: the first usable one by position. */
  readonly preferredMirror?: number | string | StackMirror;
  /** Limit for one request, body included, in ms. Default: 10 000. */
  readonly timeoutMs?: number;
  /** Most decoded tiles in the cache. Default: no limit of their number. */
  readonly cacheItems?: number;
  /** Most bytes of decoded tiles in the cache. Default: 256 MiB. */
  readonly cacheBytes?: number;
  /** Default of the option `maxMemoryBytes` of `get`, for volumes that go to a writer. Default: 256 MiB. */
  readonly maxMemoryBytes?: number;
  /** What stands in for a broken slice. Default: `"fill"`. */
  readonly brokenSliceHandling?: BrokenSliceHandling;
  /** Value of every voxel without data (catpy's `cval`); the data type must hold it. Default: 0. */
  readonly fillValue?: number | bigint;
  /**
   * Data type of the volumes. With `"uint16"`, tiles may have 16 bits per sample; tiles of 8 bits keep their values.
   * The blocks of a mirror of blocks must have exactly this type. Default: the type of the blocks; for tiles `"uint8"`,
   * and a tile of 16 bits is an error. Give the option also if the compiler should know of another type than `"uint8"`.
   */
  readonly dataType?: D;
  /**
   * The channel. For colour tiles: 0 for red, 1 for green, 2 for blue, 3 for alpha; `"grey"` for their luma, ITU-R
   * 601-2. For blocks of several channels: its number, from 0. Default: `"grey"` for tiles; such blocks have no
   * default, and it must be given.
   */
  readonly channel?: "grey" | number;
  /** What happens to a missing tile. Default: `"fill"`, and an entry in the report. */
  readonly missingTile?: MissingTile;
  /** What happens to a block that N5 or a precomputed volume does not store. Default: `"zero"`, and a count in the report. */
  readonly emptyBlock?: EmptyBlock;
  /**
   * HTTP statuses that mean "missing". All are allowed but 200 and the redirects that are followed. Add 403 for object
   * stores that answer so. Default: `[404, 410]`.
   */
  readonly missingStatuses?: readonly number[];
  /** Declares tiles missing by their content; see {@link TileIsMissing}. Default: no tile is. */
  readonly isMissing?: TileIsMissing;
  /**
   * Mirrors that take over the rest of a fetch when one goes down: `true` for all others by position, or a list. A
   * mirror is down if it does not answer, answers with 5xx, denies access or sends no images, but not if a tile is
   * missing. Mirrors need not hold the same array: the report says which blocks came from which mirror. Default:
   * `false`.
   */
  readonly failover?: boolean | readonly (number | string | StackMirror)[];
  /** Credentials of the mirror to start with; they go to its origin alone. Default: the mirror's own, if any. */
  readonly auth?: Auth;
  /**
   * Headers of the requests to the mirror to start with, by name. Like credentials, which override them, they go to its
   * origin alone. A browser sets some itself, such as `User-Agent` and `Referer`; the fetcher warns that yours are not
   * sent. Across origins the server must allow the others by CORS. Default: none; Node sends a `User-Agent` of the
   * library.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Most requests in flight to one host. Default: 32. */
  readonly maxRequests?: number;
  /** Most requests per second to one host, including retries and probes. Default: no limit. */
  readonly maxRequestsPerSecond?: number;
  /** How failed requests are repeated. */
  readonly retry?: RetryOptions;
  /** Used for requests, in the calling thread. Default: `fetch` of a browser, sockets of Node, inside the workers. */
  readonly fetch?: typeof globalThis.fetch;
  /** Called with a sentence about something that is worth knowing but no error. Default: `console.warn`. */
  readonly onWarning?: (message: string) => void;
}

/** Options of a `ThreadedImageFetcher`. */
export interface ThreadedImageFetcherOptions<D extends DataType = "uint8"> extends ImageFetcherOptions<D> {
  /** Most workers, which start as blocks need them. Default: the number of cores, at most 8. */
  readonly threads?: number;
  /**
   * Makes a worker that runs `catmaid-image/worker`, for pages whose policy forbids the default. Fetchers with the same
   * function and the same `threads` share workers.
   */
  readonly createWorker?: CreateTileWorker;
  /** How long the workers outlive their last fetcher, in ms; with 0, `close` waits for their end. Default: 30 000. */
  readonly keepWorkersMs?: number;
}

/** Options with their defaults filled in. */
export interface ResolvedOptions
  extends Omit<
    Required<ImageFetcherOptions<DataType>>,
    "preferredMirror" | "dataType" | "channel" | "isMissing" | "auth" | "headers" | "retry" | "fetch"
  > {
  readonly dataType: DataType | undefined;
  readonly channel: "grey" | number | undefined;
  readonly preferredMirror: number | string | StackMirror | undefined;
  readonly isMissing: TileIsMissing | undefined;
  readonly auth: Auth | undefined;
  readonly headers: RequestHeaders | undefined;
  readonly retry: Required<RetryOptions>;
  readonly fetch: typeof globalThis.fetch | undefined;
}

const fetcherOptionNames: readonly string[] = [
  "outputOrientation",
  "preferredMirror",
  "timeoutMs",
  "cacheItems",
  "cacheBytes",
  "maxMemoryBytes",
  "brokenSliceHandling",
  "fillValue",
  "dataType",
  "channel",
  "missingTile",
  "emptyBlock",
  "missingStatuses",
  "isMissing",
  "failover",
  "auth",
  "headers",
  "maxRequests",
  "maxRequestsPerSecond",
  "retry",
  "fetch",
  "onWarning",
];

/** Names of the options of both fetchers. */
export const imageFetcherOptionNames: ReadonlySet<string> = new Set(fetcherOptionNames);

/** Names of the options of the threaded fetcher. */
export const threadedOptionNames: ReadonlySet<string> = new Set([
  ...fetcherOptionNames,
  "threads",
  "createWorker",
  "keepWorkersMs",
]);

/** Checks options and fills in the defaults. Throws an `InvalidOptionError` that names the option. */
export function resolveOptions(
  options: ImageFetcherOptions<DataType>,
  names: ReadonlySet<string>,
): ResolvedOptions {
  refuseUnknown(options, names, "an image fetcher");
  const o = options;
  checkAuth(o.auth);
  const retry = o.retry ?? {};
  refuseUnknown(retry, new Set(Object.keys(defaultRetry)), "retry");
  const dataType = o.dataType === undefined ? undefined : oneOf("dataType", o.dataType, dataTypes);
  return {
    outputOrientation: oneOf("outputOrientation", o.outputOrientation ?? "zyx", axisOrders),
    preferredMirror: o.preferredMirror,
    timeoutMs: duration("timeoutMs", o.timeoutMs ?? 10_000),
    cacheItems: budget("cacheItems", o.cacheItems ?? Number.POSITIVE_INFINITY),
    cacheBytes: budget("cacheBytes", o.cacheBytes ?? defaultCacheBytes),
    maxMemoryBytes: memoryLimit(o.maxMemoryBytes ?? 256 * 2 ** 20),
    brokenSliceHandling: oneOf("brokenSliceHandling", o.brokenSliceHandling ?? "fill", brokenSliceHandlings),
    dataType,
    channel:
      typeof o.channel === "number" ? wholeNumber("channel", o.channel, 0, 65_535) : greyOrNone(o.channel),
    fillValue: fillValue(o.fillValue ?? 0, dataType),
    missingTile: oneOf("missingTile", o.missingTile ?? "fill", missingTiles),
    emptyBlock: oneOf("emptyBlock", o.emptyBlock ?? "zero", emptyBlocks),
    missingStatuses: statuses(o.missingStatuses ?? [404, 410]),
    isMissing: functionOrNone("isMissing", o.isMissing),
    failover: failoverOf(o.failover ?? false),
    auth: o.auth,
    headers: o.headers === undefined ? undefined : checkHeaders(o.headers, "headers"),
    maxRequests: wholeNumber("maxRequests", o.maxRequests ?? 32, 1, 1024),
    maxRequestsPerSecond: rate("maxRequestsPerSecond", o.maxRequestsPerSecond ?? Number.POSITIVE_INFINITY),
    retry: {
      attempts: wholeNumber("retry.attempts", retry.attempts ?? defaultRetry.attempts, 1, 100),
      baseDelayMs: duration("retry.baseDelayMs", retry.baseDelayMs ?? defaultRetry.baseDelayMs, 0),
      maxDelayMs: duration("retry.maxDelayMs", retry.maxDelayMs ?? defaultRetry.maxDelayMs, 0),
    },
    fetch: functionOrNone("fetch", o.fetch),
    onWarning:
      functionOrNone("onWarning", o.onWarning) ?? ((message) => console.warn(`catmaid-image: ${message}`)),
  };
}

// At this rate, a timer can still hold the wait for the next request.
const slowestRate = 0.001;

function rate(name: string, value: number): number {
  if (typeof value === "number" && value >= slowestRate) return value;
  throw new InvalidOptionError(`${name} must be a number of at least ${slowestRate}, got ${show(value)}`);
}

function budget(name: string, value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  return wholeNumber(name, value, 0, Number.MAX_SAFE_INTEGER);
}

const followed: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function statuses(values: readonly number[]): readonly number[] {
  if (!Array.isArray(values))
    throw new InvalidOptionError("missingStatuses must be an array of HTTP statuses");
  return values.map((status) => {
    if (!followed.has(status)) return wholeNumber("missingStatuses", status, 201, 599);
    throw new InvalidOptionError(`missingStatuses cannot have ${status}: such redirects are followed`);
  });
}

function failoverOf<T>(value: boolean | readonly T[]): boolean | readonly T[] {
  if (typeof value === "boolean" || Array.isArray(value)) return value;
  throw new InvalidOptionError(`failover must be true, false or a list of mirrors, got ${show(value)}`);
}

function greyOrNone(channel: "grey" | undefined): "grey" | undefined {
  return channel === undefined ? undefined : oneOf<"grey">("channel", channel, ["grey"]);
}

/** Checks that a data type holds a fill value or, without a data type, that there is one which holds it. */
function fillValue(value: number | bigint, dataType: DataType | undefined): number | bigint {
  const holder = dataType ?? dataTypes.find((type) => holdsValue(type, value)) ?? "uint8";
  return checkFillValue(value, holder);
}
