import { putManifest } from "../out/chunked/export-manifest.js";
import { FileLog } from "../out/chunked/log/file-log.js";
import { FillCounts } from "../out/chunked/log/fill-counts.js";
import { storeFile } from "../out/chunked/log/store-file.js";
import { isFlatFormat } from "./flat-format.js";
import { NumberRanges, rangesText } from "./plan/number-ranges.js";
import { checkDataset } from "./plan/plan-file.node.js";
import type { PlannedExport } from "./planned-export.js";
import { placeFlatFile } from "./run/flat-part.node.js";
import { runTask, type TaskTools } from "./run/run-task.node.js";
import { NotYetError } from "./run/task-failure.js";
import { removeMarker } from "./task-marker.js";
import { taskPath } from "./task-paths.js";

/** The result of an export. */
export interface FinishedExport {
  /** Whether the export was finished before. */
  readonly wasComplete: boolean;
  readonly tasks: number;
  readonly files: number;
  readonly bytes: number;
  /** How many files of the first level hold fill, by cause; for a single file, how many tiles or blocks are filled. */
  readonly filled: Readonly<Record<string, number>>;
}

/** How an export is finished. */
export interface FinishTools extends Omit<TaskTools, "fetcher" | "maxMemoryBytes" | "repair" | "onProgress"> {
  /** Called after each task. */
  onTask?(done: number, of: number): void;
}

/**
 * Completes an export whose fetched tasks are done: runs the computed tasks that are left, checks that all files exist, and
 * writes the metadata that make them a dataset.
 *
 * @throws NotYetError if tasks are left, or if files are missing. The tasks of missing files must then be run again.
 */
export async function finishExport(planned: PlannedExport, tools: FinishTools): Promise<FinishedExport> {
  const wasComplete = await checkDataset(planned);
  const summary = await checkTasks(planned, tools);
  // Done even if the export was complete, because tasks may have been repaired since.
  if (isFlatFormat(planned.plan.format)) await placeFlatFile(planned.plan, summary.filled);
  else await putMetadata(planned, summary.filled);
  await putManifest(planned.store, { ...planned.layout.manifest, plan: planned.plan.hash, complete: true });
  await planned.store.close?.();
  return { wasComplete, tasks: planned.count, ...summary };
}

async function checkTasks(
  planned: PlannedExport,
  tools: FinishTools,
): Promise<Pick<FinishedExport, "files" | "bytes" | "filled">> {
  const fills = new FillCounts();
  let [files, bytes] = [0, 0];
  const lacking = new NumberRanges();
  for (let number = 0; number < planned.count; number++) {
    tools.signal.throwIfAborted();
    const task = planned.task(number);
    const isFetched = task.stage.made === "fetched";
    // Computed tasks need all fetched tasks.
    if (!isFetched) refuseLacking(lacking);
    const marker = isFetched ? await planned.done(task) : (await computed(planned, number, tools)).marker;
    if (marker === undefined) lacking.add(number);
    else {
      await checkFiles(planned, number);
      files += marker.files;
      bytes += marker.bytes;
      if (task.stage.level === 0) fills.addAll(marker.filled);
    }
    tools.onTask?.(number + 1, planned.count);
  }
  refuseLacking(lacking);
  return { files, bytes, filled: fills.byCause };
}

function computed(planned: PlannedExport, number: number, tools: FinishTools): ReturnType<typeof runTask> {
  const fetcher = (): never => {
    throw new Error(`task ${number} is computed, and nothing is fetched for it`);
  };
  return runTask(planned, number, {
    ...tools,
    maxMemoryBytes: planned.plan.maxMemoryBytes,
    fetcher,
    repair: false,
  });
}

function refuseLacking(lacking: NumberRanges): void {
  if (lacking.count === 0) return;
  throw new NotYetError(
    `${rangesText(lacking.all)} ${lacking.count === 1 ? "is" : "are"} not done (${lacking.count} in all): ` +
      "export status says why, and export plan --only-missing makes a plan of what is left",
  );
}

/** Throws if a file of a task is missing or has another length, and removes the task's marker, so that it is run again. */
async function checkFiles({ store }: PlannedExport, number: number): Promise<void> {
  const files = (await FileLog.read(store, taskPath(number, "ndjson"))).files.values();
  const check = async (): Promise<void> => {
    for (const file of files) {
      const found = await store.size?.(file.path);
      if (found === file.bytes) continue;
      await removeMarker(store, number);
      throw new NotYetError(
        `${file.path} of task ${number} is ${found === undefined ? "missing" : "of another length than it was"}: ` +
          `run the task again (export run --task ${number})`,
      );
    }
  };
  // Network disks answer several requests at a time.
  await Promise.all(Array.from({ length: 8 }, check));
}

async function putMetadata(
  { store, layout }: PlannedExport,
  filled: Readonly<Record<string, number>>,
): Promise<void> {
  const log = await FileLog.create(store);
  for (const { path, bytes } of layout.dataset.metadata(filled)) await storeFile(store, log, path, bytes);
  await log.complete();
}
