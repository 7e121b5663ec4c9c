import { open, rename, rm } from "node:fs/promises";
import type { ByteSink } from "./byte-sink.js";

/** A file on disk that appears under its name when it is complete. */
export interface FileSink extends ByteSink {
  /** Gives up: removes what was written, and leaves alone what was there under the name. */
  discard(): Promise<void>;
}

/**
 * A file to write to. It is called `<path>.partial` until `close`, and then takes the place of what was there:
 * a fetch that failed leaves no file that looks like a whole volume.
 */
export async function fileSink(path: string): Promise<FileSink> {
  const partial = `${path}.partial`;
  const file = await open(partial, "w");
  let ended = false;
  return {
    write: async (position, bytes) => {
      for (let done = 0; done < bytes.length; ) {
        done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
    },
    close: async () => {
      ended = true;
      await file.close();
      await rename(partial, path);
    },
    discard: async () => {
      if (ended) return;
      ended = true;
      await file.close();
      await rm(partial, { force: true });
    },
  };
}
