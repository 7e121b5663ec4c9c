import { askedTasks, type ExportPlan } from "../../../../tasks/plan/export-plan.js";
import type { Job } from "./submission.js";

/** How a plan is divided into jobs. */
export interface JobOptions {
  /** The plan's path. */
  readonly path: string;
  /** Most elements of a job. */
  readonly mostParts: number;
  /** Words for each run. */
  readonly runWords: readonly string[];
}

/**
 * A job for each level that has tasks left, and one that completes the dataset. The tasks of an array's elements are named as a
 * range and a number of parts: the element finds its part, so that no script has to know from what number the engine counts.
 */
export function planJobs(plan: ExportPlan, { path, mostParts, runWords }: JobOptions): readonly Job[] {
  const jobs: Job[] = [];
  let first = 0;
  for (const { level, firstTask, tasks } of plan.stages) {
    const count = askedTasks(plan).reduce((sum, [from, to]) => {
      const within = Math.min(to, firstTask + tasks - 1) - Math.max(from, firstTask) + 1;
      return sum + Math.max(0, within);
    }, 0);
    if (count === 0) continue;
    const parts = Math.min(count, mostParts);
    const range = `${first}-${first + count - 1}`;
    jobs.push({
      name: `catmaid-image-level-${level}`,
      parts,
      tasks: count,
      words: [
        "export",
        "run",
        path,
        "--tasks",
        range,
        ...(parts > 1 ? ["--parts", `${parts}`] : []),
        ...runWords,
      ],
    });
    first += count;
  }
  return [...jobs, { name: "catmaid-image-finish", parts: 1, tasks: 1, words: ["export", "finish", path] }];
}
