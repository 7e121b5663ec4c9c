import type { LevelInfo, Triple, VolumeInfo } from "../../out/index.js";
import { isFlatFormat } from "../flat-format.js";
import type { TaskLines } from "./task-grid.js";

/** Tasks of numbers from the first to the last, both of them among them. */
export type NumberRange = readonly [first: number, last: number];

/**
 * An export in numbered tasks, as plain data. It says how levels are cut and not what comes of it, so that it is as short
 * for a hundred thousand tasks as for two.
 */
export interface ExportPlan {
  /** Of what is written here. */
  readonly version: 1;
  /** SHA-256 of all that decides what the tasks write. */
  readonly hash: string;
  /** Where the export goes: an absolute path. */
  readonly output: string;
  /** The format, and how it is laid out, as the command line has them. */
  readonly format: string;
  readonly layout: Readonly<Record<string, unknown>>;
  /** The volume. */
  readonly volume: VolumeInfo;
  /** Its levels, itself first. */
  readonly levels: readonly LevelInfo[];
  /** The tasks: of one level after the other, numbered through. */
  readonly stages: readonly PlannedStage[];
  /** Where voxels come from. */
  readonly source: PlannedSource;
  /** What the tasks that run at once may ask a server for, all together. */
  readonly requests: PlannedRequests;
  /** Most bytes that a task has on their way to files, unless its run says otherwise. */
  readonly maxMemoryBytes: number;
  /** Only these tasks are asked for: number 0 is the first of them, and so on. Default: all. */
  readonly only?: readonly NumberRange[];
  /** Whether tasks that are done are compared with their checksums, and what was filled after a failure fetched again. */
  readonly repair?: boolean;
}

/** The tasks of a level. */
export interface PlannedStage {
  readonly level: number;
  /** Number of the first task. */
  readonly firstTask: number;
  /** How many there are. */
  readonly tasks: number;
  /** Whether its voxels are fetched, or computed of those of the level before. */
  readonly made: "fetched" | "mean" | "mode";
  /** Zoom level that is fetched. */
  readonly zoomLevel?: number;
  /** The first voxel that is fetched, in voxels of the zoom level, in the axis order of the volume. */
  readonly origin?: Triple;
  /** Where the level is cut. */
  readonly lines: TaskLines;
}

/** The stack that is fetched, without credentials. */
export interface PlannedSource {
  /** CATMAID's stack info, so that no task has to ask for it. */
  readonly stackInfo: unknown;
  /** CATMAID itself, where it is known. */
  readonly catmaidUrl?: string;
  /** Where the stack info came from. */
  readonly url?: string;
  /** Options of the fetcher. */
  readonly fetcher: Readonly<Record<string, unknown>>;
  /** What happens to a tile that cannot be had. Default: the task fails. */
  readonly onTileError?: "throw" | "fill";
}

/** Limits of the tasks that run at once. */
export interface PlannedRequests {
  /** Most requests under way at a time. */
  readonly maxRequests: number;
  /** Most requests per second. Default: no limit. */
  readonly maxRate?: number;
  /** How many tasks run at once. */
  readonly concurrent: number;
}

/** Where what a plan's tasks write is collected: the dataset itself, or a folder beside the file that is to be. */
export function datasetFolder({ output, format }: Pick<ExportPlan, "output" | "format">): string {
  return isFlatFormat(format) ? `${output}.tasks` : output;
}

/** How many tasks a plan has, whatever of them it asks for. */
export function taskCount({ stages }: Pick<ExportPlan, "stages">): number {
  return stages.reduce((sum, { tasks }) => sum + tasks, 0);
}

/** The tasks that a plan asks for. */
export function askedTasks({ only, stages }: Pick<ExportPlan, "only" | "stages">): readonly NumberRange[] {
  return only ?? [[0, taskCount({ stages }) - 1]];
}

/** The number of a task by its place among those that are asked for; `undefined` where it is beyond them. */
export function askedTask(plan: Pick<ExportPlan, "only" | "stages">, index: number): number | undefined {
  let before = 0;
  for (const [first, last] of askedTasks(plan)) {
    if (index < before + last - first + 1) return first + index - before;
    before += last - first + 1;
  }
  return undefined;
}
