import { dirname, resolve } from "node:path";
import { datasetFolder } from "../../../../tasks/plan/export-plan.js";
import type { Command } from "../../../command.node.js";
import { exitCode } from "../../../exit-code.js";
import type { Arguments } from "../../../input/arguments.node.js";
import { UsageError } from "../../../usage-error.js";
import { openPlan } from "../open-plan.node.js";
import { bytesOf, checkConcurrent, concurrentOf } from "../plan/task-options.node.js";
import { awsBatchScript } from "./aws-batch.js";
import { kubernetesScript } from "./kubernetes.js";
import { lsfScript } from "./lsf.js";
import { pbsScript } from "./pbs.js";
import { planJobs } from "./plan-jobs.js";
import { scriptHelp } from "./script-help.js";
import { sgeScript } from "./sge.js";
import { slurmScript } from "./slurm.js";
import type { Job, Submission } from "./submission.js";

const engines = ["slurm", "lsf", "pbs", "sge", "kubernetes", "aws-batch"] as const;
type Engine = (typeof engines)[number];

/** Options that only one engine has, and needs. */
const engineOptions: Readonly<Record<string, Engine>> = {
  image: "kubernetes",
  claim: "kubernetes",
  "job-definition": "aws-batch",
};

/** Every engine allows this many elements with its default settings. SLURM and LSF have the lowest limits. */
const mostElements = 1000;

const longestMinutes = 24 * 60;

export const exportScriptCommand: Command = {
  name: "export script",
  summary: "print a script that submits the tasks to a scheduler",
  help: scriptHelp,
  options: {
    engine: { type: "string" },
    concurrent: { type: "string" },
    elements: { type: "string" },
    time: { type: "string" },
    memory: { type: "string" },
    cpus: { type: "string" },
    queue: { type: "string" },
    image: { type: "string" },
    claim: { type: "string" },
    "job-definition": { type: "string" },
  },
  run: async (args, { terminal }) => {
    const engine = args.choice("engine", engines);
    if (engine === undefined)
      throw new UsageError(`for which scheduler? Give --engine ${engines.join(" | ")}`);
    for (const [name, only] of Object.entries(engineOptions)) {
      if (args.text(name) !== undefined && engine !== only) {
        throw new UsageError(`--${name} is for --engine ${only}: leave it out`);
      }
      if (args.text(name) === undefined && engine === only) {
        throw new UsageError(`--engine ${engine} needs --${name}`);
      }
    }
    const queue = args.text("queue");
    if (engine === "kubernetes" && queue !== undefined)
      throw new UsageError("Kubernetes has no queues: leave out --queue");
    if (engine === "aws-batch" && queue === undefined)
      throw new UsageError("--engine aws-batch needs --queue, the job queue");
    const { plan } = await openPlan(args, "a script for");
    const path = resolve(args.positionals[0] ?? "");
    const asked = concurrentOf(args);
    const concurrent = asked ?? plan.requests.concurrent;
    checkConcurrent(concurrent, plan.requests.maxRequests);
    if (concurrent === 1) terminal.note("the script runs one task at a time: --concurrent K runs more");
    const cpus = args.whole("cpus", 1, 1024) ?? 1;
    const elements = args.whole("elements", 1, 1e6) ?? mostElements;
    const jobs = planJobs(plan, {
      path,
      mostParts: engine === "aws-batch" ? Math.min(elements, concurrent) : elements,
      runWords: ["--threads", `${cpus}`, ...(asked === undefined ? [] : ["--concurrent", `${asked}`])],
    });
    const submission: Submission = {
      plan: path,
      logs: `${path.replace(/\.json$/i, "")}.logs`,
      command: isInContainer(engine) ? ["catmaid-image"] : [process.execPath, process.argv[1] ?? ""],
      jobs,
      concurrent,
      minutes: minutesOf(args) ?? likelyMinutes(jobs, engine),
      memoryMiB: Math.ceil(bytesOf(args.text("memory") ?? "2GiB", "memory") / 2 ** 20),
      cpus,
      queue,
    };
    terminal.print(scriptOf(engine, submission, args, datasetFolder(plan)).trimEnd());
    return exitCode.ok;
  },
};

function scriptOf(engine: Engine, submission: Submission, args: Arguments, dataset: string): string {
  switch (engine) {
    case "slurm":
      return slurmScript(submission);
    case "lsf":
      return lsfScript(submission);
    case "pbs":
      return pbsScript(submission);
    case "sge":
      return sgeScript(submission);
    case "kubernetes":
      return kubernetesScript(submission, {
        image: args.text("image") ?? "",
        claim: args.text("claim") ?? "",
        folder: folderAbove(submission.plan, dataset),
      });
    case "aws-batch":
      return awsBatchScript(submission, args.text("job-definition") ?? "");
  }
}

/** Whether tasks run in containers, which have their own installation. Other nodes have the one that is running now. */
function isInContainer(engine: Engine): boolean {
  return engine === "kubernetes" || engine === "aws-batch";
}

function minutesOf(args: Arguments): number | undefined {
  const text = args.text("time");
  if (text === undefined) return undefined;
  const [, hours, minutes] = /^(\d+):([0-5]\d)(?::00)?$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (total > 0) return total;
  throw new UsageError(`--time must be hours and minutes, such as 4:00, not "${text}"`);
}

/**
 * The default time limit: an hour for each task, which is more than most need, and at least 4 hours. Except in AWS Batch it is
 * at most a day, which is the limit of many queues.
 */
function likelyMinutes(jobs: readonly Job[], engine: Engine): number {
  const most = Math.max(...jobs.map(({ tasks, parts }) => Math.ceil(tasks / parts)));
  const minutes = Math.max(4, most) * 60;
  return engine === "aws-batch" ? minutes : Math.min(longestMinutes, minutes);
}

/** The deepest folder that holds both paths. */
function folderAbove(path: string, other: string): string {
  let folder = dirname(path);
  while (!`${other}/`.startsWith(folder === "/" ? "/" : `${folder}/`)) folder = dirname(folder);
  if (folder !== "/") return folder;
  throw new UsageError("the plan and the dataset have no folder in common, where a volume could be mounted");
}
