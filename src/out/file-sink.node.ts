import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, link, open, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { InvalidOutError } from "../errors.js";
import type { FileSink } from "./byte-sink.js";

/**
 * A file to write to. Until `close` it has a name of its own in the same folder, `<path>.<random>.partial`; then it
 * takes the place of the file that was there, or that a symbolic link there leads to: a fetch that failed leaves no
 * file that looks like a whole volume.
 *
 * @throws InvalidOutError if there is something at the path that is no file: a folder, a pipe, a device.
 */
export async function fileSink(path: string): Promise<FileSink> {
  const file = await PartialFile.open(path);
  return {
    write: (position, bytes) => file.write(position, bytes),
    close: () => file.place(),
    discard: () => file.discard(),
  };
}

/** What was in the place of a file, until it is sure that it goes. */
export interface ReplacedFile {
  /** Brings back what was there. */
  restore(): Promise<void>;
  /** Lets it go. */
  forget(): Promise<void>;
}

/** A file that is being written under another name. */
export class PartialFile {
  readonly #path: string;
  readonly #target: string;
  readonly #partial: string;
  readonly #handle: FileHandle;
  #isOpen = true;
  #isPlaced = false;

  private constructor(path: string, target: string, partial: string, handle: FileHandle) {
    this.#path = path;
    this.#target = target;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** Begins a file; see {@link fileSink}. */
  static async open(path: string): Promise<PartialFile> {
    const target = await fileTarget(path);
    const partial = `${target}.${randomBytes(6).toString("hex")}.partial`;
    return new PartialFile(path, target, partial, await open(partial, "wx"));
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

  /** Puts the file in its place. Where that fails nothing of it is left. */
  async place(): Promise<void> {
    try {
      await this.finish();
      await this.#checkPlace();
      await rename(this.#partial, this.#target);
      this.#isPlaced = true;
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** The same, and keeps what was there. */
  async swap(): Promise<ReplacedFile> {
    await this.#checkPlace();
    const before = `${this.#partial}.before`;
    const wasThere = await setAside(this.#target, before);
    const restore = async (): Promise<void> => {
      if (wasThere) await rename(before, this.#target);
      else await rm(this.#target, { force: true });
      // Renaming does nothing where both are names of one file.
      await rm(before, { force: true });
    };
    try {
      await this.place();
    } catch (error) {
      if (wasThere) await restore();
      throw error;
    }
    return { restore, forget: () => rm(before, { force: true }) };
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

  /** Something else may have come into the place meanwhile. */
  async #checkPlace(): Promise<void> {
    refuseUnlessFile(await found(this.#target), this.#path);
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
  refuseUnlessFile(present, path);
  if (present !== undefined) return realpath(path);
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

/** Gives what is at a path a second name, or where the disk has no such thing another one. Whether there was anything. */
async function setAside(path: string, aside: string): Promise<boolean> {
  if ((await found(path)) === undefined) return false;
  await link(path, aside).catch(() => rename(path, aside));
  return true;
}

function refuseUnlessFile(present: Stats | undefined, path: string): void {
  if (present === undefined || present.isFile()) return;
  if (present.isDirectory()) throw notAFile(path, "a folder");
  throw notAFile(path, present.isFIFO() ? "a pipe" : present.isSocket() ? "a socket" : "a device");
}

function notAFile(path: string, what: string): InvalidOutError {
  return new InvalidOutError(
    `${JSON.stringify(path)} is ${what}, and a volume takes the place of a file: give the name of a file, which need not exist`,
  );
}
