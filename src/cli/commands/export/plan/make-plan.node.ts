import type { DataType, ImageFetcher, ImageFetcherOptions, ProjectStack } from "../../../../index.js";
import { bytesPerVoxel } from "../../../../space/data-type.js";
import { isFlatFormat } from "../../../../tasks/flat-format.js";
import type { ExportPlan, PlannedSource } from "../../../../tasks/plan/export-plan.js";
import { completePlan } from "../../../../tasks/plan/plan-file.node.js";
import { planStages } from "../../../../tasks/plan/plan-stages.js";
import { withoutUserInfo } from "../../../../tasks/plan/without-user-info.js";
import type { CommandContext } from "../../../command.node.js";
import type { Arguments } from "../../../input/arguments.node.js";
import { fetcherOptionsOf, tileErrorOf } from "../../../input/fetch-options.node.js";
import { maxMemoryOf } from "../../../input/max-memory.node.js";
import { orientationOf, regionOf } from "../../../input/region.node.js";
import { missingStatusesOf } from "../../../input/request-options.node.js";
import type { StackSource } from "../../../input/stack-source.node.js";
import type { PlanTarget } from "./plan-target.node.js";
import { type PlannedLevel, plannedLevels } from "./planned-levels.node.js";
import { plannedVolume } from "./planned-volume.node.js";
import { requestsOf, taskSizeOf } from "./task-options.node.js";

/** All that a plan is made from. */
export interface PlanRequest {
  readonly args: Arguments;
  readonly context: CommandContext;
  readonly target: PlanTarget;
  readonly source: StackSource;
  readonly fetcher: ImageFetcher<DataType>;
  readonly stack: ProjectStack;
}

/** A plan, and the requests that its stages will make. */
export interface MadePlan {
  readonly plan: ExportPlan;
  /** For each stage: how many blocks, or tiles, it needs, and how many requests it makes. Both are 0 if it is computed. */
  readonly requests: readonly { readonly blocks: number; readonly requests: number }[];
}

/** Makes the plan that the command line asks for. Fetches no voxels and writes nothing. */
export async function makePlan(request: PlanRequest): Promise<MadePlan> {
  const { args, context, target, fetcher, stack } = request;
  const { terminal, signal } = context;
  const region = regionOf(args, fetcher, stack, orientationOf(args));
  const place = {
    roiMode: region.space,
    zoomLevel: region.zoomLevel,
    maxMemoryBytes: maxMemoryOf(args),
    signal,
  };
  const { unitShape: chunkShape, compression } = target.chunkFormat;
  const isFlat = isFlatFormat(target.format);
  const volume = await plannedVolume(
    fetcher,
    region.roi,
    place,
    isFlat ? undefined : chunkShape,
    compression,
  );
  const { levels: wanted, ...layout } = target.layout;
  const { levels, leftOut } = await plannedLevels({ fetcher, stack, region, volume, levels: wanted, signal });
  for (const sentence of leftOut) terminal.warn(sentence);
  const infos = levels.map(({ level }) => level);
  const { levels: laidOut } = target.chunkFormat.layOut(volume, infos);
  const unitShape = (level: number) => (isFlat ? undefined : laidOut[level]?.unitShape);
  const { stages, repeats } = planStages(
    {
      orientation: volume.orientation,
      bytesPerVoxel: bytesPerVoxel(volume.dataType),
      levels: levels.map((level, number) => ({ ...level, unitShape: unitShape(number) })),
    },
    taskSizeOf(args),
  );
  const blocks = await Promise.all(levels.map((level) => blocksOf(level, fetcher)));
  return {
    plan: completePlan({
      output: target.output,
      format: target.format,
      layout: { ...layout },
      volume,
      levels: infos,
      stages,
      source: plannedSource(request),
      requests: requestsOf(args),
      maxMemoryBytes: place.maxMemoryBytes,
    }),
    requests: blocks.map((count, level) => ({
      blocks: count,
      requests: Math.round(count * (repeats[level] ?? 1)),
    })),
  };
}

async function blocksOf({ level, fetched }: PlannedLevel, fetcher: ImageFetcher<DataType>): Promise<number> {
  if (fetched === undefined) return 0;
  const { origin, mirrorLevel } = fetched;
  const upper = origin.map((voxel, axis) => voxel + (level.shape[axis] ?? 0));
  const out = { write: (): void => {} };
  const { zoomLevel } = mirrorLevel;
  return (await fetcher.estimate([[...origin], upper], { roiMode: "scaled", zoomLevel, out })).blocks;
}

/** The stack without credentials, so that the file does not reveal them. The mirror is fixed, even if another is faster later. */
function plannedSource({ args, context, source, fetcher }: PlanRequest): PlannedSource {
  const { value: stackInfo, taken } = withoutUserInfo(source.info);
  const { value: catmaidUrl, taken: takenToo } = withoutUserInfo(source.client?.baseUrl);
  if (taken + takenToo > 0) {
    context.terminal.warn(
      "addresses of the stack hold a user, which a plan does not keep: give it to export run (CATMAID_MIRROR_USER, CATMAID_USER)",
    );
  }
  const missingStatuses = missingStatusesOf(args);
  // The plan leaves out `retry`, which each run of a task chooses.
  const { fillValue, retry: _, ...options } = fetcherOptionsOf(args);
  const fetcherOptions: ImageFetcherOptions<DataType> = {
    ...options,
    outputOrientation: orientationOf(args),
    preferredMirror: fetcher.mirror.position,
    ...(missingStatuses && { missingStatuses }),
  };
  return {
    stackInfo,
    ...(typeof catmaidUrl === "string" && { catmaidUrl }),
    ...(source.url !== undefined && { url: new URL(source.url).origin }),
    fetcher: { ...fetcherOptions, ...(fillValue !== undefined && { fillValue }) },
    ...tileErrorOf(args),
  };
}
