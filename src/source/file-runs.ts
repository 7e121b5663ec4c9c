import type { ByteRange } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import { SharedTask } from "../concurrency/shared-task.js";
import { tileErrorFrom } from "../errors.js";
import type { BlockPlaceInFile } from "./block-source.js";

/** Asks for a part of a file; `undefined`: there is no such file. */
export type FetchRange = (range: ByteRange, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** The bytes of several blocks that lie one behind another, asked for at once. */
interface Run {
  /** The request, and then its bytes; `undefined` when they were let go. */
  task: SharedTask<Uint8Array> | undefined;
  /** Bytes that are kept. */
  bytes: number;
  /** The first bytes of the blocks that were handed out. */
  readonly taken: Set<number>;
}

/** Options of {@link FileRuns}. */
export interface FileRunsOptions {
  /** Most bytes that are kept for blocks which are still to come. Default: 64 MiB. */
  readonly maxBytes?: number;
}

/**
 * Hands out the bytes of single blocks of files that hold many: neighbours that are wanted too are asked for at once, and
 * kept until they were handed out, or until there are too many of them. Belongs to one fetch and ends with it.
 */
export class FileRuns {
  readonly #maxBytes: number;
  readonly #runs = new Map<string, Run>();
  #keptBytes = 0;

  constructor({ maxBytes = 64 * 1024 * 1024 }: FileRunsOptions = {}) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The bytes of a block, on memory of their own.
   *
   * @param url - The file.
   * @param fetchRange - Asks for a part of it. What it throws is thrown to all who wait, and nothing is remembered.
   * @throws TileFetchError where there is no such file: who knows the place of a block in it knows that it should be there.
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
    // Who comes a second time may have got damaged bytes.
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

/** Whoever gets bytes may transfer them. */
function onItsOwn(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function refuse(url: string): never {
  const message = `there is no ${shownUrl(url)}, though its index says what is in it`;
  throw tileErrorFrom({ reason: "http", message, url: shownUrl(url), status: 404 });
}
