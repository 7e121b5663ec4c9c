import type { FileStore } from "../out/index.js";
import { taskPath } from "./task-paths.js";

/** Says that a task is done, and with which result. */
export interface TaskMarker {
  readonly task: number;
  /** Number of files of the task. */
  readonly files: number;
  /** Total length of these files, in bytes. */
  readonly bytes: number;
  /** XXH32 of the task's log, which has the checksums of its files. Absent if tasks write into a single file. */
  readonly xxh32?: number;
  /** For a computed task: the XXH32 of the `xxh32` of the tasks that it was computed from. */
  readonly from?: number;
  /** How many files hold fill, by cause; for a part of a single file, how many tiles or blocks are filled. */
  readonly filled: Readonly<Record<string, number>>;
  /** Number of voxels of the task. */
  readonly voxels: number;
  /** What the last run fetched. Absent if the task is computed. */
  readonly blocks?: { readonly fetched: number; readonly cached: number; readonly filled: number };
  /** How long the last run took. */
  readonly seconds: number;
  /** When the last run ended, in ISO 8601. */
  readonly endedAt: string;
}

/** Why a task failed. */
export interface TaskFailureRecord {
  readonly task: number;
  /** One sentence, without credentials. */
  readonly message: string;
  /** Whether another run may succeed. */
  readonly tryAgain: boolean;
  /** When the task failed, in ISO 8601. */
  readonly at: string;
  /** How often the task has failed. */
  readonly attempts: number;
}

/** The marker of a task, or `undefined` if the task is not done. */
export function readMarker(store: FileStore, task: number): Promise<TaskMarker | undefined> {
  return readJson<TaskMarker>(store, taskPath(task, "json"));
}

/** Marks a task as done, and removes the record of its failure. */
export async function putMarker(store: FileStore, marker: TaskMarker): Promise<void> {
  await putJson(store, taskPath(marker.task, "json"), marker);
  await store.remove?.(taskPath(marker.task, "failed.json"));
}

/** Marks a task as not done. */
export async function removeMarker(store: FileStore, task: number): Promise<void> {
  await store.remove?.(taskPath(task, "json"));
}

/** Why a task failed last, or `undefined` if it did not fail. */
export function readFailure(store: FileStore, task: number): Promise<TaskFailureRecord | undefined> {
  return readJson<TaskFailureRecord>(store, taskPath(task, "failed.json"));
}

/** Says that a task failed. */
export async function putFailure(
  store: FileStore,
  failure: Omit<TaskFailureRecord, "attempts">,
): Promise<void> {
  const { attempts = 0 } = (await readFailure(store, failure.task)) ?? {};
  await putJson(store, taskPath(failure.task, "failed.json"), { ...failure, attempts: attempts + 1 });
}

async function putJson(store: FileStore, path: string, value: object): Promise<void> {
  await store.put(path, new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

async function readJson<T extends object>(store: FileStore, path: string): Promise<T | undefined> {
  const bytes = await store.get?.(path);
  if (bytes === undefined) return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as T | null;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // A damaged file counts as missing.
    return undefined;
  }
}
