import { InvalidOutError } from "../../errors.js";
import type { FileStore } from "../store/file-store.js";
import { manifestFolder, planFile, tasksFolder } from "../store/manifest-folder.js";
import { differences, type ExportManifest, putManifest, readManifest, storeName } from "./export-manifest.js";
import { FileLog } from "./log/file-log.js";

/** What to do if the store holds an export already. */
export type ExistingExport =
  /** Throw an error. */
  | "refuse"
  /** Keep the files that are complete. Throw an error if the parameters differ. */
  | "resume"
  /** Resume, but keep only files that match their checksums, and fetch files again that were filled after a failure. */
  | "repair"
  /** First remove everything in the export's folder. */
  | "overwrite";

export const existingExports: readonly ExistingExport[] = ["refuse", "resume", "repair", "overwrite"];

/**
 * Prepares a store for an export.
 *
 * @returns The log of the files that the store has already, and the manifest as stored: its mirror is that of the first run.
 * @throws InvalidOutError if the store holds other files, or an export that cannot be resumed or replaced as asked.
 */
export async function beginExport(
  store: FileStore,
  manifest: ExportManifest,
  existing: ExistingExport,
): Promise<{ readonly log: FileLog; readonly manifest: ExportManifest }> {
  const before = await readManifest(store);
  if (before === undefined) await refuseOthers(store);
  else if (existing === "refuse") throw new InvalidOutError(inTheWay(store, before));
  else if (existing === "overwrite") await removeExport(store, before);
  else if (before.plan !== undefined) throw new InvalidOutError(inTheWay(store, before));
  else {
    const [first, ...others] = differences(before, manifest);
    if (first !== undefined) {
      throw new InvalidOutError(
        `${storeName(store)} holds an export of ${[first, ...others].join("; ")}: ask for the same to go on with it, ` +
          'or replace it (existing: "overwrite")',
      );
    }
    const log = await FileLog.read(store);
    const resumed = { ...manifest, mirror: before.mirror };
    await putManifest(store, resumed);
    return { log, manifest: resumed };
  }
  const log = await FileLog.create(store);
  await putManifest(store, manifest);
  return { log, manifest };
}

function inTheWay(store: FileStore, { complete, plan }: ExportManifest): string {
  const state = complete ? "complete" : "not complete";
  return plan === undefined
    ? `${storeName(store)} holds an export already, which is ${state}: ` +
        'go on with it (existing: "resume"), replace it (existing: "overwrite"), or name another place'
    : `${storeName(store)} holds an export in tasks, which is ${state}: go on with its plan ` +
        '(catmaid-image export run), replace it (existing: "overwrite"), or name another place';
}

async function refuseOthers(store: FileStore): Promise<void> {
  const [other] = ((await store.list?.("")) ?? []).filter((name) => name !== manifestFolder);
  if (other === undefined) return;
  throw new InvalidOutError(
    `${storeName(store)} holds ${JSON.stringify(other)}, and no export that could be resumed or replaced: name an empty place`,
  );
}

/** Removes an export. The metadata go first, so that readers do not open what is left if this is interrupted. */
async function removeExport(store: FileStore, { metadata }: ExportManifest): Promise<void> {
  if (store.remove === undefined || store.list === undefined) {
    throw new InvalidOutError(`${storeName(store)} cannot remove what it holds: name an empty place`);
  }
  for (const path of metadata) await store.remove(path);
  for (const name of await store.list("")) if (name !== manifestFolder) await store.remove(name);
  await store.remove(tasksFolder);
  await store.remove(planFile);
}
