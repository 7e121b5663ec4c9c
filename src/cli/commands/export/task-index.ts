import type { Environment } from "../../input/environment.js";
import { UsageError } from "../../usage-error.js";

/** The environment variable in which a scheduler gives a job its index in an array. */
interface IndexVariable {
  readonly name: keyof Environment & string;
  /** The scheduler's first index, which becomes 0. */
  readonly first: 0 | 1;
  /** Value of the variable in a job outside an array. */
  readonly outside?: string;
}

/**
 * SLURM and PBS count from the number that a script gives, which is 0 in our scripts. Kubernetes and AWS Batch count from 0.
 * LSF and Grid Engine refuse the index 0, and also set the variable in jobs outside an array.
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

/** The index of this process in an array of jobs. */
export interface TaskIndex {
  /** The index, from 0. */
  readonly index: number;
  /** Name of the variable that it comes from. */
  readonly variable: string;
}

/**
 * The index of this process in a scheduler's array, or `undefined` if it is in none. Throws a {@link UsageError} if the index
 * is invalid, or if two variables disagree.
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
