import { rangesText } from "../../../../tasks/plan/number-ranges.js";
import { planOfRest } from "../../../../tasks/plan/plan-of-rest.node.js";
import type { CommandContext } from "../../../command.node.js";
import { exitCode } from "../../../exit-code.js";
import type { Arguments } from "../../../input/arguments.node.js";
import { plainText } from "../../../output/plain-text.js";
import { countText } from "../../../output/quantity-text.js";
import { ownCommand } from "../../../shell-command.js";
import { onDataset, openPlan } from "../open-plan.node.js";
import { withPlanFile } from "./plan-output.node.js";

/** `catmaid-image export plan PLAN.json --only-missing`: the same plan for the tasks that are left. */
export async function planOnlyMissing(
  args: Arguments,
  path: string,
  { terminal, signal }: CommandContext,
): Promise<number> {
  const planned = await openPlan(args, "what is left of");
  const { plan, tasks, running } = await withPlanFile(path, args.has("overwrite"), () =>
    onDataset(planned, "read", planOfRest(planned, args.has("repair"), signal)),
  );
  if (args.has("json"))
    terminal.printJson({ plan: plan === undefined ? null : path, tasks, only: plan?.only ?? [], running });
  if (args.has("json") || args.has("quiet")) return exitCode.ok;
  if (running.length > 0) terminal.note(`left out, because they are running: ${rangesText(running)}`);
  terminal.print(
    plan === undefined
      ? `no task is left, so no plan was written. Next: ${ownCommand("export", "finish", args.positionals[0] ?? "")}`
      : `${plainText(path)}: ${countText(tasks, "task")} of ${planned.count.toLocaleString("en")}: ${rangesText(plan.only ?? [])}`,
  );
  return exitCode.ok;
}
