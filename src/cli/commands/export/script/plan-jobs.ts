import { askedTasks, type ExportPlan } from "../../../../tasks/plan/export-plan.js";
import type { Job } from "./submission.js";

/** How a plan is divided into jobs. */
export interface JobOptions {
  /** Path of the plan. */
  readonly path: string;
  /** Most elements of a job. */
  readonly mostParts: number;
  /** Options for each `export run`. */
  readonly runWords: readonly string[];
}

/**
 * Makes a job for each level that has tasks left, and a job that completes the dataset. All elements of an array get the same
 * range of tasks and the number of parts. `export run` finds the element's own part, so the scripts need not know from which
 * number an engine counts.
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
