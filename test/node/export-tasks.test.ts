import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, watch } from "node:fs";
import { chmod, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PlanStatus } from "../../src/tasks/plan-status.node.js";
import { Watchers } from "../support/fetching/watchers.js";
import { type ModelWorkshop, modelWorkshop } from "../support/model/model-workshop.js";
import { type CliRun, startCli } from "../support/programs/run-cli.js";
import { runCli } from "../support/programs/warm-command-line.js";
import { filesInFolder } from "../support/readers/files-in-folder.js";

let workshop: ModelWorkshop;
let [out, plan] = ["", ""];
beforeEach(async () => {
  workshop = await modelWorkshop();
  [out, plan] = [join(workshop.folder, "out.n5"), join(workshop.folder, "plan.json")];
  const { code, stderr } = await runCli([
    ...["export", "plan", workshop.info, ...region],
    ...["--tasks", "3", "-o", out, "--plan", plan],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
afterEach(() => workshop.close());

// 5 × 5 chunks of 2 sections, in the first task.
const filesOfTwoSections = 25;
const region = [
  "--roi",
  "x=4:140,y=8:100,z=0:11",
  "--chunk",
  "2,20,30",
  "--levels",
  "2",
  "--compression",
  "none",
];
const start = (...words: readonly string[]): CliRun =>
  startCli(["export", "run", plan, "--threads", "0", ...words]);

async function statesOf(): Promise<PlanStatus["tasks"]> {
  const { code, stdout, stderr } = await runCli(["export", "status", plan, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return (JSON.parse(stdout) as PlanStatus).tasks;
}

/** Runs a task until the server holds back the tiles of one of its sections, when the files of the first two are logged. */
async function heldRun(): Promise<CliRun> {
  workshop.server.script = ({ depth }) => (depth === 3 ? "hold" : undefined);
  const run = start("--task", "0");
  await workshop.server.until(({ held }) => held > 0);
  const tasks = join(out, ".catmaid-image", "tasks", "0");
  const changes = new Watchers();
  const watcher = watch(tasks, () => changes.changed());
  await changes.until(() => loggedFiles(join(tasks, "0.ndjson")) >= filesOfTwoSections);
  watcher.close();
  return run;
}

/** How many files of the first two sections a log has. */
function loggedFiles(log: string): number {
  const lines = existsSync(log) ? readFileSync(log, "utf8") : "";
  return lines.match(/"s0\/\d+\/\d+\/0"/g)?.length ?? 0;
}

async function expectSingle(): Promise<void> {
  const single = join(workshop.folder, "single.n5");
  expect(await runCli(["get", workshop.info, ...region, "-o", single, "-q"])).toMatchObject({ code: 0 });
  expect(await filesInFolder(out)).toEqual(await filesInFolder(single));
}

async function finishAll(): Promise<void> {
  const words = ["export", "run", plan, "--threads", "0", "--tasks", "0-2"];
  expect(await runCli(words)).toMatchObject({ code: 0 });
  expect(await runCli(["export", "finish", plan])).toMatchObject({ code: 0 });
}

test("a run that is killed is said to be stopped, and another goes on where it was", async () => {
  const killed = await heldRun();
  expect((await statesOf()).running).toEqual([[0, 0]]);
  killed.process.kill("SIGKILL");
  await killed.result;
  expect(await statesOf()).toMatchObject({ running: [], stopped: [[0, 0]], done: [] });
  workshop.server.script = () => undefined;
  const before = workshop.server.requests.length;
  const sections = new Set(workshop.server.requests.map(({ depth }) => depth));
  expect(await start("--task", "0").result).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^task 0 of /),
  });
  const again = workshop.server.requests.slice(before).map(({ depth }) => depth);
  // The files of the first two sections were there.
  expect(sections).toContain(0);
  expect(again).not.toContain(0);
  expect(again).toContain(3);
  expect((await statesOf()).done).toEqual([[0, 0]]);
  await finishAll();
  await expectSingle();
});

test("of two runs at once the second waits, finds it done, and asks the server for nothing", async () => {
  const first = await heldRun();
  const second = start("--task", "0");
  const told = new Promise<void>((resolve) => {
    second.process.stderr?.on("data", (text: string) => text.includes("being run already") && resolve());
  });
  await told;
  workshop.server.script = () => undefined;
  workshop.server.release();
  expect(await first.result).toMatchObject({ code: 0 });
  expect(await second.result).toMatchObject({ code: 0, stdout: expect.stringContaining("done before") });
  expect(new Set(workshop.server.paths).size).toBe(workshop.server.paths.length);
  await finishAll();
  await expectSingle();
});

test("where the one that was waited for is killed, the other takes the task over", async () => {
  const first = await heldRun();
  const second = start("--task", "0");
  await new Promise<void>((resolve) => {
    second.process.stderr?.on("data", (text: string) => text.includes("being run already") && resolve());
  });
  workshop.server.script = () => undefined;
  first.process.kill("SIGKILL");
  const { code, stdout } = await second.result;
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining("done before") });
  await finishAll();
  await expectSingle();
  const left = await readdir(join(out, ".catmaid-image", "tasks", "0"));
  expect(left.filter((name) => name.includes("lock"))).toEqual([]);
});

test("a run whose lock was taken away says nothing to be done", async () => {
  const first = await heldRun();
  await rm(join(out, ".catmaid-image", "tasks", "0", "0.lock"));
  workshop.server.script = () => undefined;
  workshop.server.release();
  expect(await first.result).toMatchObject({
    code: 75,
    stderr: expect.stringContaining("another run has taken the task"),
  });
  expect((await statesOf()).done).toEqual([]);
  await finishAll();
  await expectSingle();
});

test("an interrupted run leaves the task for another", async () => {
  const run = await heldRun();
  run.process.kill("SIGTERM");
  expect(await run.result).toMatchObject({ code: 130, stderr: "catmaid-image: interrupted\n" });
  expect(await statesOf()).toMatchObject({ running: [], stopped: [[0, 0]], failed: [] });
});

test("a folder that may not be written to is named in a sentence", async () => {
  await chmod(join(out, ".catmaid-image"), 0o555);
  await chmod(workshop.folder, 0o755);
  await chmod(plan, 0o644);
  // Root may write everywhere.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
  const words = [cli, "export", "run", plan, "--task", "0", "--threads", "0"];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", ...nobody });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^catmaid-image: ".*out\.n5" may not be written to ".*": get the permission to, .*\n$/,
    ),
  });
});

