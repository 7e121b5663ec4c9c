import { tasksFolder } from "../out/store/manifest-folder.js";

/** Number of tasks whose files share a folder: file systems are slow with more. */
const perFolder = 1000;

/** The files of a task in the dataset. */
export type TaskFile =
  /** Log of the files that the task has stored. */
  | "ndjson"
  /** Says that the task is done. */
  | "json"
  /** Says that the task runs. */
  | "lock"
  /** Says why the task failed last. */
  | "failed.json";

/** The folder of a task's files, which other tasks share. Ends in a slash. */
export function folderOfTask(task: number): string {
  return `${tasksFolder}${Math.floor(task / perFolder)}/`;
}

/** The path of a file of a task, in the dataset. */
export function taskPath(task: number, file: TaskFile): string {
  return `${folderOfTask(task)}${task}.${file}`;
}
