import type { PlannedExport } from "../planned-export.js";
import { taskStates } from "../task-states.node.js";
import type { ExportPlan, NumberRange } from "./export-plan.js";
import { NumberRanges } from "./number-ranges.js";
import { checkDataset } from "./plan-file.node.js";

/** What is left of a plan. */
export interface RestOfPlan {
  /** The same plan, which asks for the tasks alone that are left; `undefined` where none is. */
  readonly plan: ExportPlan | undefined;
  /** How many these are. */
  readonly tasks: number;
  /** Those that run now, and are left out. */
  readonly running: readonly NumberRange[];
}

/**
 * Looks which tasks of a plan are left.
 *
 * @param repair - Those count too that are done, and hold what was filled after a failure.
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
