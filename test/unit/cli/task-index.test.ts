import { describe, expect, it, test } from "vitest";
import { indexVariables, taskIndexOf } from "../../../src/cli/commands/export/task-index.js";
import { UsageError } from "../../../src/cli/usage-error.js";

/** The message of what is refused: one sentence. */
function refusal(env: Record<string, string>): string {
  try {
    taskIndexOf(env);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    const { message } = error as Error;
    expect(message).not.toMatch(/\n|\. /);
    return message;
  }
  throw new Error("it was not refused");
}

describe("the index of a task comes from", () => {
  it.each([
    ["SLURM", "SLURM_ARRAY_TASK_ID", "0", "639"],
    ["Kubernetes", "JOB_COMPLETION_INDEX", "0", "639"],
    ["AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "0", "639"],
    ["LSF", "LSB_JOBINDEX", "1", "640"],
    ["PBS", "PBS_ARRAY_INDEX", "0", "639"],
    ["Torque", "PBS_ARRAYID", "0", "639"],
    ["Grid Engine", "SGE_TASK_ID", "1", "640"],
  ])("%s: %s, from %s", (_engine, variable, first, last) => {
    expect(indexVariables).toContain(variable);
    expect(taskIndexOf({ [variable]: first })).toEqual({ index: 0, variable });
    expect(taskIndexOf({ [variable]: last })).toEqual({ index: 639, variable });
  });

  test("nowhere, where there is no array", () => {
    expect(taskIndexOf({})).toBeUndefined();
    expect(taskIndexOf({ LSB_JOBINDEX: "0" })).toBeUndefined();
    expect(taskIndexOf({ SGE_TASK_ID: "undefined" })).toBeUndefined();
    expect(taskIndexOf({ SLURM_ARRAY_TASK_ID: "" })).toBeUndefined();
  });

  test("the array that there is, beside what an engine sets outside of arrays", () => {
    const env = { SLURM_ARRAY_TASK_ID: "7", SGE_TASK_ID: "undefined", LSB_JOBINDEX: "0" };
    expect(taskIndexOf(env)).toEqual({ index: 7, variable: "SLURM_ARRAY_TASK_ID" });
    // Both families of PBS, and one index: no contradiction.
    expect(taskIndexOf({ PBS_ARRAYID: "3", PBS_ARRAY_INDEX: "3" })).toMatchObject({ index: 3 });
  });
});

describe("one sentence says", () => {
  it.each(
    indexVariables.flatMap((name) =>
      ["x", "-1", "1.5", "1e2", "0x10", "3-7", "9".repeat(20)].map((text) => [name, text] as const),
    ),
  )("that %s=%s is no index", (name, text) => {
    expect(refusal({ [name]: text })).toContain(`${name} is "${text}"`);
  });

  it.each([
    ["SGE_TASK_ID", "0"],
    ["LSB_JOBINDEX", "undefined"],
    ["SLURM_ARRAY_TASK_ID", "undefined"],
  ])("that %s=%s is no index of that engine", (name, text) => {
    expect(refusal({ [name]: text })).toContain(name);
  });

  test("that two engines name two tasks", () => {
    expect(refusal({ SLURM_ARRAY_TASK_ID: "4", JOB_COMPLETION_INDEX: "5" })).toBe(
      "SLURM_ARRAY_TASK_ID=4 and JOB_COMPLETION_INDEX=5 name two tasks: unset one, or give --task",
    );
    // The same number, and another task: Grid Engine counts from 1.
    expect(refusal({ SLURM_ARRAY_TASK_ID: "4", SGE_TASK_ID: "4" })).toContain("two tasks");
  });
});
