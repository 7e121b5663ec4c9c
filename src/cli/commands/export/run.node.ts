import { askedTask, askedTasks, type NumberRange, taskCount } from "../../../tasks/plan/export-plan.js";
import { checkDataset } from "../../../tasks/plan/plan-file.node.js";
import type { PlannedExport } from "../../../tasks/planned-export.js";
import { type DoneTask, runTask } from "../../../tasks/run/run-task.node.js";
import type { Command, CommandContext } from "../../command.node.js";
import { exitCode, sentenceOf } from "../../exit-code.js";
import type { Arguments } from "../../input/arguments.node.js";
import { credentialHelp, credentialOptions } from "../../input/credentials.node.js";
import { maxMemoryOf } from "../../input/max-memory.node.js";
import { fileTrouble } from "../../output/file-trouble.node.js";
import { ProgressBar } from "../../output/progress-bar.node.js";
import { bytesText, countText, timeText } from "../../output/quantity-text.js";
import { UsageError } from "../../usage-error.js";
import { openPlan, openPlannedFetcher } from "./open-plan.node.js";
import { concurrentOf } from "./plan/task-options.node.js";
import { taskIndexOf } from "./task-index.js";

/** `catmaid-image export run`. */
export const exportRunCommand: Command = {
  name: "export run",
  summary: "do one of those tasks",
  help: `Usage: catmaid-image export run PLAN.json [--task I] [options]

Does a task of a plan, unless it is done. What a run before has stored of it stays, so that one that was killed is simply run
again; of two runs at once the second waits for the first. Where --task is not given, the number is that of the array job:
SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX (Kubernetes), AWS_BATCH_JOB_ARRAY_INDEX, LSB_JOBINDEX, PBS_ARRAY_INDEX,
PBS_ARRAYID or SGE_TASK_ID.

  --task I               the task, from 0; of a plan of some tasks (--only-missing), the I-th of these
  --tasks A-B            tasks A to B, both of them among them, one after the other
  --concurrent K         how many tasks run at once, for the limits of requests; default: what the plan says
  --repair               if it is done, compare it with its checksums, and fetch again what is damaged or was filled after
                         a failure
  --threads N            so many workers; default: one per core, at most 8; 0 works without
  --attempts N           how often a tile or block is asked for
  --timeout SECONDS      limit for one request; default 10
  --max-memory MIB       limit for what is on its way to chunks, default 256
  --json                 print what was done as JSON, a line for each task
  -q, --quiet            print nothing but errors
  --help                 print this

${credentialHelp}
  --header "NAME: VALUE" sent to the server that the stack comes from, also for its tiles. May be given again
  --mirror-header "NAME: VALUE"
                         sent to the image server

Exit codes: 0 done, now or before; 75 try again: the server or the disk could not be had, or what the task is computed of is
not done; 1 failed, and would again; 2 the command line or the plan is wrong; 130 interrupted.

Example:
  catmaid-image export run plan.json --task 17`,
  options: {
    task: { type: "string" },
    tasks: { type: "string" },
    concurrent: { type: "string" },
    repair: { type: "boolean" },
    threads: { type: "string" },
    attempts: { type: "string" },
    timeout: { type: "string" },
    "max-memory": { type: "string" },
    header: { type: "string", multiple: true },
    "mirror-header": { type: "string", multiple: true },
    ...credentialOptions,
    json: { type: "boolean" },
    quiet: { type: "boolean", short: "q" },
  },
  run: async (args, context) => {
    const wanted = wantedTasks(args, context);
    const concurrent = concurrentOf(args);
    const maxMemoryBytes = maxMemoryOf(args);
    const planned = await openPlan(args, "run");
    const [first, last] = askedRange(planned, wanted);
    await checkDataset(planned);
    let fetcher: ReturnType<typeof openPlannedFetcher> | undefined;
    const open = () => {
      fetcher ??= openPlannedFetcher(planned.plan, args, context, concurrent);
      return fetcher;
    };
    try {
      for (let index = first; index <= last; index++) {
        const bar = new ProgressBar(context.terminal, "tile");
        const number = askedTask(planned.plan, index) as number;
        const done = await runTask(planned, number, {
          fetcher: open,
          maxMemoryBytes,
          repair: args.has("repair") || planned.plan.repair === true,
          signal: context.signal,
          onProgress: (progress) => bar.update(progress),
          onWait: () =>
            context.terminal.note(`task ${number} is being run already: waiting for that run to end`),
          sentenceOf: (error) => sentenceOf(fileSentence(error, planned)),
        }).finally(() => bar.clear());
        print(done, planned, args, context);
      }
      return exitCode.ok;
    } finally {
      await fetcher?.close();
    }
  },
};

/** Tasks as a command line names them: from the first to the last of those that the plan asks for. */
interface WantedTasks {
  readonly range: NumberRange;
  /** What says so, for messages. */
  readonly by: string;
}

function wantedTasks(args: Arguments, { env }: CommandContext): WantedTasks {
  const task = args.whole("task", 0);
  const text = args.text("tasks");
  if (task !== undefined && text !== undefined)
    throw new UsageError("--task and --tasks are at odds: which is it to be?");
  if (task !== undefined) return { range: [task, task], by: `--task ${task}` };
  if (text === undefined) {
    const found = taskIndexOf(env);
    if (found === undefined) throw new UsageError("which task? Give --task I, or run it in an array job");
    return { range: [found.index, found.index], by: found.variable };
  }
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (from === undefined || Number(from) > Number(to)) {
    throw new UsageError(`--tasks must be like 0-9, both of them among them, not "${text}"`);
  }
  return { range: [Number(from), Number(to)], by: `--tasks ${text}` };
}

/** Throws a {@link UsageError} for a number beyond the plan's. */
function askedRange({ plan }: PlannedExport, { range, by }: WantedTasks): NumberRange {
  const asked = askedTasks(plan).reduce((count, [first, last]) => count + last - first + 1, 0);
  if (range[1] < asked) return range;
  const all = plan.only === undefined ? "" : ` (of ${taskCount(plan)} in all)`;
  const has = asked === 0 ? "none" : asked === 1 ? "one, number 0" : `${asked}, numbers 0 to ${asked - 1}`;
  throw new UsageError(`${by} is beyond the tasks of the plan, which asks for ${has}${all}`);
}

/** What the system refuses is said as it is of files. */
export function fileSentence(error: unknown, { store }: PlannedExport): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const isOfSystem = typeof code === "string" && typeof syscall === "string";
  return isOfSystem ? fileTrouble("write", store.name ?? "", error) : error;
}

function print(
  { marker, wasDone }: DoneTask,
  { count }: PlannedExport,
  args: Arguments,
  { terminal }: CommandContext,
): void {
  if (args.has("json")) terminal.print(JSON.stringify({ ...marker, wasDone }));
  if (args.has("json") || args.has("quiet")) return;
  const fills = Object.entries(marker.filled).map(([cause, files]) => `${files} filled (${cause})`);
  const what = [
    ...(marker.files > 0
      ? [countText(marker.files, "file"), bytesText(marker.bytes)]
      : [countText(marker.voxels, "voxel")]),
    ...fills,
    wasDone ? "done before" : timeText(marker.seconds * 1000),
  ];
  terminal.print(`task ${marker.task} of ${count}: ${what.join(", ")}`);
}
