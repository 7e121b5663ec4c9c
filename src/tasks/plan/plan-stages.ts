import { Portions } from "../../fetch/delivery/portions.js";
import type { MirrorLevel, Orientation3D, Triple } from "../../index.js";
import type { LevelInfo } from "../../out/index.js";
import { voxelsIn } from "../../out/volume-shape.js";
import { reorder } from "../../space/axis-order.js";
import { perAxis } from "../../space/per-axis.js";
import type { PlannedStage } from "./export-plan.js";

/** A level to be cut into tasks. Triples are in the axis order of the volume. */
export interface StageRequest {
  readonly level: LevelInfo;
  /** Extent of a file; `undefined` for a single file into which tasks write at any position. */
  readonly unitShape: Triple | undefined;
  /** Where the level is fetched from; `undefined` if it is computed. */
  readonly fetched: FetchedLevel | undefined;
}

/** Where a level is fetched from. */
export interface FetchedLevel {
  /** The first voxel, in voxels of the zoom level. */
  readonly origin: Triple;
  /** The mirror's blocks at the zoom level. */
  readonly mirrorLevel: MirrorLevel;
}

/** The levels of an export, to cut into tasks. */
export interface StagesRequest {
  readonly orientation: Orientation3D;
  readonly bytesPerVoxel: number;
  readonly levels: readonly StageRequest[];
}

/** Size of tasks: the bytes of a task's voxels, uncompressed, or the approximate number of tasks for the first level. */
export type TaskSize = { readonly bytes: number } | { readonly tasks: number };

/** The stages of an export, and how often each block of the mirror is requested, on average. */
export interface Stages {
  readonly stages: readonly PlannedStage[];
  /** Average number of tasks that request a block, for each stage; 1 if no block lies in two tasks. */
  readonly repeats: readonly number[];
}

/** Cuts the levels of an export into tasks. */
export function planStages(request: StagesRequest, size: TaskSize): Stages {
  const taskBytes = "bytes" in size ? size.bytes : bytesFor(size.tasks, request);
  const stages: PlannedStage[] = [];
  const repeats: number[] = [];
  let firstTask = 0;
  request.levels.forEach((stage, level) => {
    const portions = cut(stage, request, taskBytes);
    const { fetched } = stage;
    const origin = fetched?.origin ?? [0, 0, 0];
    stages.push({
      level,
      firstTask,
      tasks: portions.count,
      made: stage.level.made ?? "fetched",
      ...(fetched && { zoomLevel: fetched.mirrorLevel.zoomLevel, origin }),
      lines: perAxis((axis) => {
        const { first, step } = portions.cuts[axis];
        return { first: first - origin[axis], step };
      }),
    });
    repeats.push(portions.repeats);
    firstTask += portions.count;
  });
  return { stages, repeats };
}

/** Approximately the smallest size of tasks with which the first level has no more than `tasks` of them. */
function bytesFor(tasks: number, request: StagesRequest): number {
  const [volume] = request.levels;
  if (volume === undefined) return 0;
  const { shape } = volume.level;
  let bytes = Math.ceil((voxelsIn(shape) * request.bytesPerVoxel) / tasks);
  // As tasks have whole files and, if possible, whole blocks, there may be more tasks than the size suggests.
  while (cut(volume, request, bytes).count > tasks) bytes *= 1.25;
  return bytes;
}

/** Cuts a level by the grid in which a fetch gives a volume to its writer in portions. Each portion is a task. */
function cut({ level, unitShape, fetched }: StageRequest, request: StagesRequest, bytes: number): Portions {
  const { orientation, bytesPerVoxel } = request;
  const inStack = (values: Triple): Triple => reorder(values, orientation, "zyx");
  const lower = fetched?.origin ?? [0, 0, 0];
  const upper: Triple = [lower[0] + level.shape[0], lower[1] + level.shape[1], lower[2] + level.shape[2]];
  const region = { lower: inStack(lower), upper: inStack(upper) };
  // A computed level needs no blocks of the mirror. Blocks of one voxel leave only its files to consider.
  const { mirrorLevel = { blockShape: [1, 1, 1] as const, origin: region.lower, ...region } } = fetched ?? {};
  return new Portions({
    region,
    orientation,
    level: { ...mirrorLevel, covered: mirrorLevel, held: mirrorLevel },
    chunkShape: unitShape,
    bytesPerVoxel,
    maxBytes: bytes,
    usualBytes: bytes,
  });
}
