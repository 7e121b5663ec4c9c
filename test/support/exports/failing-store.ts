import type { FileStore } from "../../../src/out/store/file-store.js";
import type { MemoryStore } from "../../../src/out/store/memory-store.js";
import type { Bytes } from "../../../src/space/bytes.js";

/**
 * A store that behaves as if its process was killed at some point: after `changes` changes, the next one does not
 * happen, or only in part, and none happens after it.
 */
export class FailingStore implements FileStore {
  readonly #store: MemoryStore;
  readonly #error: Error;
  #left: number;

  constructor(store: MemoryStore, changes: number, error: Error = new Error("killed")) {
    this.#store = store;
    this.#left = changes;
    this.#error = error;
  }

  /** Whether it has failed. */
  get hasFailed(): boolean {
    return this.#left < 0;
  }

  async put(path: string, bytes: Bytes): Promise<void> {
    this.#change();
    await this.#store.put(path, bytes);
  }

  async append(path: string, bytes: Bytes): Promise<void> {
    if (this.#left === 0) await this.#store.append(path, bytes.subarray(0, bytes.length >> 1));
    this.#change();
    await this.#store.append(path, bytes);
  }

  async remove(path: string): Promise<void> {
    this.#change();
    await this.#store.remove(path);
  }

  get(path: string): Promise<Bytes | undefined> {
    return this.#store.get(path);
  }

  size(path: string): Promise<number | undefined> {
    return this.#store.size(path);
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#store.list(folder);
  }

  #change(): void {
    if (this.#left-- <= 0) {
      this.#left = -1;
      throw this.#error;
    }
  }
}
