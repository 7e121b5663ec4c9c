import type { FileStore } from "../out/index.js";
import { taskPath } from "./task-paths.js";

/** That a task is done, and what came of it. */
export interface TaskMarker {
  /** Number of the task. */
  readonly task: number;
  /** How many files it has stored. */
  readonly files: number;
  /** Their length in all. */
  readonly bytes: number;
  /** XXH32 of its log, which has the checksums of its files. Absent where tasks write into one file, which has none. */
  readonly xxh32?: number;
  /** Of a task that is computed: XXH32 of those of the tasks that it is computed of. */
  readonly from?: number;
  /** How many files hold fill, by the cause; of a part of a file, how many tiles or blocks. */
  readonly filled: Readonly<Record<string, number>>;
  /** How many voxels it has. */
  readonly voxels: number;
  /** What the last run of it fetched, where it is not computed. */
  readonly blocks?: { readonly fetched: number; readonly cached: number; readonly filled: number };
  /** How long the last run of it took. */
  readonly seconds: number;
  /** When that ended, as ISO 8601 has it. */
  readonly endedAt: string;
}

/** Why a task failed. */
export interface TaskFailureRecord {
  readonly task: number;
  /** One sentence, without credentials. */
  readonly message: string;
  /** Whether another run may have more luck. */
  readonly tryAgain: boolean;
  /** When, as ISO 8601 has it. */
  readonly at: string;
  /** How often it has failed. */
  readonly attempts: number;
}

/** What is known of a task that is done; `undefined` where it is not. */
export function readMarker(store: FileStore, task: number): Promise<TaskMarker | undefined> {
  return readJson<TaskMarker>(store, taskPath(task, "json"));
}

/** Says that a task is done. */
export async function putMarker(store: FileStore, marker: TaskMarker): Promise<void> {
  await putJson(store, taskPath(marker.task, "json"), marker);
  await store.remove?.(taskPath(marker.task, "failed.json"));
}

/** Takes that back. */
export async function removeMarker(store: FileStore, task: number): Promise<void> {
  await store.remove?.(taskPath(task, "json"));
}

/** Why a task failed last; `undefined` where it did not. */
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
    // What cannot be read says nothing.
    return undefined;
  }
}
