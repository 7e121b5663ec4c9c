import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { appendFile, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { InvalidOutError } from "../../errors.js";
import type { Bytes } from "../../space/bytes.js";
import type { FileStore } from "./file-store.js";
import { temporaryFolder } from "./manifest-folder.js";

/**
 * A folder to export to, which need not exist. Files are written under another name, in a dot-folder on the same disk, and
 * renamed when they are complete. Errors of the system (disk full, no permission) are thrown with their code.
 */
export function folderStore(path: string): FileStore {
  return new FolderStore(resolve(path));
}

class FolderStore implements FileStore {
  readonly name: string;
  /** Folders that exist, or are being made. */
  readonly #folders = new Map<string, Promise<unknown>>();
  /** Prefix of temporary names. It is random because another process may write to the same folder. */
  readonly #prefix = randomBytes(8).toString("hex");
  #files = 0;
  #latest: string | undefined;

  constructor(path: string) {
    this.name = path;
  }

  async put(path: string, bytes: Bytes): Promise<void> {
    const temporary = this.#at(`${temporaryFolder}${this.#prefix}-${this.#files++}`);
    const target = this.#at(path);
    await Promise.all([this.#make(dirname(temporary)), this.#make(dirname(target))]);
    try {
      await writeNew(temporary, bytes);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
    this.#latest = target;
  }

  async get(path: string): Promise<Bytes | undefined> {
    const bytes = await unlessAbsent(readFile(this.#at(path)));
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async size(path: string): Promise<number | undefined> {
    return (await unlessAbsent(stat(this.#at(path))))?.size;
  }

  async append(path: string, bytes: Bytes): Promise<void> {
    const target = this.#at(path);
    await this.#make(dirname(target));
    await appendFile(target, bytes);
  }

  async list(folder: string): Promise<readonly string[]> {
    const path = this.#at(folder);
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return [];
      if (code !== "ENOTDIR") throw error;
      const message = `${JSON.stringify(path)} is a file, and an export is a folder: name another`;
      throw new InvalidOutError(message, { cause: error });
    }
  }

  async remove(path: string): Promise<void> {
    await rm(this.#at(path), { recursive: path.endsWith("/"), force: true });
    this.#folders.clear();
  }

  /** Syncs the last file, so that it and, on most file systems, all files before it survive a power failure. */
  async close(): Promise<void> {
    await this.remove(temporaryFolder);
    if (this.#latest === undefined) return;
    const file = await open(this.#latest, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  #at(path: string): string {
    return join(this.name, path);
  }

  #make(folder: string): Promise<unknown> {
    let made = this.#folders.get(folder);
    if (made === undefined) {
      made = mkdir(folder, { recursive: true });
      this.#folders.set(folder, made);
      made.catch(() => this.#folders.delete(folder));
    }
    return made;
  }
}

// Plain descriptors: the handles of `fs/promises` take a few hundredths of the time of an export more.
const [openFile, writeBytes, closeFile] = [promisify(fs.open), promisify(fs.write), promisify(fs.close)];

/** Writes a new file with as few calls as possible: `writeFile` of Node would make one for every 512 KiB. */
async function writeNew(path: string, bytes: Bytes): Promise<void> {
  const file = await openFile(path, "wx");
  try {
    for (let at = 0; at < bytes.length; ) at += (await writeBytes(file, bytes, at)).bytesWritten;
  } finally {
    await closeFile(file);
  }
}

async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
