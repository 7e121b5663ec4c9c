import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlanStatus } from "../../src/tasks/plan-status.node.js";
import { filesInFolder } from "../support/files-in-folder.js";
import { type ModelWorkshop, modelWorkshop } from "../support/model-workshop.js";
import type { CliResult } from "../support/run-cli.js";
import { runCommand } from "../support/run-command.js";

let workshop: ModelWorkshop;
let folder = "";
let [out, plan] = ["", ""];
beforeEach(async () => {
  workshop = await modelWorkshop();
  folder = workshop.folder;
  [out, plan] = [join(folder, "out.n5"), join(folder, "plan.json")];
});
afterEach(() => workshop.close());

const region = ["--roi", "x=4:140,y=8:100,z=0:11", "--threads", "0", "--chunk", "4,20,30", "--levels", "2"];
const make = (...words: readonly string[]): Promise<CliResult> => {
  const size = words.includes("--tasks") ? [] : ["--tasks", "6"];
  return runCommand("export plan", [workshop.info, ...region, ...size, "-o", out, "--plan", plan, ...words]);
};
const run = (...words: readonly string[]): Promise<CliResult> =>
  runCommand("export run", [plan, "--threads", "0", "--attempts", "1", ...words]);
const finish = (): Promise<CliResult> => runCommand("export finish", [plan]);

