import type { BlockJob, ByteRange } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import { InvalidOptionError } from "../errors.js";
import type { TileIsMissing } from "../options/missing-tile.js";
import type { BlockRequest } from "../schedule/block-scheduler.js";
import type { Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import { bytesPerVoxel } from "../space/data-type.js";
import type { RequestHeaders } from "../stack/mirror/request-headers.js";
import type { Ask, BlockSource } from "./block-source.js";
import { FileRuns } from "./file-runs.js";
import { type Credentials, headersFor } from "./mirror-headers.js";
import { absoluteUrl, originOf } from "./mirror-origin.js";
import { serialOf } from "./mirror-serial.js";

/** The settings that all requests to a mirror share. */
export interface BlockRequestOptions extends Credentials {
  /** Limit for one request, in ms. */
  readonly timeoutMs: number;
  /** HTTP statuses that mean "missing". */
  readonly missingStatuses: readonly number[];
  /** Decides by their content which tiles count as missing, if given. */
  readonly isMissing?: TileIsMissing | undefined;
}

/** What one fetch needs for its requests to one mirror. */
interface FetchOptions {
  readonly options: BlockRequestOptions;
  /** Asks the mirror for parts of a file that holds several blocks. */
  readonly ask: Ask;
  /** Whether the fetch needs a block. */
  isWanted(block: BlockIndex): boolean;
}

// No block is reasonably larger than this, whatever its format: a file may be as large as several uncompressed copies.
const bodyBytesPerByte = 16;
const smallestBodyLimit = 1024 * 1024;
/** The most bytes of a file that are ever received. */
export const largestBodyLimit: number = 512 * 1024 * 1024;

/** Makes the requests of one fetch for the blocks of one source. */
export class BlockRequests {
  readonly #source: BlockSource;
  readonly #fetch: FetchOptions;
  readonly #headers: RequestHeaders | undefined;
  readonly #keyPrefix: string;
  readonly #origin: string;
  readonly #runs = new FileRuns();

  private constructor(source: BlockSource, fetch: FetchOptions, headers: RequestHeaders | undefined) {
    this.#source = source;
    this.#keyPrefix = `${serialOf(source.mirror)}/`;
    this.#fetch = fetch;
    this.#headers = headers;
    this.#origin = originOf(source.mirror);
  }

  /** Makes the headers of fixed credentials once. If `auth` is a function, each request calls it anew. */
  static async create(source: BlockSource, fetch: FetchOptions): Promise<BlockRequests> {
    const isFixed = typeof fetch.options.auth !== "function";
    const headers = isFixed ? await headersFor(source.mirror, fetch.options) : undefined;
    return new BlockRequests(source, fetch, headers);
  }

  /** The cache key of a block. It also names the mirror. */
  key(block: BlockIndex): string {
    return this.#keyPrefix + this.#source.key(block);
  }

  /** The absolute URL of a block's file, without credentials. */
  url(block: BlockIndex): string {
    return shownUrl(absoluteUrl(this.#source.url(block)));
  }

  /** The request for a block. */
  request(block: BlockIndex): BlockRequest {
    const { isMissing } = this.#fetch.options;
    const tile = isMissing && this.#source.tile?.(block);
    return {
      key: this.key(block),
      origin: this.#origin,
      position: this.#source.position(block),
      makeJob: (signal) => this.#job(block, signal),
      ...(tile && { isMissing: (body) => verdictOf(isMissing(tile, body)) }),
    };
  }

  #job(block: BlockIndex, signal: AbortSignal): BlockJob | Promise<BlockJob | undefined> {
    if (this.#source.locate !== undefined) return this.#jobInFile(block, signal);
    if (this.#headers !== undefined) return this.#jobWith(block, this.#headers);
    return this.#freshHeaders().then((headers) => this.#jobWith(block, headers));
  }

  /** The job for a block in a file that holds many. The job has the block's bytes if its neighbours are wanted too. */
  async #jobInFile(block: BlockIndex, signal: AbortSignal): Promise<BlockJob | undefined> {
    const { ask, isWanted } = this.#fetch;
    const place = await this.#source.locate?.(block, isWanted, signal);
    if (place === undefined) return undefined;
    if (place === "whole-file" || place.blocks === 1) {
      const range = place === "whole-file" ? undefined : place.range;
      return this.#jobWith(block, this.#headers ?? (await this.#freshHeaders()), range);
    }
    const url = this.#source.url(block);
    const what = `a part of the file of ${this.#source.position(block)}`;
    const askFor = (part: ByteRange, runSignal: AbortSignal): Promise<Uint8Array | undefined> =>
      ask({ url, range: part, what, maxBytes: part.length }, runSignal);
    const body = await this.#runs.bytesOf(url, place, askFor, signal);
    return { ...this.#jobWith(block, {}), body };
  }

  async #freshHeaders(): Promise<RequestHeaders> {
    return headersFor(this.#source.mirror, this.#fetch.options);
  }

  #jobWith(block: BlockIndex, headers: RequestHeaders, range?: ByteRange): BlockJob {
    const { timeoutMs, missingStatuses, isMissing } = this.#fetch.options;
    const { dataType, blockShape } = this.#source.level(block.level);
    return {
      url: absoluteUrl(this.#source.url(block)),
      ...(range && { range }),
      headers,
      codec: this.#source.codec(block.level),
      shape: this.#source.shapeOf?.(block) ?? blockShape,
      timeoutMs,
      // The shard's index lists this block, so a missing file is an error and not a missing block.
      missingStatuses: range === undefined ? missingStatuses : [],
      returnsBody: isMissing !== undefined && this.#source.tile !== undefined,
      // A server may answer with the whole file; the range is then cut out of it.
      maxBodyBytes: range === undefined ? bodyLimit(blockShape, bytesPerVoxel(dataType)) : largestBodyLimit,
    };
  }
}

function bodyLimit(shape: Triple, voxelBytes: number): number {
  const bytes = shape[0] * shape[1] * shape[2] * voxelBytes;
  return Math.min(largestBodyLimit, Math.max(smallestBodyLimit, bytes * bodyBytesPerByte));
}

/** Refuses a promise: as a truthy value, it would make every tile missing. */
function verdictOf(verdict: boolean): boolean {
  if (typeof verdict === "boolean") return verdict;
  throw new InvalidOptionError(`isMissing must return true or false at once, got ${typeof verdict}`);
}
