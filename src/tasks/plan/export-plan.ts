import type { LevelInfo, Triple, VolumeInfo } from "../../out/index.js";
import { isFlatFormat } from "../flat-format.js";
import type { TaskLines } from "./task-grid.js";

/** A range of task numbers, including the first and the last. */
export type NumberRange = readonly [first: number, last: number];

/**
 * An export in numbered tasks, as plain data. It says how levels are cut and does not list the tasks, so that it is as short
 * for a hundred thousand tasks as for two.
 */
export interface ExportPlan {
  /** Version of the plan file. */
  readonly version: 1;
  /** SHA-256 of everything that determines what the tasks write. */
  readonly hash: string;
  /** Where the export goes: an absolute path. */
  readonly output: string;
  /** Name of the format, as on the command line. */
  readonly format: string;
  readonly layout: Readonly<Record<string, unknown>>;
  readonly volume: VolumeInfo;
  /** The levels of the volume, the volume itself first. */
  readonly levels: readonly LevelInfo[];
  /** The tasks of each level. Numbers continue from one level to the next. */
  readonly stages: readonly PlannedStage[];
  /** Where voxels come from. */
  readonly source: PlannedSource;
  /** Limits of requests for all tasks that run at the same time, together. */
  readonly requests: PlannedRequests;
  /** Most bytes that a task holds for files that are not complete, unless its run sets another limit. */
  readonly maxMemoryBytes: number;
  /** The tasks that the plan asks for. `export run --task 0` runs the first of them, and so on. Default: all tasks. */
  readonly only?: readonly NumberRange[];
  /** Whether to compare done tasks with their checksums, and to fetch again what was filled after a failure. */
  readonly repair?: boolean;
}

/** The tasks of a level. */
export interface PlannedStage {
  readonly level: number;
  readonly firstTask: number;
  readonly tasks: number;
  /** Whether voxels are fetched, or computed from the level before as means or modes. */
  readonly made: "fetched" | "mean" | "mode";
  /** Zoom level of fetched voxels. */
  readonly zoomLevel?: number;
  /** The first voxel that is fetched, in voxels of the zoom level, in the axis order of the volume. */
  readonly origin?: Triple;
  /** Where the level is cut. */
  readonly lines: TaskLines;
}

/** The stack that voxels are fetched from, without credentials. */
export interface PlannedSource {
  /** CATMAID's stack info, so that no task has to ask for it. */
  readonly stackInfo: unknown;
  /** URL of CATMAID, if it is known. */
  readonly catmaidUrl?: string;
  /** Origin of the server that the stack info came from. */
  readonly url?: string;
  readonly fetcher: Readonly<Record<string, unknown>>;
  /** What to do with a tile that cannot be fetched. Default: the task fails. */
  readonly onTileError?: "throw" | "fill";
}

/** Limits for the tasks that run at the same time, together. */
export interface PlannedRequests {
  /** Most requests under way at a time. */
  readonly maxRequests: number;
  /** Most requests per second. Default: no limit. */
  readonly maxRate?: number;
  /** Number of tasks that run at the same time. */
  readonly concurrent: number;
}

/** The folder that a plan's tasks write to: the dataset itself or, for a single file, a folder beside it. */
export function datasetFolder({ output, format }: Pick<ExportPlan, "output" | "format">): string {
  return isFlatFormat(format) ? `${output}.tasks` : output;
}

/** How many tasks a plan has, including those that it does not ask for. */
export function taskCount({ stages }: Pick<ExportPlan, "stages">): number {
  return stages.reduce((sum, { tasks }) => sum + tasks, 0);
}

/** The tasks that a plan asks for. */
export function askedTasks({ only, stages }: Pick<ExportPlan, "only" | "stages">): readonly NumberRange[] {
  return only ?? [[0, taskCount({ stages }) - 1]];
}

/** The number of the task at an index among those that a plan asks for; `undefined` if there are fewer. */
export function askedTask(plan: Pick<ExportPlan, "only" | "stages">, index: number): number | undefined {
  let before = 0;
  for (const [first, last] of askedTasks(plan)) {
    if (index < before + last - first + 1) return first + index - before;
    before += last - first + 1;
  }
  return undefined;
}
