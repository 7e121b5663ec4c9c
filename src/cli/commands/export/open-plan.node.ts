import type { DataType, ImageFetcher, ImageFetcherOptions } from "../../../index.js";
import { folderStore } from "../../../out/index.node.js";
import { datasetFolder, type ExportPlan } from "../../../tasks/plan/export-plan.js";
import { readPlan } from "../../../tasks/plan/plan-file.node.js";
import { PlannedExport } from "../../../tasks/planned-export.js";
import type { CommandContext } from "../../command.node.js";
import type { Arguments } from "../../input/arguments.node.js";
import { retryOf, threadsOf } from "../../input/fetch-options.node.js";
import type { Layout } from "../../input/layout-options.node.js";
import { makeClient, openFetcher } from "../../input/stack-source.node.js";
import { fileTrouble, systemTrouble } from "../../output/file-trouble.node.js";
import { UsageError } from "../../usage-error.js";
import { plannedFormat } from "./plan/plan-target.node.js";

/** Reads the plan that the command line names. */
export async function openPlan(args: Arguments, verb: string): Promise<PlannedExport> {
  const [path, ...more] = args.positionals;
  if (path === undefined) throw new UsageError(`${verb} which plan? Give the PLAN.json of export plan`);
  if (more.length > 0) throw new UsageError(`${verb} takes one plan: what is "${more[0]}"?`);
  const plan = await readPlan(path).catch((error: unknown) => {
    throw fileTrouble("read", path, error);
  });
  return plannedExport(plan);
}

/** Awaits work on the dataset of a plan, and turns errors of the system into messages for people. */
export async function onDataset<T>(
  { plan }: PlannedExport,
  use: "read" | "write",
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw systemTrouble(use, datasetFolder(plan), error);
  }
}

/** A plan with its dataset. */
export function plannedExport(plan: ExportPlan): PlannedExport {
  const format = plannedFormat(plan.format, plan.layout as unknown as Layout);
  return new PlannedExport(plan, folderStore(datasetFolder(plan)), format);
}

/** A fetcher for the stack of a plan, with the credentials of the command line or the environment. */
export function openPlannedFetcher(
  { source, requests }: ExportPlan,
  args: Arguments,
  context: CommandContext,
  concurrent: number | undefined,
): ImageFetcher<DataType> {
  const { catmaidUrl, url, stackInfo } = source;
  const { fillValue, ...options } = source.fetcher as ImageFetcherOptions<DataType>;
  const client = catmaidUrl === undefined ? undefined : makeClient(catmaidUrl, undefined, args, context);
  const { maxRequests, maxRate, concurrent: planned } = requests;
  const atOnce = concurrent ?? planned;
  const { fetcher } = openFetcher(
    { info: stackInfo, place: "the plan", client, url },
    args,
    context,
    {
      ...options,
      // The plan has 64-bit integers as strings, because JSON cannot hold them.
      ...(fillValue !== undefined && {
        fillValue: typeof fillValue === "string" ? BigInt(fillValue) : fillValue,
      }),
      ...retryOf(args),
      maxRequests: Math.min(1024, Math.max(1, Math.floor(maxRequests / atOnce))),
      ...(maxRate !== undefined && { maxRequestsPerSecond: maxRate / atOnce }),
    },
    threadsOf(args),
  );
  return fetcher;
}
