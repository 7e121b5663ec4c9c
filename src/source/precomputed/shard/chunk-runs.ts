import { untilAborted } from "../../../concurrency/until-aborted.js";
import type { BlockPlaceInFile } from "../../block-source.js";
import type { ChunkPlace, MinishardIndex } from "./minishard-index.js";

/** The bytes of chunks that are asked for at once. */
interface Run {
  readonly start: number;
  end: number;
  blocks: number;
}

// The bytes between two chunks are thrown away. That costs less than a second request.
const largestGap = 64 * 1024;
const longestRun = 8 * 1024 * 1024;

/** Groups the chunks of a shard that one fetch wants, so that chunks lying one behind another are asked for at once. */
export class ChunkRuns {
  readonly #has: (id: bigint) => boolean;
  readonly #loading = new Set<Promise<unknown>>();
  // Weak, because the cache of indexes decides how many are kept.
  readonly #known = new WeakSet<MinishardIndex>();
  /** Indexes whose chunks are in no run yet. */
  #fresh: MinishardIndex[] = [];
  readonly #runs = new WeakMap<ChunkPlace, Run>();

  /** @param has - Whether the fetch wants a chunk. It is called once for each chunk. */
  constructor(has: (id: bigint) => boolean) {
    this.#has = has;
  }

  /**
   * Where a chunk is, and the run that it belongs to; `undefined` if there is no such chunk.
   *
   * @param loading - The index of the chunk's minishard, which may still be on its way.
   */
  async place(
    id: bigint,
    loading: Promise<MinishardIndex | undefined>,
    signal: AbortSignal,
  ): Promise<BlockPlaceInFile | undefined> {
    const arriving = loading.then((index) => this.#noted(index));
    this.#loading.add(arriving);
    const index = await arriving.finally(() => this.#loading.delete(arriving));
    const place = index?.place(id);
    if (index === undefined || place === undefined) return undefined;
    if (this.#fresh.includes(index)) {
      // Minishards often lie one behind another. Waiting for the other indexes on their way puts chunks of several
      // minishards into one run.
      await untilAborted(Promise.allSettled(this.#loading), signal);
      this.#cut();
    }
    const { start, end, blocks } = this.#runs.get(place) ?? { ...place, blocks: 1 };
    return {
      range: { offset: place.start, length: place.end - place.start },
      run: { offset: start, length: end - start },
      blocks,
    };
  }

  #noted(index: MinishardIndex | undefined): MinishardIndex | undefined {
    if (index !== undefined && !this.#known.has(index)) {
      this.#known.add(index);
      this.#fresh.push(index);
    }
    return index;
  }

  /** Groups the wanted chunks of fresh indexes into runs. */
  #cut(): void {
    const wanted = this.#fresh.flatMap(({ places }) => places.filter(({ id }) => this.#has(id)));
    this.#fresh = [];
    let run: Run | undefined;
    for (const place of wanted.sort((a, b) => a.start - b.start)) {
      if (run === undefined || place.start - run.end > largestGap || place.end - run.start > longestRun) {
        run = { start: place.start, end: place.end, blocks: 0 };
      }
      run.end = Math.max(run.end, place.end);
      run.blocks++;
      this.#runs.set(place, run);
    }
  }
}
