import { LRUCache } from "lru-cache";
import { SharedTask } from "../../../concurrency/shared-task.js";

/** A cached answer: an index, or that there is none. */
interface Kept<T> {
  readonly index: T | undefined;
}

// Room for the largest possible index, or for thousands of usual ones.
const maxBytes = 64 * 1024 * 1024;
const bytesOfNone = 64;

/**
 * A cache of the indexes of shards, which drops the least recently used first. Each index is loaded once for all who
 * wait. After a failure, or once nobody waits any more, the next call loads it again.
 */
export class IndexCache<T extends { readonly byteLength: number }> {
  readonly #kept = new LRUCache<string, Kept<T>>({
    maxSize: maxBytes,
    sizeCalculation: ({ index }) => bytesOfNone + (index?.byteLength ?? 0),
  });
  readonly #loading = new Map<string, SharedTask<T | undefined>>();

  /** The index for a key; `undefined` if there is none. */
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
