import { finishExport } from "../../../tasks/finish-export.node.js";
import { datasetFolder } from "../../../tasks/plan/export-plan.js";
import type { Command } from "../../command.node.js";
import { exitCode, sentenceOf } from "../../exit-code.js";
import { systemTrouble } from "../../output/file-trouble.node.js";
import { plainText } from "../../output/plain-text.js";
import { bytesText, countText } from "../../output/quantity-text.js";
import { ownCommand } from "../../shell-command.js";
import { onDataset, openPlan } from "./open-plan.node.js";

export const exportFinishCommand: Command = {
  name: "export finish",
  summary: "complete the dataset when its tasks are done",
  help: `Usage: catmaid-image export finish PLAN.json [options]

Completes the dataset of a plan, when all tasks that fetch voxels are done. Runs the tasks that compute levels, unless
export run has done them. Checks that all files exist, and writes the metadata of the dataset. No reader opens the dataset
before that. You may run this command again.

  --json                 print the summary as JSON
  -q, --quiet            print nothing but errors
  --help                 print this

Exit codes: 0 the dataset is complete, 75 tasks are left, 1 failed, 2 wrong command line or plan, 130 interrupted.

Example:
  catmaid-image export finish plan.json`,
  options: { json: { type: "boolean" }, quiet: { type: "boolean", short: "q" } },
  run: async (args, { terminal, signal }) => {
    const planned = await openPlan(args, "finish");
    const { plan } = planned;
    const finishing = finishExport(planned, {
      signal,
      sentenceOf: (error) => sentenceOf(systemTrouble("write", plan.output, error)),
      onWait: (task) => terminal.note(`task ${task} is being run already: waiting for that run to end`),
      onTask: (done, of) => terminal.status(`${done}/${of} tasks`),
    });
    const finished = await onDataset(planned, "write", finishing).finally(() => terminal.status(""));
    if (args.has("json")) terminal.printJson({ output: plan.output, ...finished });
    else if (!args.has("quiet")) {
      const { wasComplete, tasks, files, bytes, filled } = finished;
      const counts = [
        countText(tasks, "task"),
        ...(files > 0 ? [countText(files, "file"), bytesText(bytes)] : []),
      ];
      terminal.print(
        `${plainText(plan.output)}: ${plan.format}, ${counts.join(", ")}: ${wasComplete ? "was complete before" : "complete"}`,
      );
      for (const [cause, count] of Object.entries(filled)) terminal.print(`filled   ${count} (${cause})`);
      const folder = datasetFolder(plan);
      const isDataset = folder === plan.output;
      terminal.print(
        isDataset
          ? `check    ${ownCommand("verify", folder)}`
          : `left     ${plainText(folder)}, which you may remove`,
      );
    }
    return exitCode.ok;
  },
};
