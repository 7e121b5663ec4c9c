import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sentence, TaskBench, taskRegion } from "../../support/exports/task-bench.js";
import { runCommand } from "../../support/programs/run-command.js";

const bench = new TaskBench();

describe("a task that cannot be done says in one sentence why, and by its exit code whether to try again", () => {
  test.each([
    ["the server is overloaded", { status: 503 }, 75, "503"],
    ["a connection is lost", "reset", 75, "reset"],
    ["credentials are refused", { status: 403 }, 1, "403"],
    ["a tile is no picture", { html: "<h1>Welcome</h1>" }, 1, "HTML"],
  ] as const)("%s", async (_, misbehaviour, code, words) => {
    await bench.make();
    bench.workshop.server.script = ({ depth }) => (depth === 3 ? misbehaviour : undefined);
    const failed = await bench.run("--task", "0");
    expect(failed.code).toBe(code);
    expect(sentence(failed)).toContain(words);
    const { tasks, failures } = await bench.status();
    expect(tasks.failed).toEqual([[0, 0]]);
    expect(failures).toMatchObject([{ tryAgain: code === 75, tasks: [[0, 0]], message: sentence(failed) }]);
    expect((await bench.finish()).code).toBe(75);
    bench.workshop.server.script = () => undefined;
    expect((await bench.run("--task", "0")).code).toBe(0);
    expect((await bench.status()).tasks).toMatchObject({ done: [[0, 0]], failed: [] });
  });

  test("the server is gone", async () => {
    await bench.make();
    await bench.workshop.server.close();
    const failed = await bench.run("--tasks", "0-1");
    expect(failed.code).toBe(75);
    expect(sentence(failed)).toContain("connection refused");
    expect((await bench.status()).tasks.failed).toEqual([[0, 0]]);
  });

  test("what it is computed of is not done", async () => {
    await bench.make();
    const [fetched] = await bench.counts();
    const early = await bench.run("--task", String(fetched));
    expect(early.code).toBe(75);
    expect(sentence(early)).toMatch(
      /^task \d+ is computed from tasks that are not done yet: run tasks? .* first$/,
    );
    // That is no fault of it.
    expect((await bench.status()).tasks.failed).toEqual([]);
  });
});

describe("a plan that does not fit is refused in one sentence", () => {
  test("changed by hand", async () => {
    await bench.make();
    await writeFile(
      bench.plan,
      (await readFile(bench.plan, "utf8")).replace('"fillValue": 0', '"fillValue": 7'),
    );
    for (const result of [await bench.run("--task", "0"), await bench.finish()]) {
      expect(result.code).toBe(2);
      expect(sentence(result)).toContain("was changed after it was made");
    }
  });

  test("no plan at all", async () => {
    await writeFile(bench.plan, '{"tasks": 3}');
    expect(sentence(await bench.run("--task", "0"))).toContain("is not a plan");
    await rm(bench.plan);
    expect(sentence(await bench.run("--task", "0"))).toContain("there is no file");
    expect((await runCommand("export run", ["--task", "0"])).code).toBe(2);
  });

  test("of another dataset, or of one that is gone", async () => {
    await bench.make();
    const kept = join(bench.folder, "kept.json");
    await cp(bench.plan, kept);
    expect((await bench.make("--overwrite", "--fill", "9")).code).toBe(0);
    const other = await runCommand("export run", [kept, "--task", "0"]);
    expect(other.code).toBe(2);
    expect(sentence(other)).toMatch(/is of another plan: --fill 9, not 0; give the plan/);
    expect((await bench.make("--overwrite", "--tasks", "3")).code).toBe(0);
    expect(sentence(await runCommand("export run", [kept, "--task", "0"]))).toContain(
      "its tasks or its stack differ",
    );
    await rm(bench.out, { recursive: true });
    const gone = await bench.run("--task", "0");
    expect(gone.code).toBe(2);
    expect(sentence(gone)).toContain("holds no dataset of a plan");
    expect(await readdir(bench.folder)).not.toContain("out.n5");
  });

  test("with a number that it does not have, or none", async () => {
    await bench.make();
    const [, all] = await bench.counts();
    const beyond = await bench.run("--task", String(all));
    expect(beyond.code).toBe(2);
    expect(sentence(beyond)).toContain(`asks for ${all}, numbers 0 to ${all - 1}`);
    for (const words of [[], ["--tasks", "3-1"], ["--task", "x"], ["--task", "0", "--tasks", "0-1"]]) {
      expect(await bench.run(...words)).toMatchObject({ code: 2 });
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
      bench.workshop.info,
      "--roi",
      "all",
      "-o",
      output,
      "--plan",
      bench.plan,
    ]);
    expect(refused.code).toBe(2);
    expect(sentence(refused)).toContain(words);
    expect(await readdir(bench.folder)).toEqual(["info.json"]);
  });

  test("where something is already", async () => {
    await bench.make();
    expect(sentence(await bench.make())).toContain("is there already");
    await rm(bench.plan);
    expect(sentence(await bench.make())).toContain("is there already");
    await writeFile(join(bench.folder, "mine.txt"), "");
    await mkdir(join(bench.folder, "other.n5"));
    await writeFile(join(bench.folder, "other.n5", "mine.txt"), "");
    const words = [
      bench.workshop.info,
      ...taskRegion,
      "-o",
      join(bench.folder, "other.n5"),
      "--plan",
      bench.plan,
      "--overwrite",
    ];
    expect(sentence(await runCommand("export plan", words))).toContain("mine.txt");
  });
});

