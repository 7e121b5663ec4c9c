import { InvalidOptionError } from "../errors.js";
import { type ExportLayout, layOutExport } from "../out/chunked/export-layout.js";
import { LevelFiles } from "../out/chunked/level-files.js";
import { boxBefore, stepBetween } from "../out/chunked/levels/computed-levels.js";
import type { FileLog } from "../out/chunked/log/file-log.js";
import type { ChunkFormat, FileStore, LevelInfo, VolumeBox } from "../out/index.js";
import { xxh32Of } from "../out/xxh32.js";
import type { Triple } from "../space/axis-order.js";
import { type ExportPlan, type PlannedStage, taskCount } from "./plan/export-plan.js";
import { TaskGrid } from "./plan/task-grid.js";
import { readMarker, type TaskMarker } from "./task-marker.js";

/** A task: a box of a level. */
export interface PlannedTask {
  readonly number: number;
  readonly stage: PlannedStage;
  readonly box: VolumeBox;
}

/** A plan, and the dataset that its tasks write. */
export class PlannedExport {
  readonly plan: ExportPlan;
  readonly store: FileStore;
  readonly layout: ExportLayout;
  readonly compression: ChunkFormat["compression"];
  readonly #grids: readonly TaskGrid[];

  /** @param format - The format that the plan names. */
  constructor(plan: ExportPlan, store: FileStore, format: ChunkFormat) {
    this.plan = plan;
    this.store = store;
    this.compression = format.compression;
    this.layout = layOutExport(format, plan.volume, plan.levels, areComputed(plan));
    this.#grids = plan.stages.map(({ level, lines }) => new TaskGrid(this.#levelOf(level).shape, lines));
  }

  get count(): number {
    return taskCount(this.plan);
  }

  /** A task by its number. Throws an `InvalidOptionError` if it does not exist. */
  task(number: number): PlannedTask {
    const stage = this.plan.stages.find(
      ({ firstTask, tasks }) => number >= firstTask && number < firstTask + tasks,
    );
    if (stage === undefined || !Number.isInteger(number)) {
      throw new InvalidOptionError(
        `the plan has tasks 0 to ${this.count - 1}, and ${number} is none of them`,
      );
    }
    return { number, stage, box: this.#gridOf(stage).box(number - stage.firstTask) };
  }

  files(level: number, log: FileLog): LevelFiles {
    const laidOut = this.layout.dataset.levels[level];
    if (laidOut === undefined) throw new InvalidOptionError(`the plan has no level ${level}`);
    return new LevelFiles(laidOut, this.store, log);
  }

  /** How many voxels of the level before become one voxel of a level, per axis. */
  step(level: number): Triple {
    return stepBetween(this.#levelOf(level - 1), this.#levelOf(level));
  }

  /** The tasks that a task is computed from; none if it is fetched. */
  tasksBefore({ stage, box }: PlannedTask): readonly number[] {
    const finer = this.plan.stages[stage.level - 1];
    if (stage.made === "fetched" || finer === undefined) return [];
    const before = boxBefore(this.#levelOf(finer.level), box, this.step(stage.level));
    return Array.from(this.#gridOf(finer).meeting(before), (number) => finer.firstTask + number);
  }

  /**
   * The marker of a task that is done. `undefined` if the task is not done, or if the tasks that it was computed from have
   * changed since.
   */
  async done(task: PlannedTask): Promise<TaskMarker | undefined> {
    const marker = await readMarker(this.store, task.number);
    if (marker === undefined || task.stage.made === "fetched") return marker;
    return marker.from === (await this.checksumBefore(task)) ? marker : undefined;
  }

  /** One checksum for all tasks that a task is computed from; `undefined` if one of them is not done. */
  async checksumBefore(task: PlannedTask): Promise<number | undefined> {
    const markers = await Promise.all(this.tasksBefore(task).map((number) => readMarker(this.store, number)));
    const checksums = markers.flatMap((marker) => marker?.xxh32 ?? []);
    return checksums.length === markers.length ? xxh32Of(checksums) : undefined;
  }

  #levelOf(level: number): LevelInfo {
    return this.plan.levels[level] as LevelInfo;
  }

  #gridOf({ level }: PlannedStage): TaskGrid {
    return this.#grids[level] as TaskGrid;
  }
}

function areComputed({ stages }: ExportPlan): boolean {
  return stages.every(({ level, made }) => level === 0 || made !== "fetched");
}
