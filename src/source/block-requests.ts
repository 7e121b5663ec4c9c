import type { BlockJob } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import { InvalidOptionError } from "../errors.js";
import type { TileIsMissing } from "../options/missing-tile.js";
import type { BlockRequest } from "../schedule/block-scheduler.js";
import type { BlockIndex } from "../space/block.js";
import type { Auth } from "../stack/mirror/auth.js";
import { authHeaders } from "../stack/mirror/auth.js";
import { joinedHeaders, type RequestHeaders } from "../stack/mirror/request-headers.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { BlockSource } from "./block-source.js";
import { absoluteUrl, originOf } from "./mirror-origin.js";

/** What all requests to a mirror share. */
export interface BlockRequestOptions {
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

/** How mirrors are read and asked: what all fetches and probes of a fetcher share. */
export interface SourceAccess {
  /** What is read of a mirror. */
  sourceOf(mirror: StackMirror): BlockSource;
  /** What the requests to a mirror share. */
  requestOptions(mirror: StackMirror): BlockRequestOptions;
}

// A block cannot reasonably be larger than this, whatever its format: room for a few uncompressed copies of it.
const bodyBytesPerVoxel = 16;
const smallestBodyLimit = 1024 * 1024;
const largestBodyLimit = 512 * 1024 * 1024;

/** Makes the requests for the blocks of one source. */
export class BlockRequests {
  readonly #source: BlockSource;
  readonly #options: BlockRequestOptions;
  readonly #headers: RequestHeaders | undefined;
  readonly #keyPrefix: string;
  readonly #origin: string;

  private constructor(
    source: BlockSource,
    options: BlockRequestOptions,
    headers: RequestHeaders | undefined,
  ) {
    this.#source = source;
    this.#keyPrefix = `${serialOf(source.mirror)}/`;
    this.#options = options;
    this.#headers = headers;
    this.#origin = originOf(source.mirror);
  }

  /** Makes the headers of fixed credentials once; those of a function are asked for with each request. */
  static async create(source: BlockSource, options: BlockRequestOptions): Promise<BlockRequests> {
    const isFixed = typeof options.auth !== "function";
    const headers = isFixed ? await headersFor(source.mirror, options) : undefined;
    return new BlockRequests(source, options, headers);
  }

  /** Names mirror and block, for the cache. */
  key(block: BlockIndex): string {
    return this.#keyPrefix + this.#source.key(block);
  }

  /** The absolute URL of a block, without credentials. */
  url(block: BlockIndex): string {
    return shownUrl(absoluteUrl(this.#source.locate(block).url));
  }

  /** The request for a block. */
  request(block: BlockIndex): BlockRequest {
    const { isMissing } = this.#options;
    const tile = this.#source.tile?.(block);
    return {
      key: this.key(block),
      origin: this.#origin,
      position: this.#source.position(block),
      makeJob: () => this.#job(block),
      ...(isMissing !== undefined &&
        tile !== undefined && { isMissing: (body) => verdictOf(isMissing(tile, body)) }),
    };
  }

  #job(block: BlockIndex): BlockJob | Promise<BlockJob> {
    if (this.#headers !== undefined) return this.#jobWith(block, this.#headers);
    return headersFor(this.#source.mirror, this.#options).then((headers) => this.#jobWith(block, headers));
  }

  #jobWith(block: BlockIndex, headers: RequestHeaders): BlockJob {
    const { url, range } = this.#source.locate(block);
    const { level } = block;
    const shape = this.#source.level(level).blockShape;
    const { timeoutMs, missingStatuses } = this.#options;
    return {
      url: absoluteUrl(url),
      ...(range && { range }),
      headers,
      codec: this.#source.codec(level),
      shape,
      timeoutMs,
      missingStatuses,
      returnsBody: this.#options.isMissing !== undefined,
      maxBodyBytes: Math.min(
        largestBodyLimit,
        Math.max(smallestBodyLimit, shape[0] * shape[1] * shape[2] * bodyBytesPerVoxel),
      ),
    };
  }
}

/** A promise would be taken for `true`, and every block for missing. */
function verdictOf(verdict: boolean): boolean {
  if (typeof verdict === "boolean") return verdict;
  throw new InvalidOptionError(`isMissing must return true or false at once, got ${typeof verdict}`);
}

async function headersFor(
  mirror: StackMirror,
  { auth, headers = {} }: BlockRequestOptions,
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
