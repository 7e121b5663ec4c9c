import { untilAborted } from "../../../concurrency/until-aborted.js";
import type { BlockPlaceInFile } from "../../block-source.js";
import type { ChunkPlace, MinishardIndex } from "./minishard-index.js";

/** Chunks that are asked for at once: their bytes in the file. */
interface Run {
  readonly start: number;
  end: number;
  blocks: number;
}

// What lies between two chunks is thrown away: it costs less than a request.
const largestGap = 64 * 1024;
const longestRun = 8 * 1024 * 1024;

/** How the chunks of a shard that one fetch wants are asked for: those that lie one behind another at once. */
export class ChunkRuns {
  readonly #has: (id: bigint) => boolean;
  readonly #loading = new Set<Promise<unknown>>();
  // Weak: how many indexes are kept is for their cache to say.
  readonly #known = new WeakSet<MinishardIndex>();
  /** Those whose chunks are in no run yet. */
  #fresh: MinishardIndex[] = [];
  readonly #runs = new WeakMap<ChunkPlace, Run>();

  /** @param has - Whether a chunk is wanted. It is asked once of each. */
  constructor(has: (id: bigint) => boolean) {
    this.#has = has;
  }

  /**
   * Where a chunk is, and the run that it is in; `undefined` if there is no such chunk.
   *
   * @param loading - The index of its minishard, which may still be on its way.
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
      // Minishards often lie one behind another: with the indexes that are on their way, their chunks are in one run.
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

  /** Puts the wanted chunks of fresh indexes into runs. */
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
