import { join } from "node:path";
import { datasetFolder } from "./plan/export-plan.js";
import type { PlannedExport, PlannedTask } from "./planned-export.js";
import { lockState } from "./run/task-lock.node.js";
import { readFailure, type TaskFailureRecord, type TaskMarker } from "./task-marker.js";
import { folderOfTask, type TaskFile, taskPath } from "./task-paths.js";

export type TaskState =
  /** The task has a marker, and the tasks that it was computed from have not changed. */
  | { readonly name: "done"; readonly marker: TaskMarker }
  /** A process works on the task. */
  | { readonly name: "running" }
  /** The task failed, and nobody has begun it again. */
  | { readonly name: "failed"; readonly failure: TaskFailureRecord }
  /** The task was begun, but its process was killed or interrupted. */
  | { readonly name: "stopped" }
  /** Nobody has begun the task; or it is done, but the tasks that it was computed from have changed. */
  | { readonly name: "missing" };

export const stateNames: readonly TaskState["name"][] = ["done", "running", "stopped", "failed", "missing"];

export interface StatedTask {
  readonly task: PlannedTask;
  readonly state: TaskState;
}

/** All tasks of a plan with their states, in the order of numbers. Lists one folder at a time, to save memory. */
export async function* taskStates(planned: PlannedExport, signal: AbortSignal): AsyncGenerator<StatedTask> {
  let folder = "";
  let present: ReadonlySet<string> = new Set();
  for (let number = 0; number < planned.count; number++) {
    signal.throwIfAborted();
    if (folderOfTask(number) !== folder) {
      folder = folderOfTask(number);
      present = new Set(await planned.store.list?.(folder));
    }
    const has = (file: TaskFile): boolean => present.has(taskPath(number, file).slice(folder.length));
    const task = planned.task(number);
    yield { task, state: await stateOf(planned, task, has) };
  }
}

async function stateOf(
  planned: PlannedExport,
  task: PlannedTask,
  has: (file: TaskFile) => boolean,
): Promise<TaskState> {
  const lock = has("lock") ? await lockState(lockPath(planned, task)) : "free";
  // If the lock has gone since the folder was listed, the task may be done, and its marker is new.
  const marker = has("json") || (has("lock") && lock === "free") ? await planned.done(task) : undefined;
  if (marker !== undefined) return { name: "done", marker };
  if (lock === "held") return { name: "running" };
  if (lock === "stale") return { name: "stopped" };
  const failure = has("failed.json") ? await readFailure(planned.store, task.number) : undefined;
  if (failure !== undefined) return { name: "failed", failure };
  return { name: has("ndjson") && !has("json") ? "stopped" : "missing" };
}

export function lockPath({ plan }: PlannedExport, { number }: PlannedTask): string {
  return join(datasetFolder(plan), taskPath(number, "lock"));
}
