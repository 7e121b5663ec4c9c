import type { TileJob } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import { InvalidOptionError } from "../errors.js";
import type { TileIsMissing } from "../options/missing-tile.js";
import type { TileRequest } from "../schedule/tile-scheduler.js";
import type { Auth } from "../stack/mirror/auth.js";
import { authHeaders } from "../stack/mirror/auth.js";
import { joinedHeaders, type RequestHeaders } from "../stack/mirror/request-headers.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { TileIndex } from "../stack/mirror/tile-index.js";

import { absoluteUrl, originOf } from "./mirror-origin.js";

/** What all requests to a mirror share. */
export interface MirrorRequestOptions {
  /** Credentials for the mirror, if any. */
  readonly auth: Auth | undefined;
  /** Other headers for the mirror; those of the credentials go over them. */
  readonly headers?: RequestHeaders | undefined;
  /** Limit for one request, in ms. */
  readonly timeoutMs: number;
  /** HTTP statuses that mean "missing". */
  readonly missingStatuses: readonly number[];
  /** Declares tiles missing by their content, if given. */
  readonly isMissing?: TileIsMissing | undefined;
}

// A tile cannot reasonably be larger than this, whatever its format: room for a few uncompressed copies of it.
const bodyBytesPerPixel = 16;
const smallestBodyLimit = 1024 * 1024;
const largestBodyLimit = 512 * 1024 * 1024;

/** Makes the requests for the tiles of one mirror. */
export class MirrorRequests {
  readonly #mirror: StackMirror;
  readonly #keyPrefix: string;
  readonly #options: MirrorRequestOptions;
  readonly #headers: RequestHeaders | undefined;
  readonly #origin: string;

  private constructor(
    mirror: StackMirror,
    options: MirrorRequestOptions,
    headers: RequestHeaders | undefined,
  ) {
    this.#mirror = mirror;
    this.#keyPrefix = `${serialOf(mirror)}/`;
    this.#options = options;
    this.#headers = headers;
    this.#origin = originOf(mirror);
  }

  /** Makes the headers of fixed credentials once; those of a function are asked for with each request. */
  static async create(mirror: StackMirror, options: MirrorRequestOptions): Promise<MirrorRequests> {
    const isFixed = typeof options.auth !== "function";
    return new MirrorRequests(mirror, options, isFixed ? await headersFor(mirror, options) : undefined);
  }

  /** Names mirror and tile, for the cache. */
  key(tile: TileIndex): string {
    return this.#keyPrefix + tile.key;
  }

  /** The absolute URL of a tile, without credentials. */
  url(tile: TileIndex): string {
    return shownUrl(absoluteUrl(this.#mirror.generateUrl(tile)));
  }

  /** The request for a tile. */
  request(tile: TileIndex): TileRequest {
    const url = absoluteUrl(this.#mirror.generateUrl(tile));
    const { depth, row, col, zoomLevel } = tile;
    const { isMissing } = this.#options;
    return {
      key: this.key(tile),
      origin: this.#origin,
      position: `tile at section ${depth}, row ${row}, column ${col} of zoom level ${zoomLevel}`,
      url: shownUrl(url),
      makeJob: () => this.#job(url),
      ...(isMissing === undefined ? {} : { isMissing: (body) => verdictOf(isMissing(tile, body)) }),
    };
  }

  #job(url: string): TileJob | Promise<TileJob> {
    if (this.#headers !== undefined) return this.#jobWith(url, this.#headers);
    return headersFor(this.#mirror, this.#options).then((headers) => this.#jobWith(url, headers));
  }

  #jobWith(url: string, headers: RequestHeaders): TileJob {
    const { tileWidth, tileHeight, transposed } = this.#mirror;
    const { timeoutMs, missingStatuses } = this.#options;
    return {
      url,
      headers,
      tileWidth,
      tileHeight,
      transpose: transposed,
      timeoutMs,
      missingStatuses,
      returnsBody: this.#options.isMissing !== undefined,
      maxBodyBytes: Math.min(
        largestBodyLimit,
        Math.max(smallestBodyLimit, tileWidth * tileHeight * bodyBytesPerPixel),
      ),
    };
  }
}

/** A promise would be taken for `true`, and every tile for missing. */
function verdictOf(verdict: boolean): boolean {
  if (typeof verdict === "boolean") return verdict;
  throw new InvalidOptionError(`isMissing must return true or false at once, got ${typeof verdict}`);
}

async function headersFor(
  mirror: StackMirror,
  { auth, headers = {} }: MirrorRequestOptions,
): Promise<RequestHeaders> {
  return joinedHeaders(headers, await authHeaders(auth, tokenHeaderOf(mirror)));
}

function tokenHeaderOf(mirror: StackMirror): "X-Authorization" | "Authorization" {
  return mirror.asksCatmaid ? "X-Authorization" : "Authorization";
}

// Cache keys name mirrors by number: an image base may hold credentials, and two mirrors may share one.
const serials = new WeakMap<StackMirror, number>();
let mirrorsSeen = 0;

function serialOf(mirror: StackMirror): number {
  let serial = serials.get(mirror);
  if (serial === undefined) {
    serial = mirrorsSeen++;
    serials.set(mirror, serial);
  }
  return serial;
}
