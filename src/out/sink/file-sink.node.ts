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
 * A file to write to. Until `close` it has a name of its own in the same folder, `<path>.<random>.partial`; then it
 * takes the place of the file that was there, or that a symbolic link there leads to: a fetch that failed leaves no
 * file that looks like a whole volume.
 *
 * @throws InvalidOutError if there is something at the path that is no file (a folder, a pipe, a device), or a file
 * that is write-protected.
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
   * Begins a file; see {@link fileSink}. Unless it is to overwrite, it takes the place of nothing: what is there, or
   * comes there meanwhile, is an error of the code `EEXIST`.
   *
   * @param mode - Who may do what with it. Default: as with the file that was there, or what new files have.
   */
  static async open(path: string, overwrite = true, mode?: number): Promise<PartialFile> {
    const target = await fileTarget(path);
    const before = await checkPlace(target, path, overwrite);
    const partial = `${target}.${randomBytes(6).toString("hex")}.partial`;
    // Who may not read the file that was there may not read the one that takes its place.
    const handle = await open(partial, "wx", mode ?? before?.mode);
    return new PartialFile(path, target, partial, handle, overwrite);
  }

  /** Takes bytes; resolves when they are written. */
  async write(position: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }

  /** All is written: what the disk still has to complain of, it does now. */
  async finish(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }

  /** Throws where the file could not be put in its place: something else may have come there meanwhile. */
  async checkPlace(): Promise<void> {
    await checkPlace(this.#target, this.#path, this.#overwrite);
  }

  /** Puts the file in its place. Where that fails nothing of it is left. */
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

  /** The same, at once: for a process that ends. */
  discardNow(): void {
    if (!this.#isPlaced) rmSync(this.#partial, { force: true });
  }
}

/**
 * Where a file of a path is, or will be: symbolic links are followed, also to what does not exist yet. The folder need
 * not be one that can be written to.
 *
 * @throws InvalidOutError if there is something that is no file.
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
    // No circle: `stat` would have refused it. Not normalised: where `..` leads is for the links before it to say.
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

/** Throws where no file may be put; resolves with the file that is there. */
async function checkPlace(target: string, path: string, overwrite: boolean): Promise<Stats | undefined> {
  const present = await found(target);
  if (present === undefined) return undefined;
  refuseUnlessFile(present, path);
  if (!overwrite) throw Object.assign(new Error(`${path} is there already`), { code: "EEXIST" });
  // Renaming does not ask whether the file may be written; but who protects it wants it to stay.
  if ((present.mode & 0o222) === 0) {
    throw new InvalidOutError(
      `${JSON.stringify(path)} is write-protected: give yourself the right to write it, or name another file`,
    );
  }
  await access(target, constants.W_OK);
  return present;
}

/** Renaming would replace what has come there meanwhile; a second name does not. */
async function renameToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // This disk has no second names.
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
    `${JSON.stringify(path)} is ${what}, and a volume takes the place of a file: give the name of a file, which need not exist`,
  );
}
