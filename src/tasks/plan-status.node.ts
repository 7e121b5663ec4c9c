import { FillCounts } from "../out/chunked/log/fill-counts.js";
import { voxelCount } from "../space/scaled-box.js";
import type { NumberRange, PlannedStage } from "./plan/export-plan.js";
import { NumberRanges } from "./plan/number-ranges.js";
import { checkDataset } from "./plan/plan-file.node.js";
import type { PlannedExport } from "./planned-export.js";
import type { TaskFailureRecord, TaskMarker } from "./task-marker.js";
import { type StatedTask, stateNames, type TaskState, taskStates } from "./task-states.node.js";

/** Progress of an export. */
export interface PlanStatus {
  /** Whether the export is finished. */
  readonly complete: boolean;
  readonly stages: readonly StageStatus[];
  /** The numbers of the tasks in each state. */
  readonly tasks: Readonly<Record<TaskState["name"], readonly NumberRange[]>>;
  /** Why tasks failed, grouped by kind. */
  readonly failures: readonly FailureGroup[];
  /** Voxels per second of all tasks that ended in the last quarter of an hour, together. Absent if none did. */
  readonly voxelsPerSecond?: number;
  /** Time that the voxels left take at that speed. */
  readonly secondsLeft?: number;
}

/** Progress of a level. */
export interface StageStatus extends Pick<PlannedStage, "level" | "made" | "firstTask" | "tasks"> {
  /** How many tasks are in each state. */
  readonly states: Readonly<Record<TaskState["name"], number>>;
  /** Number of files of the tasks that are done. */
  readonly files: number;
  readonly bytes: number;
  /** How many of these files hold fill, by cause. */
  readonly filled: Readonly<Record<string, number>>;
  /** Voxels of the tasks that are not done. */
  readonly voxelsLeft: number;
}

/** Failures of one kind. */
export interface FailureGroup {
  /** Message of the first of them. */
  readonly message: string;
  /** Whether another run may succeed. */
  readonly tryAgain: boolean;
  readonly tasks: readonly NumberRange[];
}

const recentMs = 15 * 60_000;
const mostGroups = 20;

/** Determines the progress of an export. */
export async function planStatus(planned: PlannedExport, signal: AbortSignal): Promise<PlanStatus> {
  const complete = await checkDataset(planned);
  const stages = planned.plan.stages.map((stage) => new StageCount(stage));
  const tasks = new Map(stateNames.map((name) => [name, new NumberRanges()]));
  const failures = new Failures();
  const speed = new Speed();
  for await (const stated of taskStates(planned, signal)) {
    const { task, state } = stated;
    stages[task.stage.level]?.add(stated);
    tasks.get(state.name)?.add(task.number);
    if (state.name === "failed") failures.add(state.failure);
    if (state.name === "done") speed.add(state.marker);
  }
  const rangesOf = (name: TaskState["name"]): readonly NumberRange[] => tasks.get(name)?.all ?? [];
  const left = stages.reduce((voxels, { voxelsLeft }) => voxels + voxelsLeft, 0);
  const { voxelsPerSecond } = speed;
  return {
    complete,
    stages: stages.map((stage) => stage.status),
    tasks: {
      done: rangesOf("done"),
      running: rangesOf("running"),
      stopped: rangesOf("stopped"),
      failed: rangesOf("failed"),
      missing: rangesOf("missing"),
    },
    failures: failures.groups,
    ...(voxelsPerSecond !== undefined && { voxelsPerSecond, secondsLeft: left / voxelsPerSecond }),
  };
}

class StageCount {
  readonly #stage: PlannedStage;
  readonly #states = { done: 0, running: 0, stopped: 0, failed: 0, missing: 0 };
  readonly #fills = new FillCounts();
  #files = 0;
  #bytes = 0;
  voxelsLeft = 0;

  constructor(stage: PlannedStage) {
    this.#stage = stage;
  }

  add({ task, state }: StatedTask): void {
    this.#states[state.name]++;
    if (state.name !== "done") {
      this.voxelsLeft += voxelCount(task.box);
      return;
    }
    const { files, bytes, filled } = state.marker;
    this.#files += files;
    this.#bytes += bytes;
    this.#fills.addAll(filled);
  }

  get status(): StageStatus {
    const { level, made, firstTask, tasks } = this.#stage;
    const [states, files, bytes] = [this.#states, this.#files, this.#bytes];
    return {
      level,
      made,
      firstTask,
      tasks,
      states,
      files,
      bytes,
      filled: this.#fills.byCause,
      voxelsLeft: this.voxelsLeft,
    };
  }
}

/** Groups the failures of tasks. Messages that differ only in their numbers are of one kind. */
class Failures {
  readonly #groups = new Map<string, Omit<FailureGroup, "tasks"> & { readonly tasks: NumberRanges }>();

  add({ task, message, tryAgain }: TaskFailureRecord): void {
    const kind = message.replace(/\d+/g, "#");
    const key = this.#groups.has(kind) || this.#groups.size < mostGroups ? kind : "";
    const group = this.#groups.get(key) ?? { message, tryAgain, tasks: new NumberRanges() };
    group.tasks.add(task);
    this.#groups.set(key, group);
  }

  get groups(): readonly FailureGroup[] {
    return Array.from(this.#groups.values(), (group) => ({ ...group, tasks: group.tasks.all }));
  }
}

/** Measures how fast tasks were done recently. */
class Speed {
  readonly #now = Date.now();
  #voxels = 0;
  #since = Number.POSITIVE_INFINITY;

  add({ voxels, seconds, endedAt }: TaskMarker): void {
    const end = Date.parse(endedAt);
    if (!(end > this.#now - recentMs)) return;
    this.#voxels += voxels;
    this.#since = Math.min(this.#since, end - seconds * 1000);
  }

  get voxelsPerSecond(): number | undefined {
    if (this.#voxels === 0) return undefined;
    const span = Math.min(recentMs, this.#now - this.#since);
    return this.#voxels / Math.max(0.001, span / 1000);
  }
}
