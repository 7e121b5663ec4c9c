import type { ByteRange } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import { SharedTask } from "../concurrency/shared-task.js";
import { tileErrorFrom } from "../errors.js";
import type { BlockPlaceInFile } from "./block-source.js";

/** Asks for a part of a file. The result is `undefined` if there is no such file. */
export type FetchRange = (range: ByteRange, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** The bytes of several blocks that lie one behind another and are asked for at once. */
interface Run {
  /** The request and, later, its bytes; `undefined` once the bytes were dropped. */
  task: SharedTask<Uint8Array> | undefined;
  /** How many bytes are kept. */
  bytes: number;
  /** Where each block that was handed out begins in the file. */
  readonly taken: Set<number>;
}

/** Options of {@link FileRuns}. */
export interface FileRunsOptions {
  /** The most bytes that are kept for blocks not yet handed out. Default: 64 MiB. */
  readonly maxBytes?: number;
}

/**
 * Hands out the bytes of single blocks from files that hold many. Neighbours that are wanted too come with the same
 * request. Their bytes are kept until they are handed out, or until too many are kept. An instance belongs to one fetch
 * and ends with it.
 */
export class FileRuns {
  readonly #maxBytes: number;
  readonly #runs = new Map<string, Run>();
  #keptBytes = 0;

  constructor({ maxBytes = 64 * 1024 * 1024 }: FileRunsOptions = {}) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The bytes of a block, in memory of their own.
   *
   * @param url - The file.
   * @param fetchRange - Asks for a part of the file. Its error goes to all who wait, and nothing is remembered.
   * @throws TileFetchError if there is no such file: an index gave the block's place, so the file should be there.
   */
  async bytesOf(
    url: string,
    { range, run: bounds, blocks }: BlockPlaceInFile,
    fetchRange: FetchRange,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const ask = async (part: ByteRange, partSignal: AbortSignal): Promise<Uint8Array> =>
      (await fetchRange(part, partSignal)) ?? refuse(url);
    const run = blocks > 1 ? this.#runOf(url, bounds, ask) : undefined;
    // A second request for the same block may mean that the first bytes were damaged.
    if (run?.task === undefined || run.taken.has(range.offset)) return onItsOwn(await ask(range, signal));
    const bytes = await run.task.join(signal);
    run.taken.add(range.offset);
    if (run.taken.size === blocks) this.#letGo(run);
    const start = range.offset - bounds.offset;
    return bytes.slice(start, start + range.length);
  }

  #runOf(
    url: string,
    bounds: ByteRange,
    ask: (part: ByteRange, signal: AbortSignal) => Promise<Uint8Array>,
  ): Run {
    const key = `${bounds.offset}+${bounds.length} ${url}`;
    const known = this.#runs.get(key);
    if (known !== undefined) return known;
    const run: Run = { task: undefined, bytes: 0, taken: new Set() };
    let isThere = false;
    run.task = new SharedTask(
      async (shared) => {
        const bytes = await ask(bounds, shared);
        isThere = true;
        if (this.#runs.get(key) === run) this.#keep(run, bytes.length);
        return bytes;
      },
      () => {
        if (!isThere) this.#runs.delete(key);
      },
    );
    this.#runs.set(key, run);
    return run;
  }

  #keep(run: Run, bytes: number): void {
    run.bytes = bytes;
    this.#keptBytes += bytes;
    for (const oldest of this.#runs.values()) {
      if (this.#keptBytes <= this.#maxBytes) break;
      if (oldest.bytes > 0) this.#letGo(oldest);
    }
  }

  #letGo(run: Run): void {
    this.#keptBytes -= run.bytes;
    run.bytes = 0;
    run.task = undefined;
  }
}

/** The receiver of the bytes may transfer them, so they must have a buffer of their own. */
function onItsOwn(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function refuse(url: string): never {
  const message = `there is no ${shownUrl(url)}, though its index says what is in it`;
  throw tileErrorFrom({ reason: "http", message, url: shownUrl(url), status: 404 });
}
