import { createDataset } from "../../../../tasks/plan/create-dataset.node.js";
import type { Command } from "../../../command.node.js";
import { exitCode } from "../../../exit-code.js";
import { fetcherOptionsOf, threadsOf, tileErrorOf } from "../../../input/fetch-options.node.js";
import { layoutOptions } from "../../../input/layout-options.node.js";
import { checkRegionWords, orientationOf, regionOptions } from "../../../input/region.node.js";
import { openFetcher, readStackInfo, sourceOptions } from "../../../input/stack-source.node.js";
import { isThere } from "../../../output/output-file.node.js";
import { blockNoun } from "../../../output/quantity-text.js";
import { UsageError } from "../../../usage-error.js";
import { onDataset, plannedExport } from "../open-plan.node.js";
import { makePlan } from "./make-plan.node.js";
import { planOnlyMissing } from "./only-missing.node.js";
import { planHelp } from "./plan-help.node.js";
import { withPlanFile } from "./plan-output.node.js";
import { planSummary, summaryLines } from "./plan-summary.node.js";
import { planTargetOf } from "./plan-target.node.js";
import { requestsOf, taskOptions, taskSizeOf } from "./task-options.node.js";

export const exportPlanCommand: Command = {
  name: "export plan",
  summary: "divide an export into numbered tasks, for a cluster",
  help: planHelp,
  options: {
    ...sourceOptions,
    ...regionOptions,
    output: { type: "string", short: "o" },
    format: { type: "string" },
    ...layoutOptions,
    ...taskOptions,
    plan: { type: "string" },
    "only-missing": { type: "boolean" },
    repair: { type: "boolean" },
    overwrite: { type: "boolean" },
    "max-memory": { type: "string" },
    json: { type: "boolean" },
    quiet: { type: "boolean", short: "q" },
  },
  run: async (args, context) => {
    const { terminal, signal } = context;
    const path = args.text("plan");
    if (path === undefined) throw new UsageError("where is the plan to be written to? Give --plan PLAN.json");
    if (args.has("only-missing")) return planOnlyMissing(args, path, context);
    if (args.has("repair"))
      throw new UsageError("--repair belongs to --only-missing: give both, or export run --repair");
    const target = planTargetOf(args);
    taskSizeOf(args);
    requestsOf(args);
    tileErrorOf(args);
    checkRegionWords(args);
    const overwrite = args.has("overwrite");
    if (!overwrite && (await isThere(target.output))) {
      throw new UsageError(
        `"${target.output}" is there already: replace it with --overwrite, or name another`,
      );
    }
    const options = { ...fetcherOptionsOf(args), outputOrientation: orientationOf(args) };
    const threads = threadsOf(args);
    const { summary, noun } = await withPlanFile(path, overwrite, async () => {
      const source = await readStackInfo(args, context);
      const { fetcher, stack } = openFetcher(source, args, context, options, threads);
      try {
        if (args.text("mirror") === "fastest") await fetcher.setFastestMirror({ signal });
        const made = await makePlan({ args, context, target, source, fetcher, stack });
        const planned = plannedExport(made.plan);
        await onDataset(planned, "write", createDataset(planned, overwrite));
        return { plan: made.plan, summary: planSummary(path, made), noun: blockNoun(fetcher.mirror) };
      } finally {
        await fetcher.close();
      }
    });
    if (args.has("json")) terminal.printJson(summary);
    else if (!args.has("quiet")) for (const line of summaryLines(summary, noun)) terminal.print(line);
    return exitCode.ok;
  },
};
