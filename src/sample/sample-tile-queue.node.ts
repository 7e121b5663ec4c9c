import { setImmediate } from "node:timers/promises";
import { LRUCache } from "lru-cache";

/**
 * Makes files one after the other and caches them. It skips a file that nobody waits for any more. The event loop turns
 * between two files, so that the server notices new requests and clients that left.
 */
export class SampleTileQueue {
  readonly #files: LRUCache<string, Uint8Array>;
  /** The waiting clients of each file that is not made yet. */
  readonly #wanted = new Map<string, { waiting: (() => boolean)[]; file: Promise<Uint8Array | undefined> }>();
  #last: Promise<unknown> = Promise.resolve();
  /** How many files were made. */
  made = 0;

  /** `maxBytes` is the limit for the cached files. */
  constructor(maxBytes: number) {
    this.#files = new LRUCache({ maxSize: maxBytes, sizeCalculation: (file) => file.byteLength });
  }

  /**
   * The file called `key`: cached, already under way, or made by `make` when its turn comes. `undefined` if by then
   * none of the clients that asked for it was still waiting.
   */
  file(key: string, isWaiting: () => boolean, make: () => Uint8Array): Promise<Uint8Array | undefined> {
    const kept = this.#files.get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    const known = this.#wanted.get(key);
    if (known !== undefined) {
      known.waiting.push(isWaiting);
      return known.file;
    }
    const waiting = [isWaiting];
    const file = this.#last.then(async () => {
      await setImmediate();
      this.#wanted.delete(key);
      if (!waiting.some((isWaiting) => isWaiting())) return undefined;
      this.made++;
      const made = make();
      this.#files.set(key, made);
      return made;
    });
    this.#last = file.catch(() => undefined);
    this.#wanted.set(key, { waiting, file });
    return file;
  }
}
