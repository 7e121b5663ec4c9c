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
import { threadsOf, workHelp } from "../../input/fetch-options.node.js";
import { maxMemoryOf } from "../../input/max-memory.node.js";
import { headerHelp } from "../../input/request-options.node.js";
import { systemTrouble } from "../../output/file-trouble.node.js";
import { ProgressBar } from "../../output/progress-bar.node.js";
import { bytesText, countText, timeText } from "../../output/quantity-text.js";
import { onDataset, openPlan, openPlannedFetcher } from "./open-plan.node.js";
import { checkConcurrent, concurrentOf } from "./plan/task-options.node.js";
import { askedRange, wantedTasks } from "./wanted-tasks.node.js";

export const exportRunCommand: Command = {
  name: "export run",
  summary: "run one task of the plan, or several",
  help: `Usage: catmaid-image export run PLAN.json [--task I] [options]

Runs a task of a plan, unless it is done. Files that an earlier run stored are kept, so a task that was killed is simply
run again. If another process runs the task, this one waits for it. Without --task, the number is the index of the job in
its array, from one of the variables SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX (Kubernetes),
AWS_BATCH_JOB_ARRAY_INDEX, LSB_JOBINDEX, PBS_ARRAY_INDEX, PBS_ARRAYID or SGE_TASK_ID.

  --task I               number of the task, from 0. A plan of --only-missing numbers its own tasks
  --tasks A-B            run tasks A to B (B included), one after the other. If one fails for good, the others still run
  --parts N              run one of N equal parts of --tasks. The index of the job in its array, from 0, selects the part
  --concurrent K         number of tasks that run at once and share the plan's limits of requests; default: the plan's
  --repair               compare the files of a done task with their checksums. Fetch files again that are damaged or were
                         filled after a failure
${workHelp}
  --timeout SECONDS      limit for one request; default 10
  --max-memory MIB       limit of voxels on their way to files; default: the plan's
  --json                 print a line of JSON for each task
  -q, --quiet            print nothing but errors
  --help                 print this

${credentialHelp}
${headerHelp}

Exit codes: 0 done, now or before; 75 try again: the server, the network or the disk failed, or the level before is not
done; 1 failed, and would fail again; 2 wrong command line or plan; 130 interrupted.

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
