import type { FileStore } from "../../store/file-store.js";
import { filesUnder } from "../../store/files-under.js";
import { tasksFolder } from "../../store/manifest-folder.js";
import { FileLog, type LoggedFile } from "./file-log.js";

/**
 * The files of an export, sorted by path within each log. An export made in tasks has a log for each task. The logs are read
 * one after the other, so that never more than one is in memory.
 */
export async function* exportedFiles(store: FileStore): AsyncGenerator<LoggedFile> {
  yield* (await FileLog.read(store)).files;
  const { list } = store;
  if (list === undefined) return;
  for await (const path of filesUnder({ list: list.bind(store) }, tasksFolder)) {
    if (path.endsWith(".ndjson")) yield* (await FileLog.read(store, path)).files;
  }
}
