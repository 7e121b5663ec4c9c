import { randomBytes } from "node:crypto";
import { rmSync, type Stats } from "node:fs";
import {
  access,
  constants,
  type FileHandle,
  link,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { InvalidOutError } from "../../errors.js";
import type { FileSink } from "./byte-sink.js";

/**
 * A file to write to. Until `close` its name is `<path>.<random>.partial`, in the same folder, so that a failed fetch
 * leaves no file that looks like a whole volume. `close` then replaces the file at the path, or the file that a symbolic
 * link there leads to.
 *
 * @throws InvalidOutError if the path is not a file (but a folder, a pipe or a device), or is a write-protected file.
 */
export async function fileSink(path: string): Promise<FileSink> {
  const file = await PartialFile.open(path);
  return {
    write: (position, bytes) => file.write(position, bytes),
    close: () => file.place(),
    discard: () => file.discard(),
  };
}

/** A file that is being written under another name. */
export class PartialFile {
  readonly #path: string;
  readonly #target: string;
  readonly #partial: string;
  readonly #handle: FileHandle;
  readonly #overwrite: boolean;
  #isOpen = true;
  #isPlaced = false;

  private constructor(path: string, target: string, partial: string, handle: FileHandle, overwrite: boolean) {
    this.#path = path;
    this.#target = target;
    this.#partial = partial;
    this.#handle = handle;
    this.#overwrite = overwrite;
  }

  /**
   * Begins a file; see {@link fileSink}. Without `overwrite`, throws an error with the code `EEXIST` if a file exists at
   * the path, now or when the new file is placed there.
   *
   * @param mode - Permissions of the file. Default: those of the file that it replaces, or those of new files.
   */
  static async open(path: string, overwrite = true, mode?: number): Promise<PartialFile> {
    const target = await fileTarget(path);
    const before = await checkPlace(target, path, overwrite);
    const partial = `${target}.${randomBytes(6).toString("hex")}.partial`;
    // Whoever may not read the old file may not read the new one either.
    const handle = await open(partial, "wx", mode ?? before?.mode);
    return new PartialFile(path, target, partial, handle, overwrite);
  }

  /** Takes bytes; resolves when they are written. */
  write(position: number, bytes: Uint8Array): Promise<void> {
    return writeAt(this.#handle, position, bytes);
  }

  /** Closes the file after the last `write`, so that late errors of the disk appear now. */
  async finish(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }

  /** Throws if the file cannot be put in its place, because something else has appeared there in the meantime. */
  async checkPlace(): Promise<void> {
    await checkPlace(this.#target, this.#path, this.#overwrite);
  }

  /** Puts the file in its place. If that fails, removes it. */
  async place(): Promise<void> {
    try {
      await this.finish();
      await this.checkPlace();
      await (this.#overwrite ? rename : renameToNew)(this.#partial, this.#target);
      this.#isPlaced = true;
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** Removes what was written, unless it is in its place. */
  async discard(): Promise<void> {
    if (this.#isPlaced) return;
    try {
      await this.finish();
    } finally {
      await rm(this.#partial, { force: true });
    }
  }

  /** Does the same synchronously: for a process that is about to exit. */
  discardNow(): void {
    if (!this.#isPlaced) rmSync(this.#partial, { force: true });
  }
}

/** Writes all bytes: a single call of the system may write only some of them. */
export async function writeAt(file: FileHandle, position: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/**
 * The real path of a file that exists or is to be made: follows symbolic links, even to files that do not exist yet. The
 * folder need not be writable.
 *
 * @throws InvalidOutError if the path exists and is not a file.
 */
export async function fileTarget(path: string): Promise<string> {
  const present = await found(path);
  if (present !== undefined) {
    refuseUnlessFile(present, path);
    return realpath(path);
  }
  if (basename(path) === "" || path.endsWith("/") || path.endsWith(sep)) throw notAFile(path, "a folder");
  let place = path;
  for (;;) {
    const folder = await realpath(dirname(place));
    place = join(folder, basename(place));
    const next = await readlink(place).catch(() => undefined);
    if (next === undefined) return place;
    // The links form no circle: `stat` would have thrown. The path is not normalised: `..` depends on the links before it.
    place = isAbsolute(next) ? next : folder + sep + next;
  }
}

async function found(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Throws if no file may be put at `target`; resolves with the stats of the file that exists there, if any. */
async function checkPlace(target: string, path: string, overwrite: boolean): Promise<Stats | undefined> {
  const present = await found(target);
  if (present === undefined) return undefined;
  refuseUnlessFile(present, path);
  if (!overwrite) throw Object.assign(new Error(`${path} is there already`), { code: "EEXIST" });
  // Renaming would replace even a write-protected file, but whoever protected the file wants to keep it.
  if ((present.mode & 0o222) === 0) {
    throw new InvalidOutError(
      `${JSON.stringify(path)} is write-protected: give yourself the right to write it, or name another file`,
    );
  }
  await access(target, constants.W_OK);
  return present;
}

/** Gives the file its name by a hard link: renaming would replace a file that has appeared there in the meantime. */
async function renameToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // This file system has no hard links.
    return rename(from, to);
  }
  await rm(from);
}

function refuseUnlessFile(present: Stats, path: string): void {
  if (present.isFile()) return;
  if (present.isDirectory()) throw notAFile(path, "a folder");
  throw notAFile(path, present.isFIFO() ? "a pipe" : present.isSocket() ? "a socket" : "a device");
}

function notAFile(path: string, what: string): InvalidOutError {
  return new InvalidOutError(
    `${JSON.stringify(path)} is ${what}, and not a file: give the name of a file, which need not exist`,
  );
}
