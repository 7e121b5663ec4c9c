import type { PlannedExport } from "../planned-export.js";
import { taskStates } from "../task-states.node.js";
import type { ExportPlan, NumberRange } from "./export-plan.js";
import { NumberRanges } from "./number-ranges.js";
import { checkDataset } from "./plan-file.node.js";

/** What is left of a plan. */
export interface RestOfPlan {
  /** The same plan, but it asks only for the tasks that are left; `undefined` if none is left. */
  readonly plan: ExportPlan | undefined;
  /** Number of the tasks that are left. */
  readonly tasks: number;
  /** The tasks that run now; the plan leaves them out. */
  readonly running: readonly NumberRange[];
}

/**
 * Finds the tasks of a plan that are left.
 *
 * @param repair - Whether done tasks with blocks that were filled after a failure count as left too.
 */
export async function planOfRest(
  planned: PlannedExport,
  repair: boolean,
  signal: AbortSignal,
): Promise<RestOfPlan> {
  await checkDataset(planned);
  const [left, running] = [new NumberRanges(), new NumberRanges()];
  for await (const { task, state } of taskStates(planned, signal)) {
    if (state.name === "running") running.add(task.number);
    else if (state.name !== "done" || (repair && (state.marker.filled["failed"] ?? 0) > 0))
      left.add(task.number);
  }
  const { only: _, repair: __, ...plan } = planned.plan;
  const rest = { ...plan, only: left.all, ...(repair && { repair }) };
  return { plan: left.count === 0 ? undefined : rest, tasks: left.count, running: running.all };
}
