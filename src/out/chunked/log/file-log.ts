import type { Bytes } from "../../../space/bytes.js";
import type { FileStore } from "../../store/file-store.js";
import { unitsLog } from "../../store/temporary-folder.js";

/** A file that was stored whole. */
export interface LoggedFile {
  /** Path below the root. */
  readonly path: string;
  /** Length. */
  readonly bytes: number;
  /** XXH32 of it. */
  readonly xxh32: number;
  /** Why some of its voxels hold the fill value. Absent where none does. */
  readonly filled?: readonly string[];
  /** Of a computed one: XXH32 of the checksums of the files that it is made of. */
  readonly from?: number;
}

/** Lines that may wait for the store. */
const mostWaiting = 16;

/**
 * The files of an export that are there and whole: a line of JSON for each, added when the file is in its place. What a
 * kill leaves of the last line is no JSON, and passed over. A later line replaces an earlier one of the same path; one
 * without a length says that the file is about to be replaced.
 */
export class FileLog {
  readonly #store: FileStore;
  readonly #path: string;
  readonly #files: Map<string, LoggedFile>;
  readonly #waiting: string[] = [];
  #appended: Promise<void> = Promise.resolve();

  private constructor(store: FileStore, path: string, files: Map<string, LoggedFile>, isTorn: boolean) {
    this.#store = store;
    this.#path = path;
    this.#files = files;
    if (isTorn) this.#waiting.push("");
  }

  /** An empty log. What one of the store has is removed. */
  static async create(store: FileStore, path: string = unitsLog): Promise<FileLog> {
    await store.remove?.(path);
    return new FileLog(store, path, new Map(), false);
  }

  /** The log of a store; empty where there is none. `others` are read too: what is added goes to the first. */
  static async read(
    store: FileStore,
    path: string = unitsLog,
    others: readonly string[] = [],
  ): Promise<FileLog> {
    const files = new Map<string, LoggedFile>();
    let isTorn = false;
    for (const log of [...others, path]) {
      const text = new TextDecoder().decode(await store.get?.(log));
      for (const line of text.split("\n")) {
        const file = parsed(line);
        if (file === undefined) continue;
        if (file.bytes === undefined) files.delete(file.path);
        else files.set(file.path, file as LoggedFile);
      }
      isTorn = text !== "" && !text.endsWith("\n");
    }
    return new FileLog(store, path, files, isTorn);
  }

  /** All files. */
  get files(): Iterable<LoggedFile> {
    return this.#files.values();
  }

  /** The file of a path; `undefined` where it is not known to be there. */
  file(path: string): LoggedFile | undefined {
    return this.#files.get(path);
  }

  /** Adds a file, which does not wait for its own line. Where the store takes no more lines, one of the next rejects. */
  async add(file: LoggedFile): Promise<void> {
    const before = this.#appended;
    this.#files.set(file.path, file);
    this.#append(JSON.stringify(file)).catch(() => {});
    if (this.#waiting.length > mostWaiting) await before;
  }

  /** Resolves when the store has all lines. */
  stored(): Promise<void> {
    return this.#appended;
  }

  /** A file is about to be replaced. */
  async forget(path: string): Promise<void> {
    if (!this.#files.delete(path)) return;
    await this.#append(JSON.stringify({ path }));
  }

  /**
   * Writes the log anew, one line for each file and sorted: however it came about, it is the same.
   *
   * @returns What was written.
   */
  async complete(): Promise<Bytes> {
    await this.stored();
    const sorted = [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const bytes = textBytes(sorted.map((file) => `${JSON.stringify(file)}\n`).join(""));
    await this.#store.put(this.#path, bytes);
    return bytes;
  }

  #append(line: string): Promise<void> {
    if (this.#store.append === undefined) return Promise.resolve();
    this.#waiting.push(line);
    // Lines that come while others are being stored go with the next piece.
    this.#appended = this.#appended.then(async () => {
      const lines = this.#waiting.splice(0);
      if (lines.length > 0) await this.#store.append?.(this.#path, textBytes(`${lines.join("\n")}\n`));
    });
    return this.#appended;
  }
}

function parsed(line: string): (Partial<LoggedFile> & { readonly path: string }) | undefined {
  try {
    const file = JSON.parse(line) as Partial<LoggedFile> | null;
    return typeof file?.path === "string" ? { ...file, path: file.path } : undefined;
  } catch {
    return undefined;
  }
}

function textBytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}