test("a task that fails for good does not keep the others of its run from being done; a lost server ends it", async () => {
  await bench.make();
  const [fetched] = await bench.counts();
  const all = ["--tasks", `0-${fetched - 1}`];
  bench.workshop.server.script = ({ depth }) => (depth === 1 ? { html: "<h1>Down</h1>" } : undefined);
  const failed = await bench.run(...all);
  expect(failed.code).toBe(1);
  expect(sentence(failed)).toMatch(/HTML.* tasks? more; see export status\)$/);
  const { tasks } = await bench.status();
  expect(failed.stdout.trim().split("\n")).toHaveLength(
    fetched - tasks.failed.reduce((sum, [a, b]) => sum + b - a + 1, 0),
  );
  bench.workshop.server.script = () => ({ status: 503 });
  const ended = await bench.run(...all);
  expect(ended.code).toBe(75);
  expect((await bench.status()).failures.filter(({ tryAgain }) => tryAgain)).toMatchObject([
    { tasks: [[0, 0]] },
  ]);
});

test("credentials are in nothing that is written", async () => {
  const secrets = ["s3cret-user", "s3cret-password", "s3cret-token", "s3cret-header"];
  const info = JSON.parse(await readFile(bench.workshop.info, "utf8")) as {
    mirrors: { image_base: string }[];
  };
  const [mirror] = info.mirrors;
  if (mirror !== undefined)
    mirror.image_base = mirror.image_base.replace("://", "://s3cret-user:s3cret-password@");
  await writeFile(bench.workshop.info, JSON.stringify(info));
  const made = await bench.make("--mirror-header", "X-Key: s3cret-header", "--missing-status", "403");
  expect(made).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("hold a user, which a plan does not keep"),
  });
  bench.workshop.server.script = ({ depth }) => (depth === 3 ? { status: 500 } : undefined);
  const words = ["--mirror-user", "s3cret-user:s3cret-password", "--mirror-header", "X-Key: s3cret-header"];
  const results = [made, await bench.run("--task", "0", ...words)];
  bench.workshop.server.script = () => undefined;
  results.push(await bench.run("--task", "1", ...words));
  expect((await stat(bench.plan)).mode & 0o777).toBe(0o600);
  const basic = `Basic ${btoa("s3cret-user:s3cret-password")}`;
  expect(bench.workshop.server.requests.at(-1)?.headers).toMatchObject({
    authorization: basic,
    "x-key": "s3cret-header",
  });
  await rm(bench.workshop.info);
  for (const { stdout, stderr } of results)
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  for (const entry of await readdir(bench.folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    const content = await readFile(path, "latin1");
    for (const secret of secrets)
      expect({ path, has: content.includes(secret) }).toEqual({ path, has: false });
  }
});
