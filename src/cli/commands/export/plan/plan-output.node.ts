import type { ExportPlan } from "../../../../tasks/plan/export-plan.js";
import { planText } from "../../../../tasks/plan/plan-file.node.js";
import { OutputFiles, writeWhole } from "../../../output/output-file.node.js";

/** Only the owner may read a plan, because the addresses in it may be secret. */
const mode = 0o600;

/**
 * Begins the file of a plan, calls `make`, and writes the plan that it returns, if any. The file is begun first, so that no
 * dataset is made in vain.
 *
 * @throws an error of one sentence if the file cannot be written.
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
