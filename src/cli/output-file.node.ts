import { statfs } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import type { Triple } from "../index.js";
import { type FileSink, type FlatFileWriter, fileSink, NpyWriter, RawWriter } from "../out/index.node.js";
import { bytesText } from "./quantity-text.js";
import { UsageError } from "./usage-error.js";

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

/** Throws a {@link UsageError} where the disk has no room for a file. */
export async function checkDiskSpace(path: string, bytes: number): Promise<void> {
  const folder = dirname(resolve(path));
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined) throw new UsageError(`there is no folder "${folder}" to write "${path}" to`);
  const free = disk.bavail * disk.bsize;
  if (bytes > free) {
    throw new UsageError(`"${path}" needs ${bytesText(bytes)}, and its disk has ${bytesText(free)} left`);
  }
}

/** Files that come into being together, or not at all. */
export class OutputFiles {
  readonly #sinks: FileSink[] = [];

  /** A writer for a volume of a shape, straight to the file. */
  async volumeWriter(
    path: string,
    format: "npy" | "raw",
    shape: Triple,
    chunkShape: Triple,
  ): Promise<FlatFileWriter> {
    const sink = await this.#open(path);
    return format === "npy"
      ? new NpyWriter(sink, shape, { chunkShape })
      : new RawWriter(sink, shape, { chunkShape });
  }

  /** Writes a whole file. */
  async write(path: string, content: Uint8Array | string): Promise<void> {
    const sink = await this.#open(path);
    await sink.write(0, typeof content === "string" ? Buffer.from(content) : content);
    await sink.close();
  }

  /** Removes what is not complete. */
  async discard(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.discard()));
  }

  async #open(path: string): Promise<FileSink> {
    const sink = await fileSink(path);
    this.#sinks.push(sink);
    return sink;
  }
}
