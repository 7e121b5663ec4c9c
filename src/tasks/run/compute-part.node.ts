import { writerTools } from "../../fetch/delivery/writer-tools.js";
import { buildLevel } from "../../out/chunked/levels/build-level.js";
import { FileLog } from "../../out/chunked/log/file-log.js";
import { packingOf } from "../../out/packing/packing.js";
import { createInProcessPool } from "../../pool/in-process-pool.js";
import { packBytesIn } from "../../pool/pack-bytes.js";
import { acquireSharedPool } from "../../pool/shared-pool.js";
import { NumberRanges, rangesText } from "../plan/number-ranges.js";
import type { PlannedExport, PlannedTask } from "../planned-export.js";
import { taskPath } from "../task-paths.js";
import { NotYetError } from "./task-failure.js";

/** Tools of a computed task. */
export interface ComputeTools {
  /** How many workers pack, 0 for none. Default: as many as a fetcher has. */
  readonly threads?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Computes the missing files of a task from the files of the level before.
 *
 * @returns One checksum for all tasks that the task was computed from.
 * @throws NotYetError if one of these tasks is not done.
 */
export async function computePart(
  planned: PlannedExport,
  task: PlannedTask,
  log: FileLog,
  existing: "resume" | "repair",
  { threads, signal }: ComputeTools,
): Promise<number> {
  const { stage, box } = task;
  const before = planned.tasksBefore(task);
  const from = await planned.checksumBefore(task);
  const lacking = new NumberRanges();
  for (const number of before) {
    if ((await planned.done(planned.task(number))) === undefined) lacking.add(number);
  }
  if (from === undefined || lacking.count > 0) {
    throw new NotYetError(
      `task ${task.number} is computed from tasks that are not done yet: run ${rangesText(lacking.all)} first`,
    );
  }
  const [first = 0, ...others] = before.map((number) => taskPath(number, "ndjson"));
  const finer = planned.files(stage.level - 1, await FileLog.read(planned.store, String(first), others));
  const pool = threads === 0 ? createInProcessPool() : acquireSharedPool({ threads });
  try {
    await buildLevel({
      finer,
      coarser: planned.files(stage.level, log),
      box,
      existing,
      step: planned.step(stage.level),
      info: planned.plan.volume,
      pack: packingOf(writerTools(packBytesIn(pool), signal)),
      signal,
    });
  } finally {
    await pool.close();
  }
  return from;
}
