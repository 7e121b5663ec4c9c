import {
  type DataType,
  type FetchProgress,
  type FetchReport,
  type ImageFetcher,
  InvalidOutError,
} from "../../index.js";
import { LevelWriter } from "../../out/chunked/level-writer.js";
import type { FileLog } from "../../out/chunked/log/file-log.js";
import { unitsOf } from "../../out/chunked/unit-grid.js";
import type { VolumeWriter } from "../../out/index.js";
import type { ExportPlan } from "../plan/export-plan.js";
import type { PlannedExport, PlannedTask } from "../planned-export.js";

/** Tools of a fetched task. */
export interface FetchTools {
  /** A fetcher for the plan's stack, with the plan's options. */
  readonly fetcher: ImageFetcher<DataType>;
  /** Most bytes to hold for files that are not complete. */
  readonly maxMemoryBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
}

/** Fetches the voxels of a task for a writer, which takes them as a volume of their own. */
export async function fetchBox(
  { source }: Pick<ExportPlan, "source">,
  { stage, box }: PlannedTask,
  out: VolumeWriter,
  { fetcher, maxMemoryBytes, signal, onProgress }: FetchTools,
): Promise<FetchReport> {
  const { origin = [0, 0, 0], zoomLevel = 0 } = stage;
  const corner = (relative: readonly number[]): number[] =>
    relative.map((voxel, axis) => voxel + (origin[axis] ?? 0));
  const { report } = await fetcher.get([corner(box.lower), corner(box.upper)], {
    ...(source.onTileError && { onTileError: source.onTileError }),
    roiMode: "scaled",
    zoomLevel,
    out,
    maxMemoryBytes,
    signal,
    ...(onProgress && { onProgress }),
  });
  return report;
}

/** Fetches the missing files of a task. */
export function fetchPart(
  planned: PlannedExport,
  task: PlannedTask,
  log: FileLog,
  existing: "resume" | "repair",
  tools: FetchTools,
): Promise<FetchReport> {
  const { box, stage } = task;
  const files = planned.files(stage.level, log);
  const out = new LevelWriter({
    files,
    box,
    existing,
    finish: async () => {
      for (const at of unitsOf(files.level, box)) {
        if (files.logged(at) === undefined) {
          throw new InvalidOutError(
            `task ${task.number} ended without storing ${files.level.path(at)}: run it again`,
          );
        }
      }
    },
    abort: () => log.stored(),
  });
  return fetchBox(planned.plan, task, out, tools);
}
