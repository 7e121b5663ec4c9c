import type { Bytes } from "../../space/bytes.js";
import type { FileStore } from "./file-store.js";

/** Files in memory: for small exports, and for tests. */
export class MemoryStore implements FileStore {
  readonly #files = new Map<string, Bytes[]>();

  /** The paths of all files, in no order. */
  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** See {@link FileStore}; the bytes are copied. */
  put(path: string, bytes: Bytes): Promise<void> {
    this.#files.set(path, [bytes.slice()]);
    return Promise.resolve();
  }

  /** See {@link FileStore}. */
  get(path: string): Promise<Bytes | undefined> {
    const parts = this.#files.get(path);
    return Promise.resolve(parts && joined(parts));
  }

  /** See {@link FileStore}. */
  size(path: string): Promise<number | undefined> {
    return Promise.resolve(this.#files.get(path)?.reduce((sum, { length }) => sum + length, 0));
  }

  /** See {@link FileStore}; the bytes are copied. */
  append(path: string, bytes: Bytes): Promise<void> {
    const parts = this.#files.get(path);
    if (parts === undefined) return this.put(path, bytes);
    parts.push(bytes.slice());
    return Promise.resolve();
  }

  /** See {@link FileStore}. */
  list(folder: string): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const path of this.#files.keys()) {
      if (!path.startsWith(folder)) continue;
      const end = path.indexOf("/", folder.length);
      names.add(path.slice(folder.length, end < 0 ? undefined : end + 1));
    }
    return Promise.resolve([...names]);
  }

  /** See {@link FileStore}. */
  remove(path: string): Promise<void> {
    for (const file of this.#files.keys()) {
      if (file === path || (path.endsWith("/") && file.startsWith(path))) this.#files.delete(file);
    }
    return Promise.resolve();
  }
}

function joined(parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
