import { InvalidOutError } from "../../errors.js";
import type { FileSink } from "./byte-sink.js";

/**
 * A file to write to, in Node: it appears under its name when it is complete. A page has no files of a path, and is told
 * so; it gives the writer a `MemoryByteSink`, or a sink of its own.
 *
 * @throws InvalidOutError outside Node, and if there is something at the path that is no file.
 */
export async function fileSink(path: string): Promise<FileSink> {
  throw new InvalidOutError(
    `${JSON.stringify(path)} cannot be written, as files of a path are Node's: use a MemoryByteSink or a sink of your own`,
  );
}
