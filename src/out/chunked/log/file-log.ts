import type { Bytes } from "../../../space/bytes.js";
import type { FileStore } from "../../store/file-store.js";
import { unitsLog } from "../../store/manifest-folder.js";
import { xxh32 } from "../../xxh32.js";

/** A file that was stored whole. */
export interface LoggedFile {
  /** Path below the root. */
  readonly path: string;
  /** Length of the file, in bytes. */
  readonly bytes: number;
  /** XXH32 of the file. */
  readonly xxh32: number;
  /** Why some voxels hold the fill value. Absent if no voxel does. */
  readonly filled?: readonly string[];
  /** For a file of a computed level: the XXH32 of the checksums of the files that it was computed from. */
  readonly from?: number;
}

/** Whether bytes are those of a logged file. */
export function isAsLogged(file: Pick<LoggedFile, "bytes" | "xxh32">, bytes: Bytes | undefined): boolean {
  return bytes?.length === file.bytes && xxh32(bytes) === file.xxh32;
}

/** Most lines that may wait for the store. */
const mostWaiting = 16;

/**
 * The log of an export's complete files: a line of JSON for each file, added when the file is in its place. If the process
 * is killed, the last line may be torn; it is not valid JSON then, and is ignored. A later line replaces an earlier line of
 * the same path. A line without a length says that the file is about to be replaced.
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

  /** An empty log. Removes the store's previous log. */
  static async create(store: FileStore, path: string = unitsLog): Promise<FileLog> {
    await store.remove?.(path);
    return new FileLog(store, path, new Map(), false);
  }

  /** Reads the log of a store; a missing log is empty. The logs `others` are read too, but new lines go only to `path`. */
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

  /** All complete files, sorted by path. */
  get files(): readonly LoggedFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The entry of a file, or `undefined` if the file is not known to be complete. */
  file(path: string): LoggedFile | undefined {
    return this.#files.get(path);
  }

  /** Adds a file without waiting until the store has its line. If the store fails, one of the next calls rejects. */
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

  /** Removes a file from the log; called before the file is replaced. */
  async forget(path: string): Promise<void> {
    if (!this.#files.delete(path)) return;
    await this.#append(JSON.stringify({ path }));
  }

  /**
   * Rewrites the log with one line for each file, sorted, so that the order of the writes does not matter.
   *
   * @returns The bytes of the log.
   */
  async complete(): Promise<Bytes> {
    await this.stored();
    const bytes = textBytes(this.files.map((file) => `${JSON.stringify(file)}\n`).join(""));
    await this.#store.put(this.#path, bytes);
    return bytes;
  }

  #append(line: string): Promise<void> {
    if (this.#store.append === undefined) return Promise.resolve();
    this.#waiting.push(line);
    // Lines that arrive while others are being stored are stored together afterwards.
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
