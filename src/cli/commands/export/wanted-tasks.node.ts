import { askedTasks, type NumberRange, taskCount } from "../../../tasks/plan/export-plan.js";
import type { PlannedExport } from "../../../tasks/planned-export.js";
import type { CommandContext } from "../../command.node.js";
import type { Arguments } from "../../input/arguments.node.js";
import type { Environment } from "../../input/environment.js";
import { UsageError } from "../../usage-error.js";
import { taskIndexOf } from "./task-index.js";

/** The tasks that a command line names, as a range of indexes among the tasks that the plan asks for. */
export interface WantedTasks {
  readonly range: NumberRange;
  /** The option or variable that names them, for messages. */
  readonly by: string;
}

/** Reads `--task`, `--tasks` and `--parts`, or the index that a scheduler gives. */
export function wantedTasks(args: Arguments, { env }: CommandContext): WantedTasks {
  const task = args.whole("task", 0);
  const text = args.text("tasks");
  if (task !== undefined && text !== undefined)
    throw new UsageError("--task and --tasks are at odds: which is it to be?");
  if (task !== undefined) return { range: [task, task], by: `--task ${task}` };
  const parts = args.whole("parts", 1);
  if (parts !== undefined && text === undefined)
    throw new UsageError("parts of what? --parts needs --tasks A-B");
  if (text === undefined) {
    const found = taskIndexOf(env);
    if (found === undefined) throw new UsageError("which task? Give --task I, or run it in an array job");
    return { range: [found.index, found.index], by: found.variable };
  }
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (from === undefined || Number(from) > Number(to)) {
    throw new UsageError(`--tasks must be like 0-9, both of them among them, not "${text}"`);
  }
  const range: NumberRange = [Number(from), Number(to)];
  return { range: parts === undefined ? range : partOf(range, parts, env), by: `--tasks ${text}` };
}

/** The part of a range of tasks that belongs to this element of an array. */
function partOf([first, last]: NumberRange, parts: number, env: Environment): NumberRange {
  const found = taskIndexOf(env);
  if (found === undefined) throw new UsageError("which part? --parts is for elements of an array job");
  const { index, variable } = found;
  const count = last - first + 1;
  if (parts > count)
    throw new UsageError(`--parts ${parts} are more than the ${count} tasks that they are to be of`);
  if (index >= parts) {
    const text = env[variable as keyof Environment];
    throw new UsageError(`${variable}=${text} is beyond the ${parts} parts of --parts`);
  }
  const from = (part: number): number => first + Math.floor((part * count) / parts);
  return [from(index), from(index + 1) - 1];
}

/** Returns the range of the wanted tasks. Throws a {@link UsageError} if the plan asks for fewer. */
export function askedRange({ plan }: PlannedExport, { range, by }: WantedTasks): NumberRange {
  const asked = askedTasks(plan).reduce((count, [first, last]) => count + last - first + 1, 0);
  if (range[1] < asked) return range;
  const all = plan.only === undefined ? "" : ` (of ${taskCount(plan)} in all)`;
  const has = asked === 0 ? "none" : asked === 1 ? "one, number 0" : `${asked}, numbers 0 to ${asked - 1}`;
  throw new UsageError(`${by} is beyond the tasks of the plan, which asks for ${has}${all}`);
}
