import { access, constants, lstat, statfs } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { fileTarget, PartialFile, type ReplacedFile } from "../../out/file-sink.node.js";
import { type ByteSink, type FlatFileWriter, NpyWriter, RawWriter } from "../../out/index.node.js";
import { UsageError } from "../usage-error.js";
import { fileTrouble } from "./file-trouble.node.js";
import { bytesText } from "./quantity-text.js";

/** File kinds that `get` writes. */
export type OutputFormat = "npy" | "png" | "raw";

/** File kinds that `get` writes. */
export const outputFormats: readonly OutputFormat[] = ["npy", "png", "raw"];

/** The file kind of `--format`, or of the file's name. */
export function formatOf(path: string, format: OutputFormat | undefined): OutputFormat {
  const named = outputFormats.find((candidate) => extname(path).toLowerCase() === `.${candidate}`);
  const chosen = format ?? named;
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    `"${path}" does not end in .npy, .png or .raw: which is it to be? Say so with --format`,
  );
}

/** Throws, in one sentence, where a file cannot be written. To be asked before anything is fetched. */
export async function checkOutput(path: string): Promise<void> {
  await toWrite(path, async () => {
    const target = await fileTarget(path);
    await access(dirname(target), constants.W_OK | constants.X_OK);
  });
}

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
  readonly #open: OpenFile[] = [];

  /** Begins a file. Closing the sink does not yet put it in its place: {@link OutputFiles.commit} does. */
  async open(path: string): Promise<ByteSink> {
    const file = await toWrite(path, () => PartialFile.open(path));
    this.#open.push({ path, file });
    return {
      write: (position, bytes) => toWrite(path, () => file.write(position, bytes)),
      close: () => toWrite(path, () => file.finish()),
    };
  }

  /** Puts all files in their places. Where one cannot be, what was in the places of the others is there again. */
  async commit(): Promise<void> {
    for (const { path, file } of this.#open) await toWrite(path, () => file.finish());
    const replaced: ReplacedFile[] = [];
    const last = this.#open[this.#open.length - 1];
    try {
      for (const entry of this.#open) {
        const { path, file } = entry;
        if (entry === last) await toWrite(path, () => file.place());
        else replaced.push(await toWrite(path, () => file.swap()));
      }
    } catch (error) {
      for (const before of replaced.reverse()) await before.restore();
      throw error;
    }
    for (const before of replaced) await before.forget();
    this.#open.length = 0;
  }

  /** Removes what is not in its place. */
  async discard(): Promise<void> {
    await Promise.all(this.#open.map(({ file }) => file.discard()));
  }
}

/** A writer for a volume. */
export function volumeWriter(sink: ByteSink, format: "npy" | "raw"): FlatFileWriter {
  return format === "npy" ? new NpyWriter(sink) : new RawWriter(sink);
}

/** Writes a whole file, text as UTF-8. */
export async function writeWhole(sink: ByteSink, content: Uint8Array | string): Promise<void> {
  await sink.write(0, typeof content === "string" ? Buffer.from(content) : content);
  await sink.close();
}

async function toWrite<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw fileTrouble("write", path, error);
  }
}
