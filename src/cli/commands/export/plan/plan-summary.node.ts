import { bytesPerVoxel } from "../../../../space/data-type.js";
import { taskCount } from "../../../../tasks/plan/export-plan.js";
import { plainText } from "../../../output/plain-text.js";
import { bytesText, countText } from "../../../output/quantity-text.js";
import { ownCommand } from "../../../shell-command.js";
import type { MadePlan } from "./make-plan.node.js";

/** Summary of a plan, as plain data. */
export interface PlanSummary {
  readonly plan: string;
  readonly output: string;
  readonly format: string;
  readonly hash: string;
  readonly tasks: number;
  readonly stages: readonly StageSummary[];
}

interface StageSummary {
  readonly level: number;
  readonly firstTask: number;
  readonly tasks: number;
  readonly made: "fetched" | "mean" | "mode";
  readonly shape: readonly number[];
  readonly voxels: number;
  /** Bytes of the voxels, uncompressed. */
  readonly bytes: number;
  /** Number of tiles or blocks that the stage needs. */
  readonly blocks: number;
  /** Number of requests for these. */
  readonly requests: number;
}

/** Summarizes a plan. */
export function planSummary(path: string, { plan, requests }: MadePlan): PlanSummary {
  const { output, format, hash, volume, levels } = plan;
  const stages = plan.stages.map(({ level, firstTask, tasks, made }): StageSummary => {
    const shape = levels[level]?.shape ?? volume.shape;
    const voxels = shape[0] * shape[1] * shape[2];
    const asked = requests[level] ?? { blocks: 0, requests: 0 };
    return {
      level,
      firstTask,
      tasks,
      made,
      shape,
      voxels,
      bytes: voxels * bytesPerVoxel(volume.dataType),
      ...asked,
    };
  });
  return { plan: path, output, format, hash, tasks: taskCount(plan), stages };
}

/** The summary in lines. `noun` is what the mirror consists of. */
export function summaryLines({ plan, output, tasks, stages }: PlanSummary, noun: "tile" | "block"): string[] {
  const lines = stages.map(({ level, firstTask, tasks: count, made, shape, bytes, blocks, requests }) => {
    const twice = requests - blocks;
    const source =
      made === "fetched"
        ? `${countText(requests, "request")}${twice > 0 ? `, ${twice.toLocaleString("en")} of them for ${noun}s that another task requests too` : ""}`
        : `computed from level ${level - 1}`;
    const last = firstTask + count - 1;
    const range = count === 1 ? `task ${firstTask}` : `tasks ${firstTask}-${last}`;
    return `level ${level}  ${range}: ${shape.join(" × ")} voxels, ${bytesText(bytes)}; ${source}`;
  });
  return [
    `${plainText(plan)}: ${countText(tasks, "task")} for ${plainText(output)}`,
    ...lines,
    `run      ${ownCommand("export", "run", plan, "--task", "I")}    (I from 0 to ${tasks - 1})`,
    `then     ${ownCommand("export", "finish", plan)}`,
  ];
}
