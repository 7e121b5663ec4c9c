import type { ByteSink } from "../sink/byte-sink.js";
import { checkSink } from "../sink/byte-sink.js";
import type { FileStore } from "./file-store.js";
import { filesUnder } from "./files-under.js";
import { temporaryFolder } from "./manifest-folder.js";
import { MemoryStore } from "./memory-store.js";
import { ZipArchive } from "./zip-archive.js";

/** A store whose files can be listed and read. */
export type ReadableStore = FileStore & Required<Pick<FileStore, "get" | "list">>;

/**
 * A store that exports to one `.zip` file. Files are collected in `scratch` and, when the export is complete, written to the
 * archive in the order of their names, without further compression. So two runs make the same archive, a killed run can
 * be resumed, and levels can be computed from stored files.
 *
 * @param sink - Takes the archive, from beginning to end: the result of `await fileSink(path)`, a `MemoryByteSink` or a
 * `streamSink`.
 * @param scratch - Where the files are until the archive is complete; they are removed afterwards. Default: in memory.
 */
export function zipStore(sink: ByteSink, scratch: ReadableStore = new MemoryStore()): FileStore {
  checkSink("sink", sink);
  const { name, put, get, size, append, list, remove } = scratch;
  return {
    ...(name !== undefined && { name }),
    put: put.bind(scratch),
    get: get.bind(scratch),
    list: list.bind(scratch),
    ...(size && { size: size.bind(scratch) }),
    ...(append && { append: append.bind(scratch) }),
    ...(remove && { remove: remove.bind(scratch) }),
    close: async () => {
      await scratch.remove?.(temporaryFolder);
      try {
        await archive(scratch, sink);
      } catch (error) {
        await sink.discard?.();
        throw error;
      }
      for (const entry of await scratch.list("")) await scratch.remove?.(entry);
    },
    discard: async () => {
      await sink.discard?.();
    },
  };
}

async function archive(files: ReadableStore, sink: ByteSink): Promise<void> {
  const zip = new ZipArchive(sink);
  for await (const path of filesUnder(files, "")) {
    const bytes = await files.get(path);
    if (bytes !== undefined) await zip.add(path, bytes);
  }
  await zip.end();
  await sink.close();
}
