import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { InvalidOptionError } from "../../errors.js";
import { differences, readManifest } from "../../out/chunked/export-manifest.js";
import type { FileStore } from "../../out/index.js";
import { planFile } from "../../out/store/manifest-folder.js";
import { elementOf } from "../../space/data-type.js";
import type { PlannedExport } from "../planned-export.js";
import { datasetFolder, type ExportPlan } from "./export-plan.js";

/** A plan without its version and hash. */
export type PlanContent = Omit<ExportPlan, "version" | "hash">;

/** The part of a plan that determines what each task writes. The output path and the limits may change. */
function decisive({ format, layout, volume, levels, stages, source }: PlanContent): object {
  return { format, layout, volume, levels, stages, source };
}

/** Adds the version and the hash to a plan. */
export function completePlan(content: PlanContent): ExportPlan {
  return { version: 1, hash: hashOf(content), ...content };
}

/** The text of a plan's file. */
export function planText(plan: object): string {
  return `${JSON.stringify(plan, asDigits, 2)}\n`;
}

/** Reads a plan. Throws an `InvalidOptionError` if the file is not a plan, or was changed. */
export async function readPlan(path: string): Promise<ExportPlan> {
  const text = await readFile(path, "utf8");
  const name = JSON.stringify(path);
  const plan = parsed(text);
  if (plan === undefined) {
    throw new InvalidOptionError(
      `${name} is not a plan of this version of catmaid-image: make it again (export plan)`,
    );
  }
  if (plan.hash !== hashOf(plan)) {
    throw new InvalidOptionError(
      `${name} was changed after it was made, so the files of its tasks would not fit together: make it again (export plan)`,
    );
  }
  const { volume } = plan;
  return { ...plan, volume: { ...volume, fillValue: elementOf(volume.dataType, volume.fillValue) } };
}

/** Stores a plan in its dataset, for people who want to know how it was made. Leaves out addresses, which may be secret. */
export async function putDatasetPlan(store: FileStore, plan: ExportPlan): Promise<void> {
  const { fetcher, onTileError } = plan.source;
  const shown = { ...plan, source: { fetcher, onTileError } };
  await store.put(planFile, new TextEncoder().encode(planText(shown)));
}

/** Whether the dataset is complete. Throws an `InvalidOptionError` unless it belongs to the plan. */
export async function checkDataset({ plan, store, layout }: PlannedExport): Promise<boolean> {
  const manifest = await readManifest(store);
  const name = JSON.stringify(datasetFolder(plan));
  if (manifest === undefined) {
    throw new InvalidOptionError(
      `${name} holds no dataset of a plan: it was removed or moved; make the plan again (export plan)`,
    );
  }
  if (manifest.plan === plan.hash) return manifest.complete;
  const others = differences(manifest, layout.manifest);
  const why =
    manifest.plan === undefined
      ? "was written by one process (catmaid-image get)"
      : `is of another plan: ${others.length > 0 ? others.join("; ") : "its tasks or its stack differ"}`;
  throw new InvalidOptionError(
    `the dataset ${name} ${why}; give the plan that it was made with, or make it again (export plan)`,
  );
}

function parsed(text: string): ExportPlan | undefined {
  try {
    const plan = JSON.parse(text) as Partial<ExportPlan> | null;
    const isPlan = plan?.version === 1 && typeof plan.hash === "string" && Array.isArray(plan.stages);
    return isPlan ? (plan as ExportPlan) : undefined;
  } catch {
    return undefined;
  }
}

/** Hashes members in the order of their names, so that a plan that another program has rewritten keeps its hash. */
function hashOf(content: PlanContent): string {
  const text = JSON.stringify(decisive(content), (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return asDigits(_, value);
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash("sha256").update(text).digest("hex");
}

/** Turns bigints, which JSON does not have, into strings of their digits. */
function asDigits(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
