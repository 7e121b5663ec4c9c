import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { PlanStatus } from "../../../src/tasks/plan-status.node.js";
import { type ModelWorkshop, modelWorkshop } from "../model/model-workshop.js";
import type { CliResult } from "../programs/run-cli.js";
import { runCommand } from "../programs/run-command.js";

/** The region of the model stack that is exported. */
export const taskRegion: readonly string[] = [
  ...["--roi", "x=4:140,y=8:100,z=0:11", "--threads", "0"],
  ...["--chunk", "4,20,30", "--levels", "2"],
];

/** An export in tasks of a model stack, in this process. Each test of a file has its own. */
export class TaskBench {
  #workshop: ModelWorkshop | undefined;

  /** Call it where tests are described. */
  constructor() {
    beforeEach(async () => {
      this.#workshop = await modelWorkshop();
    });
    afterEach(() => this.workshop.close());
  }

  get workshop(): ModelWorkshop {
    if (this.#workshop === undefined) throw new Error("no test has begun");
    return this.#workshop;
  }

  /** The folder of the test. */
  get folder(): string {
    return this.workshop.folder;
  }

  /** The path of the export. */
  get out(): string {
    return join(this.folder, "out.n5");
  }

  /** The path of the plan. */
  get plan(): string {
    return join(this.folder, "plan.json");
  }

  /** Makes the plan, with at most six tasks for the first level. */
  make(...words: readonly string[]): Promise<CliResult> {
    const size = words.includes("--tasks") ? [] : ["--tasks", "6"];
    const places = ["-o", this.out, "--plan", this.plan];
    return runCommand("export plan", [this.workshop.info, ...taskRegion, ...size, ...places, ...words]);
  }

  run(...words: readonly string[]): Promise<CliResult> {
    return runCommand("export run", [this.plan, "--threads", "0", "--attempts", "1", ...words]);
  }

  finish(): Promise<CliResult> {
    return runCommand("export finish", [this.plan]);
  }

  async status(): Promise<PlanStatus> {
    const { code, stdout } = await runCommand("export status", [this.plan, "--json"]);
    expect(code).toBe(0);
    return JSON.parse(stdout) as PlanStatus;
  }

  /** The number of tasks of the first level, and of all levels. */
  async counts(): Promise<readonly [fetched: number, all: number]> {
    const { stages } = await this.status();
    return [stages[0]?.tasks ?? 0, stages.reduce((sum, { tasks }) => sum + tasks, 0)];
  }
}

/** The one sentence on standard error, which may be followed by a hint. */
export function sentence({ stderr }: CliResult): string {
  const [first = "", ...more] = stderr.trim().split("\n");
  expect(more.filter((line) => !line.startsWith("See catmaid-image"))).toEqual([]);
  expect(first).toMatch(/^catmaid-image: \S/);
  return first.slice("catmaid-image: ".length);
}