async function statusOf(): Promise<PlanStatus> {
  const { code, stdout } = await runCommand("export status", [plan, "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as PlanStatus;
}

/** How many tasks there are of the first level, and in all. */
async function counts(): Promise<readonly [fetched: number, all: number]> {
  const { stages } = await statusOf();
  return [stages[0]?.tasks ?? 0, stages.reduce((sum, { tasks }) => sum + tasks, 0)];
}

/** One sentence on standard error, and perhaps where to look. */
function sentence({ stderr }: CliResult): string {
  const [first = "", ...more] = stderr.trim().split("\n");
  expect(more.filter((line) => !line.startsWith("See catmaid-image"))).toEqual([]);
  expect(first).toMatch(/^catmaid-image: \S/);
  return first.slice("catmaid-image: ".length);
}

describe("a task that cannot be done says in one sentence why, and by its exit code whether to try again", () => {
  test.each([
    ["the server is overloaded", { status: 503 }, 75, "503"],
    ["a connection is lost", "reset", 75, "reset"],
    ["credentials are refused", { status: 403 }, 1, "403"],
    ["a tile is no picture", { html: "<h1>Welcome</h1>" }, 1, "HTML"],
  ] as const)("%s", async (_, misbehaviour, code, words) => {
    await make();
    workshop.server.script = ({ depth }) => (depth === 3 ? misbehaviour : undefined);
    const failed = await run("--task", "0");
    expect(failed.code).toBe(code);
    expect(sentence(failed)).toContain(words);
    const { tasks, failures } = await statusOf();
    expect(tasks.failed).toEqual([[0, 0]]);
    expect(failures).toMatchObject([{ tryAgain: code === 75, tasks: [[0, 0]], message: sentence(failed) }]);
    expect((await finish()).code).toBe(75);
    workshop.server.script = () => undefined;
    expect((await run("--task", "0")).code).toBe(0);
    expect((await statusOf()).tasks).toMatchObject({ done: [[0, 0]], failed: [] });
  });

  test("the server is gone", async () => {
    await make();
    await workshop.server.close();
    const failed = await run("--tasks", "0-1");
    expect(failed.code).toBe(75);
    expect(sentence(failed)).toContain("connection refused");
    expect((await statusOf()).tasks.failed).toEqual([[0, 0]]);
    workshop = await modelWorkshop();
  });

  test("what it is computed of is not done", async () => {
    await make();
    const [fetched] = await counts();
    const early = await run("--task", String(fetched));
    expect(early.code).toBe(75);
    expect(sentence(early)).toMatch(/^task \d+ is computed of tasks .* not done: run that first$/);
    // That is no fault of it.
    expect((await statusOf()).tasks.failed).toEqual([]);
  });
});

describe("a plan that does not fit is refused in one sentence", () => {
  test("changed by hand", async () => {
    await make();
    await writeFile(plan, (await readFile(plan, "utf8")).replace('"fillValue": 0', '"fillValue": 7'));
    for (const result of [await run("--task", "0"), await finish()]) {
      expect(result.code).toBe(2);
      expect(sentence(result)).toContain("was changed after it was made");
    }
  });

  test("no plan at all", async () => {
    await writeFile(plan, '{"tasks": 3}');
    expect(sentence(await run("--task", "0"))).toContain("is no plan");
    await rm(plan);
    expect(sentence(await run("--task", "0"))).toContain("there is no file");
    expect((await runCommand("export run", ["--task", "0"])).code).toBe(2);
  });

  test("of another dataset, or of one that is gone", async () => {
    await make();
    const kept = join(folder, "kept.json");
    await cp(plan, kept);
    expect((await make("--overwrite", "--fill", "9")).code).toBe(0);
    const other = await runCommand("export run", [kept, "--task", "0"]);
    expect(other.code).toBe(2);
    expect(sentence(other)).toMatch(/is of another plan: --fill 9, not 0; give the plan/);
    expect((await make("--overwrite", "--tasks", "3")).code).toBe(0);
    expect(sentence(await runCommand("export run", [kept, "--task", "0"]))).toContain(
      "its tasks are cut otherwise",
    );
    await rm(out, { recursive: true });
    const gone = await run("--task", "0");
    expect(gone.code).toBe(2);
    expect(sentence(gone)).toContain("holds no dataset of a plan");
    expect(await readdir(folder)).not.toContain("out.n5");
  });

  test("with a number that it does not have, or none", async () => {
    await make();
    const [, all] = await counts();
    const beyond = await run("--task", String(all));
    expect(beyond.code).toBe(2);
    expect(sentence(beyond)).toContain(`asks for ${all}, numbers 0 to ${all - 1}`);
    for (const words of [[], ["--tasks", "3-1"], ["--task", "x"], ["--task", "0", "--tasks", "0-1"]]) {
      expect(await run(...words)).toMatchObject({ code: 2 });
    }
  });

  test.each([
    ["v.h5", "one process writes it"],
    ["v.tif", "one process writes it"],
    ["v.nrrd", "one process writes it"],
    ["v.png", "one process writes it"],
    ["v.zip", "a .zip is one file"],
    ["-", "no standard output in common"],
  ])("for %s", async (output, words) => {
    const refused = await runCommand("export plan", [
      workshop.info,
      "--roi",
      "all",
      "-o",
      output,
      "--plan",
      plan,
    ]);
    expect(refused.code).toBe(2);
    expect(sentence(refused)).toContain(words);
    expect(await readdir(folder)).toEqual(["info.json"]);
  });

  test("where something is already", async () => {
    await make();
    expect(sentence(await make())).toContain("is there already");
    await rm(plan);
    expect(sentence(await make())).toContain("is there already");
    await writeFile(join(folder, "mine.txt"), "");
    await mkdir(join(folder, "other.n5"));
    await writeFile(join(folder, "other.n5", "mine.txt"), "");
    const words = [workshop.info, ...region, "-o", join(folder, "other.n5"), "--plan", plan, "--overwrite"];
    expect(sentence(await runCommand("export plan", words))).toContain("mine.txt");
  });
});

describe("finish", () => {
  test("names the tasks that are left, and makes no dataset of them", async () => {
    await make();
    await run("--tasks", "1-2");
    const early = await finish();
    expect(early.code).toBe(75);
    const [fetched] = await counts();
    expect(sentence(early)).toContain(`tasks 0, 3-${fetched - 1} are not done`);
    expect([...(await filesInFolder(out)).keys()]).not.toContain("attributes.json");
    const left = join(folder, "left.json");
    const rest = await runCommand("export plan", [plan, "--only-missing", "--plan", left]);
    expect(rest.stdout).toContain("tasks 0, 3-");
    expect((await runCommand("export run", [left, "--task", "1", "--threads", "0"])).stdout).toMatch(
      /^task 3 of /,
    );
    expect((await statusOf()).tasks.done).toEqual([[1, 3]]);
  });

  test("misses a file that was removed, and the task is done again", async () => {
    await make();
    const [fetched] = await counts();
    await run("--tasks", `0-${fetched - 1}`);
    const files = await filesInFolder(out);
    const [path = ""] = files.keys();
    await rm(join(out, path));
    const refused = await finish();
    expect(refused.code).toBe(75);
    expect(sentence(refused)).toContain(`${path} of task`);
    const { tasks } = await statusOf();
    expect(tasks.missing.length + tasks.stopped.length).toBeGreaterThan(0);
    const asked = workshop.server.requests.length;
    await run("--tasks", `0-${fetched - 1}`);
    // Of that file alone.
    expect(workshop.server.requests.length - asked).toBeLessThan(20);
    expect((await finish()).code).toBe(0);
    const finished = await filesInFolder(out);
    for (const [name, content] of files) expect(finished.get(name)).toBe(content);
  });

  test("computes again what was computed of files that have changed since", async () => {
    const single = join(folder, "single.n5");
    workshop.server.script = ({ depth, col }) =>
      depth === 1 && col === 1 ? { html: "<h1>Down</h1>" } : undefined;
    await make("--failed", "fill");
    const [fetched, all] = await counts();
    await run("--tasks", `0-${all - 1}`);
    expect((await finish()).stdout).toMatch(/filled {3}\d+ \(failed\)/);
    workshop.server.script = () => undefined;
    const left = join(folder, "left.json");
    await runCommand("export plan", [plan, "--only-missing", "--repair", "--plan", left]);
    const { only } = JSON.parse(await readFile(left, "utf8")) as { only: [number, number][] };
    const count = only.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(fetched);
    expect((await runCommand("export run", [left, "--tasks", `0-${count - 1}`, "--threads", "0"])).code).toBe(
      0,
    );
    expect((await finish()).code).toBe(0);
    await runCommand("get", [workshop.info, ...region, "-o", single, "-q"]);
    expect(await filesInFolder(out)).toEqual(await filesInFolder(single));
  });
});

test("a task that fails for good does not keep the others of its run from being done; a lost server ends it", async () => {
  await make();
  const [fetched] = await counts();
  const all = ["--tasks", `0-${fetched - 1}`];
  workshop.server.script = ({ depth }) => (depth === 1 ? { html: "<h1>Down</h1>" } : undefined);
  const failed = await run(...all);
  expect(failed.code).toBe(1);
  expect(sentence(failed)).toMatch(/HTML.* tasks? more; see export status\)$/);
  const { tasks } = await statusOf();
  expect(failed.stdout.trim().split("\n")).toHaveLength(
    fetched - tasks.failed.reduce((sum, [a, b]) => sum + b - a + 1, 0),
  );
  workshop.server.script = () => ({ status: 503 });
  const ended = await run(...all);
  expect(ended.code).toBe(75);
  expect((await statusOf()).failures.filter(({ tryAgain }) => tryAgain)).toMatchObject([{ tasks: [[0, 0]] }]);
});

test("verify reads what tasks have logged, and run --repair mends what it finds", async () => {
  await make();
  const [fetched, all] = await counts();
  await run("--tasks", `0-${all - 1}`);
  expect((await runCommand("verify", [out])).stdout).toContain("not complete");
  expect((await finish()).code).toBe(0);
  const whole = await filesInFolder(out);
  expect(await runCommand("verify", [out, "--json"])).toMatchObject({ code: 0, stderr: "" });
  for (const path of ["s0/0/0/0", "s1/0/0/0"]) {
    const bytes = await readFile(join(out, path));
    bytes[bytes.length - 1] = 255 - (bytes.at(-1) ?? 0);
    await writeFile(join(out, path), bytes);
  }
  const found = await runCommand("verify", [out, "--json"]);
  expect(found.code).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({
    damaged: ["s0/0/0/0", "s1/0/0/0"],
    missing: [],
    files: whole.size,
  });
  // A level is not computed of what is damaged.
  const computed = await run("--task", String(fetched), "--repair");
  expect(computed.code).toBe(1);
  expect(sentence(computed)).toContain("s0/0/0/0 is not what was stored");
  const asked = workshop.server.requests.length;
  expect((await run("--task", "0", "--repair")).code).toBe(0);
  expect(workshop.server.requests.length - asked).toBeLessThan(20);
  expect((await run("--task", String(fetched), "--repair")).code).toBe(0);
  expect((await finish()).code).toBe(0);
  expect(await filesInFolder(out)).toEqual(whole);
  expect((await runCommand("verify", [out])).code).toBe(0);
});

test("get leaves what tasks make alone, unless it is to be replaced", async () => {
  await make();
  await run("--task", "0");
  const get = (...words: readonly string[]): Promise<CliResult> =>
    runCommand("get", [workshop.info, ...region, "-o", out, "-q", ...words]);
  for (const words of [[], ["--resume"], ["--repair"]]) {
    const refused = await get(...words);
    expect(refused.code).toBe(2);
    expect(sentence(refused)).toContain("go on with its plan (catmaid-image export run)");
  }
  expect((await get("--overwrite")).code).toBe(0);
  expect((await readdir(join(out, ".catmaid-image"))).sort()).toEqual(["export.json", "units.ndjson"]);
  expect(sentence(await run("--task", "0"))).toContain("was written by one process");
});

test("credentials are in nothing that is written", async () => {
  const secrets = ["s3cret-user", "s3cret-password", "s3cret-token", "s3cret-header"];
  const info = JSON.parse(await readFile(workshop.info, "utf8")) as { mirrors: { image_base: string }[] };
  const [mirror] = info.mirrors;
  if (mirror !== undefined)
    mirror.image_base = mirror.image_base.replace("://", "://s3cret-user:s3cret-password@");
  await writeFile(workshop.info, JSON.stringify(info));
  const made = await make("--mirror-header", "X-Key: s3cret-header", "--missing-status", "403");
  expect(made).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("hold a user, which a plan does not keep"),
  });
  workshop.server.script = ({ depth }) => (depth === 3 ? { status: 500 } : undefined);
  const words = ["--mirror-user", "s3cret-user:s3cret-password", "--mirror-header", "X-Key: s3cret-header"];
  const results = [made, await run("--task", "0", ...words)];
  workshop.server.script = () => undefined;
  results.push(await run("--task", "1", ...words));
  expect((await stat(plan)).mode & 0o777).toBe(0o600);
  const basic = `Basic ${btoa("s3cret-user:s3cret-password")}`;
  expect(workshop.server.requests.at(-1)?.headers).toMatchObject({
    authorization: basic,
    "x-key": "s3cret-header",
  });
  await rm(workshop.info);
  for (const { stdout, stderr } of results)
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    const content = await readFile(path, "latin1");
    for (const secret of secrets)
      expect({ path, has: content.includes(secret) }).toEqual({ path, has: false });
  }
});
