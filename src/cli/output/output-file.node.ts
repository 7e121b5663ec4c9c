import { lstat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSink } from "../../out/index.node.js";
import { fileTarget, PartialFile } from "../../out/sink/file-sink.node.js";
import { UsageError } from "../usage-error.js";
import { fileTrouble } from "./file-trouble.node.js";
import { bytesText } from "./quantity-text.js";

/** Throws a {@link UsageError} where the disk has no room for a file. */
export async function checkDiskSpace(path: string, bytes: number): Promise<void> {
  const disk = await toWrite(path, async () => statfs(dirname(await fileTarget(path))));
  const free = disk.bavail * disk.bsize;
  if (bytes > free) {
    throw new UsageError(`"${path}" needs ${bytesText(bytes)}, and its disk has ${bytesText(free)} left`);
  }
}

/** Whether there is anything at a path. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A file that is being written, and what it is called in messages. */
interface OpenFile {
  readonly path: string;
  readonly file: PartialFile;
}

/** Files that come into being together, or not at all. */
export class OutputFiles {
  readonly #overwrite: boolean;
  readonly #open: OpenFile[] = [];
  /** Who interrupts twice does not wait; nothing is left behind all the same. */
  readonly #discardNow = (): void => {
    for (const { file } of this.#open) file.discardNow();
  };

  /** `overwrite`: whether they may take the place of files that are there. */
  constructor(overwrite: boolean) {
    this.#overwrite = overwrite;
    process.on("exit", this.#discardNow);
  }

  /**
   * Begins a file. Closing the sink does not yet put it in its place: {@link OutputFiles.commit} does.
   *
   * @param mode - See `PartialFile.open`.
   * @throws in one sentence where a file cannot be written: begun first, it spares a fetch in vain.
   */
  async open(path: string, mode?: number): Promise<ByteSink> {
    const file = await toWrite(path, () => PartialFile.open(path, this.#overwrite, mode));
    this.#open.push({ path, file });
    return {
      write: (position, bytes) => toWrite(path, () => file.write(position, bytes)),
      close: () => toWrite(path, () => file.finish()),
    };
  }

  /** Throws as {@link OutputFiles.open} would, and begins nothing. */
  async check(path: string): Promise<void> {
    await toWrite(path, async () => (await PartialFile.open(path, this.#overwrite)).discard());
  }

  /** Puts all files in their places. What can be foreseen to keep one from its place keeps them all. */
  async commit(): Promise<void> {
    for (const { path, file } of this.#open) await toWrite(path, () => file.finish());
    for (const { path, file } of this.#open) await toWrite(path, () => file.checkPlace());
    for (const { path, file } of this.#open) await toWrite(path, () => file.place());
    this.#open.length = 0;
  }

  /** Removes what is not in its place. To be called at the end, whatever it is. */
  async discard(): Promise<void> {
    await Promise.all(this.#open.map(({ file }) => file.discard()));
    process.off("exit", this.#discardNow);
  }
}

/** Writes a whole file, text as UTF-8. */
export async function writeWhole(sink: ByteSink, content: Uint8Array<ArrayBuffer> | string): Promise<void> {
  await sink.write(0, typeof content === "string" ? Buffer.from(content) : content);
  await sink.close();
}

/** Writes a file part by part, as UTF-8. */
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
