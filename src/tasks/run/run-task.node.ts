import { withAnySignal } from "../../concurrency/linked-signal.js";
import type { FetchReport } from "../../index.js";
import { FileLog } from "../../out/chunked/log/file-log.js";
import { FillCounts } from "../../out/chunked/log/fill-counts.js";
import { checkCompression } from "../../out/packing/packing.js";
import { xxh32 } from "../../out/xxh32.js";
import { voxelCount } from "../../space/scaled-box.js";
import { isFlatFormat } from "../flat-format.js";
import type { PlannedExport, PlannedTask } from "../planned-export.js";
import { putFailure, putMarker, removeMarker, type TaskMarker } from "../task-marker.js";
import { taskPath } from "../task-paths.js";
import { lockPath } from "../task-states.node.js";
import { type ComputeTools, computePart } from "./compute-part.node.js";
import { type FetchTools, fetchPart } from "./fetch-part.js";
import { fetchFlatPart } from "./flat-part.node.js";
import { mayTryAgain, NotYetError, TaskFailure } from "./task-failure.js";
import { TaskLock } from "./task-lock.node.js";

/** Tools to run tasks. */
export interface TaskTools extends Omit<FetchTools, "fetcher">, ComputeTools {
  /** Makes a fetcher for the plan's stack, with the plan's options. Called only if a task is fetched. */
  fetcher(): FetchTools["fetcher"];
  /** Whether to compare a done task with its checksums, and to fetch again what was filled after a failure. */
  readonly repair: boolean;
  /** Describes an error in one sentence. */
  sentenceOf(error: unknown): string;
  /** Called when this process begins to wait for another process that has the task. */
  onWait(task: number): void;
}

export interface DoneTask {
  readonly marker: TaskMarker;
  /** Whether the task was done before. */
  readonly wasDone: boolean;
}

/**
 * Runs a task unless it is done. Keeps the files that an earlier run has stored. If another process has the task, waits for
 * that process first.
 *
 * @throws TaskFailure if the task fails. If the run is aborted, throws the signal's reason.
 */
export async function runTask(planned: PlannedExport, number: number, tools: TaskTools): Promise<DoneTask> {
  const task = planned.task(number);
  try {
    return (await doneBefore(planned, task, tools)) ?? (await runLocked(planned, task, tools));
  } catch (error) {
    tools.signal.throwIfAborted();
    const failure = new TaskFailure(tools.sentenceOf(error), mayTryAgain(error), error);
    // If the task only has to wait for another run, that is not recorded as a failure.
    if (!(error instanceof NotYetError)) await noteFailure(planned, number, failure);
    throw failure;
  }
}

async function doneBefore(
  planned: PlannedExport,
  task: PlannedTask,
  { repair }: TaskTools,
): Promise<DoneTask | undefined> {
  if (repair) return undefined;
  const marker = await planned.done(task);
  return marker && { marker, wasDone: true };
}

async function runLocked(planned: PlannedExport, task: PlannedTask, tools: TaskTools): Promise<DoneTask> {
  let hasWaited = false;
  const lock = await TaskLock.take(lockPath(planned, task), tools.signal, () => {
    hasWaited = true;
    tools.onWait(task.number);
  });
  try {
    // The process that this one waited for may have done the task.
    const before = await doneBefore(planned, task, hasWaited ? { ...tools, repair: false } : tools);
    if (before !== undefined) return before;
    const start = performance.now();
    await removeMarker(planned.store, task.number);
    const facts = await withAnySignal([tools.signal, lock.lost], (signal) =>
      work(planned, task, { ...tools, signal }),
    );
    await lock.check();
    const marker: TaskMarker = {
      task: task.number,
      ...facts,
      voxels: voxelCount(task.box),
      seconds: Number(((performance.now() - start) / 1000).toFixed(3)),
      endedAt: new Date().toISOString(),
    };
    await putMarker(planned.store, marker);
    return { marker, wasDone: false };
  } finally {
    await lock.release();
  }
}

type TaskFacts = Omit<TaskMarker, "task" | "voxels" | "seconds" | "endedAt">;

async function work(planned: PlannedExport, task: PlannedTask, tools: TaskTools): Promise<TaskFacts> {
  const { store, plan } = planned;
  if (isFlatFormat(plan.format)) {
    const report = await fetchFlatPart(plan, task, { ...tools, fetcher: tools.fetcher() });
    return { files: 0, bytes: 0, filled: fillsOf(report), ...blocksOf(report) };
  }
  await checkCompression(planned.compression);
  const log = await FileLog.read(store, taskPath(task.number, "ndjson"));
  const existing = tools.repair ? "repair" : "resume";
  if (task.stage.made !== "fetched") {
    const from = await computePart(planned, task, log, existing, tools);
    return { ...(await logged(log)), from };
  }
  const report = await fetchPart(planned, task, log, existing, { ...tools, fetcher: tools.fetcher() });
  return { ...(await logged(log)), ...blocksOf(report) };
}

async function logged(log: FileLog): Promise<Pick<TaskMarker, "files" | "bytes" | "filled" | "xxh32">> {
  const checksum = xxh32(await log.complete());
  const fills = new FillCounts();
  const { files } = log;
  let bytes = 0;
  for (const file of files) {
    bytes += file.bytes;
    fills.add(file);
  }
  return { files: files.length, bytes, filled: fills.byCause, xxh32: checksum };
}

function fillsOf({ fills }: FetchReport): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(fills).filter(([, count]) => count > 0));
}

function blocksOf({ blocks: { fetched, cached, filled } }: FetchReport): Pick<TaskMarker, "blocks"> {
  return { blocks: { fetched, cached, filled } };
}

/** Records a failure. Errors are ignored: if the folder cannot be written, that is why the task failed. */
async function noteFailure(
  { store }: PlannedExport,
  task: number,
  { message, tryAgain }: TaskFailure,
): Promise<void> {
  await putFailure(store, { task, message, tryAgain, at: new Date().toISOString() }).catch(() => {});
}
