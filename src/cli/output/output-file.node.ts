import { lstat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSink } from "../../out/index.node.js";
import { fileTarget, PartialFile } from "../../out/sink/file-sink.node.js";
import { UsageError } from "../usage-error.js";
import { fileTrouble } from "./file-trouble.node.js";
import { bytesText } from "./quantity-text.js";

/** Throws a {@link UsageError} if a file does not fit on its disk. */
export async function checkDiskSpace(path: string, bytes: number): Promise<void> {
  const disk = await toWrite(path, async () => statfs(dirname(await fileTarget(path))));
  const free = disk.bavail * disk.bsize;
  if (bytes > free) {
    throw new UsageError(`"${path}" needs ${bytesText(bytes)}, and its disk has ${bytesText(free)} left`);
  }
}

/** Whether a path exists. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A file that is being written, and its path in messages. */
interface OpenFile {
  readonly path: string;
  readonly file: PartialFile;
}

/** Files that appear together or not at all. */
export class OutputFiles {
  readonly #overwrite: boolean;
  readonly #open: OpenFile[] = [];
  /** Removes incomplete files even if a second interrupt ends the process at once. */
  readonly #discardNow = (): void => {
    for (const { file } of this.#open) file.discardNow();
  };

  /** `overwrite`: whether the files may replace existing files. */
  constructor(overwrite: boolean) {
    this.#overwrite = overwrite;
    process.on("exit", this.#discardNow);
  }

  /**
   * Begins a file. Closing the sink does not put the file in its place yet: {@link OutputFiles.commit} does. Begin files
   * before a fetch, so that it is not made in vain.
   *
   * @param mode - See `PartialFile.open`.
   * @throws an error of one sentence if the file cannot be written.
   */
  async open(path: string, mode?: number): Promise<ByteSink> {
    const file = await toWrite(path, () => PartialFile.open(path, this.#overwrite, mode));
    this.#open.push({ path, file });
    return {
      write: (position, bytes) => toWrite(path, () => file.write(position, bytes)),
      close: () => toWrite(path, () => file.finish()),
    };
  }

  /** Throws if {@link OutputFiles.open} would throw, but does not begin a file. */
  async check(path: string): Promise<void> {
    await toWrite(path, async () => (await PartialFile.open(path, this.#overwrite)).discard());
  }

  /** Puts all files in their places. First checks each place, so that a foreseeable error keeps all files from appearing. */
  async commit(): Promise<void> {
    for (const { path, file } of this.#open) await toWrite(path, () => file.finish());
    for (const { path, file } of this.#open) await toWrite(path, () => file.checkPlace());
    for (const { path, file } of this.#open) await toWrite(path, () => file.place());
    this.#open.length = 0;
  }

  /** Removes files that are not in their places. Always call this at the end, after success too. */
  async discard(): Promise<void> {
    await Promise.all(this.#open.map(({ file }) => file.discard()));
    process.off("exit", this.#discardNow);
  }
}

/** Writes and closes a whole file; text becomes UTF-8. */
export async function writeWhole(sink: ByteSink, content: Uint8Array<ArrayBuffer> | string): Promise<void> {
  await sink.write(0, typeof content === "string" ? Buffer.from(content) : content);
  await sink.close();
}

/** Writes and closes a file of text, part by part, in UTF-8. */
export async function writeParts(sink: ByteSink, parts: Iterable<string>): Promise<void> {
  let position = 0;
  for (const part of parts) {
    const bytes = Buffer.from(part);
    await sink.write(position, bytes);
    position += bytes.length;
  }
  await sink.close();
}

async function toWrite<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw fileTrouble("write", path, error);
  }
}
