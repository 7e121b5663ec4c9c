import { join } from "node:path";
import { datasetFolder } from "./plan/export-plan.js";
import type { PlannedExport, PlannedTask } from "./planned-export.js";
import { lockState } from "./run/task-lock.node.js";
import { readFailure, type TaskFailureRecord, type TaskMarker } from "./task-marker.js";
import { folderOfTask, type TaskFile, taskPath } from "./task-paths.js";

/** How a task stands. */
export type TaskState =
  /** It is done: its marker is there, and what it is computed of is what it was. */
  | { readonly name: "done"; readonly marker: TaskMarker }
  /** A process is on it. */
  | { readonly name: "running" }
  /** It failed, and nobody has begun it again. */
  | { readonly name: "failed"; readonly failure: TaskFailureRecord }
  /** It was begun, and the process was killed or interrupted. */
  | { readonly name: "stopped" }
  /** Nobody has begun it; or it is computed, and of what has changed since. */
  | { readonly name: "missing" };

/** The names of the states. */
export const stateNames: readonly TaskState["name"][] = ["done", "running", "stopped", "failed", "missing"];

/** A task and how it stands. */
export interface StatedTask {
  readonly task: PlannedTask;
  readonly state: TaskState;
}

/** All tasks of a plan and how they stand, by their number. Reads folder by folder what is there: none is in memory for long. */
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
  // Of what has ended since the folder was read, the marker is there.
  const marker = has("json") || (has("lock") && lock === "free") ? await planned.done(task) : undefined;
  if (marker !== undefined) return { name: "done", marker };
  if (lock === "held") return { name: "running" };
  if (lock === "stale") return { name: "stopped" };
  const failure = has("failed.json") ? await readFailure(planned.store, task.number) : undefined;
  if (failure !== undefined) return { name: "failed", failure };
  return { name: has("ndjson") && !has("json") ? "stopped" : "missing" };
}

/** Where the lock of a task is. */
export function lockPath({ plan }: PlannedExport, { number }: PlannedTask): string {
  return join(datasetFolder(plan), taskPath(number, "lock"));
}
