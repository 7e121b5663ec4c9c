import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sentence, TaskBench, taskRegion } from "../../support/exports/task-bench.js";
import type { CliResult } from "../../support/programs/run-cli.js";
import { runCommand } from "../../support/programs/run-command.js";
import { filesInFolder } from "../../support/readers/files-in-folder.js";

const bench = new TaskBench();

describe("finish", () => {
  test("names the tasks that are left, and makes no dataset of them", async () => {
    await bench.make();
    await bench.run("--tasks", "1-2");
    const early = await bench.finish();
    expect(early.code).toBe(75);
    const [fetched] = await bench.counts();
    expect(sentence(early)).toContain(`tasks 0, 3-${fetched - 1} are not done`);
    expect([...(await filesInFolder(bench.out)).keys()]).not.toContain("attributes.json");
    const left = join(bench.folder, "left.json");
    const rest = await runCommand("export plan", [bench.plan, "--only-missing", "--plan", left]);
    expect(rest.stdout).toContain("tasks 0, 3-");
    expect((await runCommand("export run", [left, "--task", "1", "--threads", "0"])).stdout).toMatch(
      /^task 3 of /,
    );
    expect((await bench.status()).tasks.done).toEqual([[1, 3]]);
  });

  test("status prints a plan of what is left that can be made, however often", async () => {
    await bench.make();
    const next = async () => {
      const { stdout } = await runCommand("export status", [bench.plan]);
      const words = /^next {5}catmaid-image export plan (.*)$/m.exec(stdout)?.[1]?.split(" ") ?? [];
      expect(await runCommand("export plan", words)).toMatchObject({ code: 0, stderr: "" });
      return words;
    };
    const plans = [await next(), await next(), await next()].map((words) => words.at(-1));
    expect(plans).toEqual(
      ["rest.json", "rest-2.json", "rest-3.json"].map((name) => join(bench.folder, name)),
    );
  });

  test("misses a file that was removed, and the task is done again", async () => {
    await bench.make();
    const [fetched] = await bench.counts();
    await bench.run("--tasks", `0-${fetched - 1}`);
    const files = await filesInFolder(bench.out);
    const [path = ""] = files.keys();
    await rm(join(bench.out, path));
    const refused = await bench.finish();
    expect(refused.code).toBe(75);
    expect(sentence(refused)).toContain(`${path} of task`);
    const { tasks } = await bench.status();
    expect(tasks.missing.length + tasks.stopped.length).toBeGreaterThan(0);
    const asked = bench.workshop.server.requests.length;
    await bench.run("--tasks", `0-${fetched - 1}`);
    // Of that file alone.
    expect(bench.workshop.server.requests.length - asked).toBeLessThan(20);
    expect((await bench.finish()).code).toBe(0);
    const finished = await filesInFolder(bench.out);
    for (const [name, content] of files) expect(finished.get(name)).toBe(content);
  });

  test("computes again what was computed of files that have changed since", async () => {
    const single = join(bench.folder, "single.n5");
    bench.workshop.server.script = ({ depth, col }) =>
      depth === 1 && col === 1 ? { html: "<h1>Down</h1>" } : undefined;
    await bench.make("--failed", "fill");
    const [fetched, all] = await bench.counts();
    await bench.run("--tasks", `0-${all - 1}`);
    expect((await bench.finish()).stdout).toMatch(/filled {3}\d+ \(failed\)/);
    bench.workshop.server.script = () => undefined;
    const left = join(bench.folder, "left.json");
    await runCommand("export plan", [bench.plan, "--only-missing", "--repair", "--plan", left]);
    const { only } = JSON.parse(await readFile(left, "utf8")) as { only: [number, number][] };
    const count = only.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(fetched);
    expect((await runCommand("export run", [left, "--tasks", `0-${count - 1}`, "--threads", "0"])).code).toBe(
      0,
    );
    expect((await bench.finish()).code).toBe(0);
    await runCommand("get", [bench.workshop.info, ...taskRegion, "-o", single, "-q"]);
    expect(await filesInFolder(bench.out)).toEqual(await filesInFolder(single));
  });
});

test("verify reads what tasks have logged, and run --repair mends what it finds", async () => {
  await bench.make();
  const [fetched, all] = await bench.counts();
  await bench.run("--tasks", `0-${all - 1}`);
  expect((await runCommand("verify", [bench.out])).stdout).toContain("not complete");
  expect((await bench.finish()).code).toBe(0);
  const whole = await filesInFolder(bench.out);
  expect(await runCommand("verify", [bench.out, "--json"])).toMatchObject({ code: 0, stderr: "" });
  for (const path of ["s0/0/0/0", "s1/0/0/0"]) {
    const bytes = await readFile(join(bench.out, path));
    bytes[bytes.length - 1] = 255 - (bytes.at(-1) ?? 0);
    await writeFile(join(bench.out, path), bytes);
  }
  const found = await runCommand("verify", [bench.out, "--json"]);
  expect(found.code).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({
    damaged: ["s0/0/0/0", "s1/0/0/0"],
    missing: [],
    files: whole.size,
  });
  // A level is not computed of what is damaged.
  const computed = await bench.run("--task", String(fetched), "--repair");
  expect(computed.code).toBe(1);
  expect(sentence(computed)).toContain("s0/0/0/0 has changed since it was stored");
  const asked = bench.workshop.server.requests.length;
  expect((await bench.run("--task", "0", "--repair")).code).toBe(0);
  expect(bench.workshop.server.requests.length - asked).toBeLessThan(20);
  expect((await bench.run("--task", String(fetched), "--repair")).code).toBe(0);
  expect((await bench.finish()).code).toBe(0);
  expect(await filesInFolder(bench.out)).toEqual(whole);
  expect((await runCommand("verify", [bench.out])).code).toBe(0);
});

test("get leaves what tasks make alone, unless it is to be replaced", async () => {
  await bench.make();
  await bench.run("--task", "0");
  const get = (...words: readonly string[]): Promise<CliResult> =>
    runCommand("get", [bench.workshop.info, ...taskRegion, "-o", bench.out, "-q", ...words]);
  for (const words of [[], ["--resume"], ["--repair"]]) {
    const refused = await get(...words);
    expect(refused.code).toBe(2);
    expect(sentence(refused)).toContain("go on with its plan (catmaid-image export run)");
  }
  expect((await get("--overwrite")).code).toBe(0);
  expect((await readdir(join(bench.out, ".catmaid-image"))).sort()).toEqual(["export.json", "units.ndjson"]);
  expect(sentence(await bench.run("--task", "0"))).toContain("was written by one process");
});
