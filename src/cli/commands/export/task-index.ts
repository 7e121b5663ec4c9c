import type { Environment } from "../../input/environment.js";
import { UsageError } from "../../usage-error.js";

/** Where a scheduler says which element of an array a job is. */
interface IndexVariable {
  readonly name: keyof Environment & string;
  /** The first index that it can have: what becomes 0. */
  readonly first: 0 | 1;
  /** What it has in a job that is in no array. */
  readonly outside?: string;
}

/**
 * SLURM and PBS count as the script asks, and ours ask from 0; Kubernetes and AWS Batch count from 0 by themselves; LSF
 * and Grid Engine refuse an index of 0, and set the variable in jobs of no array too.
 */
const variables: readonly IndexVariable[] = [
  { name: "SLURM_ARRAY_TASK_ID", first: 0 },
  { name: "JOB_COMPLETION_INDEX", first: 0 },
  { name: "AWS_BATCH_JOB_ARRAY_INDEX", first: 0 },
  { name: "LSB_JOBINDEX", first: 1, outside: "0" },
  { name: "PBS_ARRAY_INDEX", first: 0 },
  { name: "PBS_ARRAYID", first: 0 },
  { name: "SGE_TASK_ID", first: 1, outside: "undefined" },
];

/** The names of the variables, for messages. */
export const indexVariables: readonly string[] = variables.map(({ name }) => name);

/** An element of an array of jobs. */
export interface TaskIndex {
  /** Its number, from 0. */
  readonly index: number;
  /** The variable that says so. */
  readonly variable: string;
}

/**
 * Which element of a scheduler's array this process is; undefined where it is none. Throws a {@link UsageError} for an
 * index that is none, or where two schedulers say different things.
 */
export function taskIndexOf(env: Environment): TaskIndex | undefined {
  let found: TaskIndex | undefined;
  for (const { name, first, outside } of variables) {
    const text = env[name]?.trim();
    if (text === undefined || text === "" || text === outside) continue;
    const index = Number(text) - first;
    if (!/^\d+$/.test(text) || index < 0 || !Number.isSafeInteger(index)) {
      throw new UsageError(
        `${name} is "${text}", which is no index of an array (whole numbers from ${first}): give --task instead`,
      );
    }
    if (found !== undefined && found.index !== index) {
      throw new UsageError(
        `${found.variable}=${env[found.variable as keyof Environment]} and ${name}=${text} name two tasks: unset one, or give --task`,
      );
    }
    found ??= { index, variable: name };
  }
  return found;
}
