import { InvalidOutError } from "../../errors.js";
import type { FileSink } from "./byte-sink.js";

/**
 * A file to write to, in Node: it appears under its name only when it is complete. Elsewhere this function always throws;
 * give the writer a `MemoryByteSink` or a sink of your own instead.
 *
 * @throws InvalidOutError outside Node, and if the path is a folder or another thing that is not a file.
 */
export async function fileSink(path: string): Promise<FileSink> {
  throw new InvalidOutError(
    `${JSON.stringify(path)} cannot be written, because only Node writes files by path: use a MemoryByteSink or a sink of your own`,
  );
}
