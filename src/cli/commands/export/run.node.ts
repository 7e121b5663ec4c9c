import type { FetchProgress } from "../../../index.js";
import { askedTask, type NumberRange } from "../../../tasks/plan/export-plan.js";
import { checkDataset } from "../../../tasks/plan/plan-file.node.js";
import type { PlannedExport } from "../../../tasks/planned-export.js";
import { type DoneTask, runTask, type TaskTools } from "../../../tasks/run/run-task.node.js";
import { TaskFailure } from "../../../tasks/run/task-failure.js";
import type { Command, CommandContext } from "../../command.node.js";
import { exitCode, sentenceOf } from "../../exit-code.js";
import type { Arguments } from "../../input/arguments.node.js";
import { credentialHelp, credentialOptions } from "../../input/credentials.node.js";
import { threadsOf } from "../../input/fetch-options.node.js";
import { maxMemoryOf } from "../../input/max-memory.node.js";
import { systemTrouble } from "../../output/file-trouble.node.js";
import { ProgressBar } from "../../output/progress-bar.node.js";
import { bytesText, countText, timeText } from "../../output/quantity-text.js";
import { onDataset, openPlan, openPlannedFetcher } from "./open-plan.node.js";
import { checkConcurrent, concurrentOf } from "./plan/task-options.node.js";
import { askedRange, wantedTasks } from "./wanted-tasks.node.js";

export const exportRunCommand: Command = {
  name: "export run",
  summary: "do one of those tasks",
  help: `Usage: catmaid-image export run PLAN.json [--task I] [options]

Does a task of a plan, unless it is done. What a run before has stored of it stays, so that one that was killed is simply run
again; of two runs at once the second waits for the first. Where --task is not given, the number is that of the array job:
SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX (Kubernetes), AWS_BATCH_JOB_ARRAY_INDEX, LSB_JOBINDEX, PBS_ARRAY_INDEX,
PBS_ARRAYID or SGE_TASK_ID.

  --task I               the task, from 0; of a plan of some tasks (--only-missing), the I-th of these
  --tasks A-B            tasks A to B, both of them among them, one after the other; one that fails for good does not keep
                         the others from being done
  --parts N              of these the part that the array job says: element 0 of N does the first N-th, and so on
  --concurrent K         how many tasks run at once, for the limits of requests; default: what the plan says
  --repair               if it is done, compare it with its checksums, and fetch again what is damaged or was filled after
                         a failure
  --threads N            so many workers; default: one per core, at most 8; 0 works without
  --attempts N           how often a tile or block is asked for
  --timeout SECONDS      limit for one request; default 10
  --max-memory MIB       limit for what is on its way to chunks; default: what the plan says
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
    parts: { type: "string" },
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
    const maxMemory = maxMemoryOf(args);
    const planned = await openPlan(args, "run");
    checkConcurrent(concurrent ?? 1, planned.plan.requests.maxRequests);
    const range = askedRange(planned, wanted);
    await onDataset(planned, "read", checkDataset(planned));
    let fetcher: ReturnType<typeof openPlannedFetcher> | undefined;
    const bar = new ProgressBar(context.terminal, "tile");
    const tools = {
      fetcher: () => {
        fetcher ??= openPlannedFetcher(planned.plan, args, context, concurrent);
        return fetcher;
      },
      maxMemoryBytes: args.has("max-memory") ? maxMemory : planned.plan.maxMemoryBytes,
      threads: threadsOf(args),
      repair: args.has("repair") || planned.plan.repair === true,
      signal: context.signal,
      onProgress: (progress: FetchProgress) => bar.update(progress),
      onWait: (task: number) =>
        context.terminal.note(`task ${task} is being run already: waiting for that run to end`),
      sentenceOf: (error: unknown) => sentenceOf(systemTrouble("write", planned.store.name ?? "", error)),
    };
    try {
      await runTasks(planned, range, tools, (done) => {
        bar.clear();
        print(done, planned, args, context);
      });
      return exitCode.ok;
    } finally {
      bar.clear();
      await fetcher?.close();
    }
  },
};

/**
 * Runs tasks one after the other. After a failure that another run would repeat, the other tasks still run. After a failure
 * that may pass, this throws at once, because the other tasks would probably fail now too.
 */
async function runTasks(
  planned: PlannedExport,
  [first, last]: NumberRange,
  tools: TaskTools,
  onDone: (done: DoneTask) => void,
): Promise<void> {
  const failures: TaskFailure[] = [];
  for (let index = first; index <= last; index++) {
    const number = askedTask(planned.plan, index) as number;
    try {
      onDone(await runTask(planned, number, tools));
    } catch (error) {
      if (!(error instanceof TaskFailure) || error.tryAgain) throw error;
      failures.push(error);
    }
  }
  const [failure, ...others] = failures;
  if (failure === undefined) return;
  const more =
    others.length === 0 ? "" : ` (and ${countText(others.length, "task")} more; see export status)`;
  throw new TaskFailure(`${failure.message}${more}`, false, failure);
}

function print(
  { marker, wasDone }: DoneTask,
  { count }: PlannedExport,
  args: Arguments,
  { terminal }: CommandContext,
): void {
  if (args.has("json")) terminal.print(JSON.stringify({ ...marker, wasDone }));
  if (args.has("json") || args.has("quiet")) return;
  const { files, bytes, voxels, filled } = marker;
  const what = [
    ...(files > 0 ? [countText(files, "file"), bytesText(bytes)] : [countText(voxels, "voxel")]),
    ...Object.entries(filled).map(([cause, fills]) => `${fills} filled (${cause})`),
    wasDone ? "done before" : timeText(marker.seconds * 1000),
  ];
  terminal.print(`task ${marker.task} of ${count}: ${what.join(", ")}`);
}
