import type { ExportPlan } from "../../../../tasks/plan/export-plan.js";
import { planText } from "../../../../tasks/plan/plan-file.node.js";
import { OutputFiles, writeWhole } from "../../../output/output-file.node.js";

/** For its owner alone: the addresses of a stack may be secret. */
const mode = 0o600;

/**
 * Begins the file of a plan, and lets something make the plan; without one nothing is written.
 *
 * @throws in one sentence where it cannot be written: begun first, it spares a dataset in vain.
 */
export async function withPlanFile<T extends { readonly plan: ExportPlan | undefined }>(
  path: string,
  overwrite: boolean,
  make: () => Promise<T>,
): Promise<T> {
  const files = new OutputFiles(overwrite);
  try {
    const sink = await files.open(path, mode);
    const made = await make();
    if (made.plan === undefined) return made;
    await writeWhole(sink, planText(made.plan));
    await files.commit();
    return made;
  } finally {
    await files.discard();
  }
}
