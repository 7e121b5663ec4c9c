import type { PlannedRequests } from "../../../../tasks/plan/export-plan.js";
import type { TaskSize } from "../../../../tasks/plan/plan-stages.js";
import type { Arguments, CommandOptions } from "../../../input/arguments.node.js";
import { UsageError } from "../../../usage-error.js";

/** Options of how an export is divided into tasks, and limits of the requests of all tasks together. */
export const taskOptions: CommandOptions = {
  tasks: { type: "string" },
  "task-size": { type: "string" },
  "max-requests": { type: "string" },
  "max-rate": { type: "string" },
  concurrent: { type: "string" },
};

/** The part of `--help` about {@link taskOptions}. */
export const taskHelp = `  --task-size BYTES      size of the voxels of a task, uncompressed, such as 2GB or 500MiB; default 2GiB. A chunk or a
                         shard is never divided
  --tasks N              instead of --task-size: about N tasks for the first level, and never more
  --concurrent K         number of tasks that will run at once; default 1
  --max-requests N       most requests in flight, of all running tasks together; default 32
  --max-rate N           most requests per second, of all running tasks together; default: no limit`;

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Reads `--tasks` and `--task-size`. */
export function taskSizeOf(args: Arguments): TaskSize {
  const tasks = args.whole("tasks", 1, 1e9);
  const text = args.text("task-size");
  if (tasks !== undefined && text !== undefined) {
    throw new UsageError("--tasks and --task-size say the same: which is it to be?");
  }
  if (tasks !== undefined) return { tasks };
  return { bytes: text === undefined ? 2 ** 31 : bytesOf(text, "task-size") };
}

/** Parses the value of an option that is a number of bytes, such as `2GB`. */
export function bytesOf(text: string, option: string): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * (units[unit.toLowerCase()] ?? Number.NaN);
  if (digits !== "" && bytes >= 1) return bytes;
  throw new UsageError(`--${option} must be like 2GB or 500MiB, not "${text}"`);
}

/** Reads the limits of requests. */
export function requestsOf(args: Arguments): PlannedRequests {
  const maxRate = args.number("max-rate", 0.001, 1e6);
  const maxRequests = args.whole("max-requests", 1, 1e6) ?? 32;
  const concurrent = concurrentOf(args) ?? 1;
  checkConcurrent(concurrent, maxRequests);
  return { maxRequests, ...(maxRate !== undefined && { maxRate }), concurrent };
}

/** Reads `--concurrent`. */
export function concurrentOf(args: Arguments): number | undefined {
  return args.whole("concurrent", 1, 1e6);
}

/** Throws a {@link UsageError} if there are more tasks at once than requests for all of them together. */
export function checkConcurrent(concurrent: number, maxRequests: number): void {
  if (concurrent <= maxRequests) return;
  throw new UsageError(
    `${concurrent} tasks at once make as many requests at least, and all together may make ${maxRequests}: ` +
      "take a smaller --concurrent, or a larger --max-requests of export plan, if the server bears it",
  );
}