test("says which commands there are of tasks, and what each does", async () => {
  const none = await runCli(["export"]);
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("export what? There are export plan, export run"),
  });
  for (const words of [
    ["export", "--help"],
    ["help", "export"],
  ]) {
    expect(await runCli(words)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("  export finish  complete"),
    });
  }
  const help = await runCli(["export", "run", "--help"]);
  expect(help).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: catmaid-image export run PLAN.json/),
  });
  expect(await runCli(["help", "export", "run"])).toEqual(help);
});

test("the number of the task comes from the scheduler", async () => {
  const env = { SLURM_ARRAY_TASK_ID: "2" };
  const run = await runCli(["export", "run", plan, "--threads", "0", "--json"], { env });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(run.stdout)).toMatchObject({ task: 2, wasDone: false });
});

test("a plan is as short, and made in as little memory, for half a billion tasks as for three", async () => {
  const large = join(workshop.folder, "large.json");
  const info = JSON.parse(await readFile(workshop.info, "utf8")) as Record<string, unknown>;
  const stdin = JSON.stringify({ ...info, dimension: { x: 500_000, y: 512_000, z: 65_536 } });
  const words = ["--roi", "all", "--chunk", "64,64,64", "--task-size", "64MB", "--levels", "7", "--json"];
  const made = await startCli(
    ["export", "plan", "-", ...words, "-o", join(workshop.folder, "large.ome.zarr"), "--plan", large],
    { stdin, env: { NODE_OPTIONS: "--max-old-space-size=40" } },
  ).result;
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const { tasks } = JSON.parse(made.stdout) as { readonly tasks: number };
  expect(tasks).toBeGreaterThan(3e8);
  const short = (await readFile(plan, "utf8")).length;
  expect((await readFile(large, "utf8")).length).toBeLessThan(2 * short + 5000);
  // The last task is refused by what it is computed of, for which no list of tasks is needed.
  const last = await runCli(["export", "run", large, "--task", String(tasks - 1)]);
  expect(last).toMatchObject({
    code: 75,
    stderr: expect.stringContaining("is computed from tasks that are not done yet: run tasks"),
  });
});
