import { beginExport } from "../../out/chunked/begin-export.js";
import { isFlatFormat } from "../flat-format.js";
import type { PlannedExport } from "../planned-export.js";
import { makeFlatFile } from "../run/flat-part.node.js";
import { putDatasetPlan } from "./plan-file.node.js";

/**
 * Makes the dataset of a plan: nothing that a reader would open, but the plan, and for a single file the room for it.
 *
 * @throws InvalidOutError for what is in the way; or with the system's code.
 */
export async function createDataset(planned: PlannedExport, overwrite: boolean): Promise<void> {
  const { plan, store, layout } = planned;
  await beginExport(store, { ...layout.manifest, plan: plan.hash }, overwrite ? "overwrite" : "refuse");
  await putDatasetPlan(store, plan);
  if (!isFlatFormat(plan.format)) return;
  await makeFlatFile(planned);
}
