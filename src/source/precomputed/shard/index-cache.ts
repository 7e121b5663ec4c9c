import { LRUCache } from "lru-cache";
import { SharedTask } from "../../../concurrency/shared-task.js";

/** What is kept: an index, or that there is none. */
interface Kept<T> {
  readonly index: T | undefined;
}

// Room for the largest index that is read, and for thousands of usual ones.
const maxBytes = 64 * 1024 * 1024;
const bytesOfNone = 64;

/**
 * Indexes of shards, least recently used dropped first. Each is loaded once, however many wait for it; one that failed, or
 * that nobody waits for any more, is loaded again by the next who asks.
 */
export class IndexCache<T extends { readonly byteLength: number }> {
  readonly #kept = new LRUCache<string, Kept<T>>({
    maxSize: maxBytes,
    sizeCalculation: ({ index }) => bytesOfNone + (index?.byteLength ?? 0),
  });
  readonly #loading = new Map<string, SharedTask<T | undefined>>();

  /** The index of a key; `undefined` where there is none. */
  async get(
    key: string,
    load: (signal: AbortSignal) => Promise<T | undefined>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept.index;
    let task = this.#loading.get(key);
    if (task === undefined) {
      task = new SharedTask(
        async (shared) => {
          const index = await load(shared);
          this.#kept.set(key, { index });
          return index;
        },
        () => this.#loading.delete(key),
      );
      this.#loading.set(key, task);
    }
    return task.join(signal);
  }
}
