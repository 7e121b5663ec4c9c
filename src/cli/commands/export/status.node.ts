import { dirname, join } from "node:path";
import { taskCount } from "../../../tasks/plan/export-plan.js";
import { rangesText } from "../../../tasks/plan/number-ranges.js";
import {
  type FailureGroup,
  type PlanStatus,
  planStatus,
  type StageStatus,
} from "../../../tasks/plan-status.node.js";
import type { PlannedExport } from "../../../tasks/planned-export.js";
import { stateNames } from "../../../tasks/task-states.node.js";
import type { Command } from "../../command.node.js";
import { exitCode } from "../../exit-code.js";
import { isThere } from "../../output/output-file.node.js";
import { plainText } from "../../output/plain-text.js";
import { bytesText, countText, timeText } from "../../output/quantity-text.js";
import { ownCommand } from "../../shell-command.js";
import { onDataset, openPlan } from "./open-plan.node.js";

export const exportStatusCommand: Command = {
  name: "export status",
  summary: "show which tasks are done",
  help: `Usage: catmaid-image export status PLAN.json [options]

Shows the state of each task of a plan, as recorded in the dataset: done, running, stopped (its process was killed or
interrupted), failed, or missing (not started). Tasks that are stopped, failed or missing can be run again.

  --json                 print the states as JSON
  --help                 print this

Exit codes: 0 in any state, 1 the dataset cannot be read, 2 wrong command line or plan, 130 interrupted.

Example:
  catmaid-image export status plan.json`,
  options: { json: { type: "boolean" } },
  run: async (args, { terminal, signal }) => {
    const planned = await openPlan(args, "status of");
    const status = await onDataset(planned, "read", planStatus(planned, signal));
    if (args.has("json")) terminal.printJson({ output: planned.plan.output, ...status });
    else {
      const [path = ""] = args.positionals;
      const lines = [...statusLines(status, planned), ...nextLines(status, path, await restPath(path))];
      for (const line of lines) terminal.print(line);
    }
    return exitCode.ok;
  },
};

function statusLines(status: PlanStatus, { plan }: PlannedExport): string[] {
  const { complete, stages, tasks, failures } = status;
  const listed = (["running", "stopped", "missing"] as const).filter((name) => tasks[name].length > 0);
  return [
    `${plainText(plan.output)}: ${countText(taskCount(plan), "task")}${complete ? ", complete" : ""}`,
    ...stages.map(stageLine),
    ...listed.map((name) => `${name.padEnd(9)}${rangesText(tasks[name])}`),
    ...failures.map(failureLine),
  ];
}

function stageLine({ level, made, states, files, bytes, filled }: StageStatus): string {
  const counts = stateNames
    .filter((name) => states[name] > 0)
    .map((name) => `${states[name].toLocaleString("en")} ${name}`);
  const stored = files > 0 ? `; ${countText(files, "file")}, ${bytesText(bytes)}` : "";
  const fills = Object.entries(filled).map(([cause, count]) => `; ${count} filled (${cause})`);
  return `level ${level}  ${counts.join(", ")}${stored}${fills.join("")}${made === "fetched" ? "" : "; computed"}`;
}

function failureLine({ message, tasks, tryAgain }: FailureGroup): string {
  const advice = tryAgain ? "may succeed when run again" : "will fail again";
  return `failed   ${rangesText(tasks)}, which ${advice}: ${plainText(message)}`;
}

/** A name for the plan of what is left: beside the plan, and of no file that exists, which may be another such plan. */
async function restPath(plan: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(dirname(plan), number === 1 ? "rest.json" : `rest-${number}.json`);
    if (!(await isThere(path))) return path;
  }
}

/** The remaining time, and the command to run next. */
function nextLines(
  { complete, stages, voxelsPerSecond, secondsLeft = 0 }: PlanStatus,
  path: string,
  rest: string,
): string[] {
  if (complete) return [];
  if (stages.every(({ states, tasks }) => states.done === tasks))
    return [`next     ${ownCommand("export", "finish", path)}`];
  const next = `next     ${ownCommand("export", "plan", path, "--only-missing", "--plan", rest)}`;
  if (voxelsPerSecond === undefined) return [next];
  const speed = `${(voxelsPerSecond / 1e6).toFixed(1)} million voxels/s`;
  return [`speed    ${speed}; ${timeText(secondsLeft * 1000)} left at that speed`, next];
}
