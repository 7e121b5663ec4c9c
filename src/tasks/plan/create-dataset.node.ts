import { beginExport } from "../../out/chunked/begin-export.js";
import { isFlatFormat } from "../flat-format.js";
import type { PlannedExport } from "../planned-export.js";
import { makeFlatFile } from "../run/flat-part.node.js";
import { putDatasetPlan } from "./plan-file.node.js";

/**
 * Makes the dataset of a plan. It has only the manifest and the plan, or for a single file also the space for its voxels,
 * and no reader opens it yet.
 *
 * @throws InvalidOutError if something else is in its place. Errors of the system are thrown with their code.
 */
export async function createDataset(planned: PlannedExport, overwrite: boolean): Promise<void> {
  const { plan, store, layout } = planned;
  await beginExport(store, { ...layout.manifest, plan: plan.hash }, overwrite ? "overwrite" : "refuse");
  await putDatasetPlan(store, plan);
  if (isFlatFormat(plan.format)) await makeFlatFile(plan);
}
