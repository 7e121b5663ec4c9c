import type { FileStore } from "../../store/file-store.js";
import { filesUnder } from "../../store/files-under.js";
import { tasksFolder } from "../../store/temporary-folder.js";
import { FileLog, type LoggedFile } from "./file-log.js";

/**
 * The files of an export, those of each log by their path: of the one process that made it, or of the tasks that did, one after
 * the other, so that there are never more in memory than one of these has.
 */
export async function* exportedFiles(store: FileStore): AsyncGenerator<LoggedFile> {
  yield* sorted(await FileLog.read(store));
  const { list } = store;
  if (list === undefined) return;
  for await (const path of filesUnder({ list: list.bind(store) }, tasksFolder)) {
    if (path.endsWith(".ndjson")) yield* sorted(await FileLog.read(store, path));
  }
}

function sorted({ files }: FileLog): readonly LoggedFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
