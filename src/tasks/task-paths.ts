import { tasksFolder } from "../out/store/temporary-folder.js";

/** Tasks whose files are in one folder: disks are slow with more. */
const perFolder = 1000;

/** What a task leaves in the dataset. */
export type TaskFile =
  /** The files that it has stored. */
  | "ndjson"
  /** That it is done. */
  | "json"
  /** That it runs. */
  | "lock"
  /** Why it failed last. */
  | "failed.json";

/** The folder of the files of a task, and of others, with its slash. */
export function folderOfTask(task: number): string {
  return `${tasksFolder}${Math.floor(task / perFolder)}/`;
}

/** The path of a file of a task, in the dataset. */
export function taskPath(task: number, file: TaskFile): string {
  return `${folderOfTask(task)}${task}.${file}`;
}
