import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { lsfScript } from "../../../src/cli/commands/export/script/lsf.js";
import { pbsScript } from "../../../src/cli/commands/export/script/pbs.js";
import { sgeScript } from "../../../src/cli/commands/export/script/sge.js";
import { slurmScript } from "../../../src/cli/commands/export/script/slurm.js";
import type { Submission } from "../../../src/cli/commands/export/script/submission.js";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { type SampleMirror, sampleStacks } from "../../../src/sample/sample-stack.js";
import { type ShellEngineName, submitToFake } from "../../support/exports/fake-schedulers.js";
import { runCli } from "../../support/programs/warm-command-line.js";
import { filesInFolder } from "../../support/readers/files-in-folder.js";

const mirrors: readonly SampleMirror[] = [
  { key: "file", title: "near", type: 1, format: "png", tileWidth: 64, tileHeight: 48 },
];
const stacks = sampleStacks({ dimension: { x: 200, y: 150, z: 8 }, mirrors, brokenSlices: [5] });
const layout = ["--chunk", "4,64,64", "--levels", "3"];

let server: SampleServer;
let folder = "";
/** What a single get makes of it. */
let single: ReadonlyMap<string, string>;
beforeAll(async () => {
  server = await startSampleServer({ stacks });
  folder = await newFolder();
  const run = await cli("get", info(), "--roi", "all", ...layout, "-o", "single.ome.zarr");
  expect(run).toMatchObject({ code: 0 });
  single = await filesInFolder(join(folder, "single.ome.zarr"));
  await rm(folder, { recursive: true });
});
afterAll(() => server.close());
/** Each test of a group has a folder of its own. */
function inNewFolder(): void {
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));
}

/** A folder whose name a shell would take apart. */
const newFolder = () => mkdtemp(join(tmpdir(), "catmaid image 'scripts' $x "));

const cli = (...words: readonly string[]) => runCli(words, { cwd: folder });
const info = () => `${server.url}1/stack/1/info`;
const plan = (...words: readonly string[]) =>
  cli("export", "plan", info(), "--roi", "all", ...layout, "--tasks", "8", "--concurrent", "3", ...words);

async function script(engine: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli("export", "script", "plan.json", "--engine", engine, ...words);
  expect([code, stderr]).toEqual([0, ""]);
  expect(spawnSync("bash", ["-n"], { input: stdout }).status).toBe(0);
  return stdout;
}

describe.each<[ShellEngineName, string]>([
  ["slurm", "0-3"],
  ["lsf", "1-4"],
  ["pbs", "0-3"],
  ["sge", "1-4"],
])("the script for %s", (engine, range) => {
  inNewFolder();

  it("submits what becomes the dataset of a single get, in any folder", async () => {
    expect(await plan("-o", "tasks.ome.zarr", "--plan", "plan.json")).toMatchObject({ code: 0 });
    const text = await script(
      engine,
      "--elements",
      "4",
      "--time",
      "2:30",
      "--memory",
      "3GiB",
      "--cpus",
      "2",
      "--queue",
      "short",
    );
    const { code, output, jobs } = await submitToFake(engine, text, join(folder, "engine"));
    expect([code, output]).toEqual([0, expect.stringContaining("submitted")]);
    // More tasks than elements, levels that are one task, and what completes it.
    expect(jobs.map((job) => [job.range?.split("%")[0], job.most])).toEqual([
      [range, 3],
      [expect.stringMatching(/^[01]-\d$/), 3],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(jobs.map(({ after }) => after)).toEqual([
      undefined,
      ...jobs.slice(0, -1).map(({ id }) => `${id}`),
    ]);
    expect(jobs.flatMap(({ runs }) => runs).filter(({ status }) => status !== 0)).toEqual([]);
    expect(jobs[0]?.words.join(" ")).toMatch(/short/);
    expect(jobs[0]?.words.join(" ")).toMatch(/150|02:30:00/);
    expect(jobs[0]?.words.join(" ")).toMatch(/3072(M|mb)/);
    expect(single.size).toBeGreaterThan(10);
    expect(await filesInFolder(join(folder, "tasks.ome.zarr"))).toEqual(single);
  });
});

describe("the script of a plan of some tasks", () => {
  inNewFolder();

  test("submits these", async () => {
    await plan("-o", "tasks.ome.zarr", "--plan", "whole.json");
    for (const tasks of ["0-1", "3-3"]) {
      expect(await cli("export", "run", "whole.json", "--tasks", tasks, "-q")).toMatchObject({ code: 0 });
    }
    expect(await cli("export", "plan", "whole.json", "--only-missing", "--plan", "plan.json")).toMatchObject({
      code: 0,
    });
    const { jobs } = await submitToFake("lsf", await script("lsf"), join(folder, "engine"));
    const done = jobs.flatMap(({ runs }) => runs).map(({ output }) => /task (\d+) of/.exec(output)?.[1]);
    const { stdout } = await cli("export", "status", "whole.json", "--json");
    const status = JSON.parse(stdout) as { complete: boolean; stages: { tasks: number }[] };
    const count = status.stages.reduce((sum, { tasks }) => sum + tasks, 0);
    const left = Array.from({ length: count }, (_, task) => `${task}`).filter(
      (task) => !["0", "1", "3"].includes(task),
    );
    expect(done).toEqual([...left, undefined]);
    expect(status.complete).toBe(true);
  });
});

describe("a job that ends with", () => {
  inNewFolder();
  const engines = { slurm: slurmScript, lsf: lsfScript, pbs: pbsScript, sge: sgeScript };
  const names = Object.keys(engines) as ShellEngineName[];

  /** Submits two jobs, of which the first is a program that ends with these codes, one run after the other. */
  async function submitted(engine: ShellEngineName, codes: readonly number[]) {
    const place = join(folder, "engine");
    await mkdir(join(place, "bin"), { recursive: true });
    const program = join(place, "bin", "program");
    await writeFile(
      program,
      `#!/bin/bash\necho >>"$HOME/runs"\ncodes=(${codes.join(" ")})\nrun=$(wc -l <"$HOME/runs")\nexit "\${codes[run - 1]:-${codes[codes.length - 1]}}"\n`,
    );
    // PBS waits for minutes between two tries.
    await writeFile(join(place, "bin", "sleep"), '#!/bin/bash\necho "$1" >>"$HOME/waits"\n');
    for (const name of [program, join(place, "bin", "sleep")]) await chmod(name, 0o755);
    const submission: Submission = {
      plan: "/plan.json",
      logs: join(place, "logs"),
      command: [],
      jobs: [
        { name: "first", parts: 1, tasks: 1, words: [program] },
        { name: "second", parts: 1, tasks: 1, words: ["true"] },
      ],
      concurrent: 1,
      minutes: 60,
      memoryMiB: 1024,
      cpus: 1,
      queue: undefined,
    };
    const { jobs } = await submitToFake(engine, engines[engine](submission), place);
    const runs = (await readFile(join(place, "runs"), "utf8")).length;
    return { runs, ends: jobs.map((job) => job.codes[0]), place };
  }

  it.each(names)("75 is tried again, by %s", async (engine) => {
    expect(await submitted(engine, [75, 75, 0])).toMatchObject({ runs: 3, ends: [0, 0] });
  });

  it.each(names)("75 for ever is given up, by %s, and what waits for it is not begun", async (engine) => {
    const { runs, ends } = await submitted(engine, [75]);
    expect(runs).toBe(6);
    expect(ends[0]).not.toBe(0);
    expect(ends[1]).toBe(-1);
  });

  it.each(names)("1 is not, by %s, and what waits for it is not begun", async (engine) => {
    const { runs, ends } = await submitted(engine, [1]);
    expect(runs).toBe(1);
    expect(ends[0]).not.toBe(0);
    expect(ends[1]).toBe(-1);
  });

  test("75 waits longer each time in PBS, which does not put it back into the queue", async () => {
    const { place } = await submitted("pbs", [75]);
    expect(await readFile(join(place, "waits"), "utf8")).toBe("60\n120\n180\n240\n300\n");
  });
});

/** The JSON documents of a script. */
function documents(text: string): Record<string, unknown>[] {
  return [...text.matchAll(/^(?:run <<'END'\n| {2}--cli-input-json ')(\{\n[\s\S]*?\n\})/gm)].map(
    // A quote in a path leaves the quotes of the shell, and comes back.
    ([, json = ""]) => JSON.parse(json.replaceAll("'\\''", "'")) as Record<string, unknown>,
  );
}

describe("the script for", () => {
  beforeAll(async () => {
    folder = await newFolder();
    await plan("-o", "v.ome.zarr", "--plan", "plan.json");
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("kubernetes makes Indexed Jobs, which try again what ended with 75, and not what is hopeless", async () => {
    const jobs = documents(
      await script("kubernetes", "--image", "example.org/image", "--claim", "em", "--time", "1:00"),
    );
    expect(jobs.map(({ metadata }) => metadata)).toEqual(
      ["level-0", "level-1", "level-2", "finish"].map((name) => ({ generateName: `catmaid-image-${name}-` })),
    );
    expect(jobs[0]).toMatchObject({
      apiVersion: "batch/v1",
      kind: "Job",
      spec: {
        completionMode: "Indexed",
        parallelism: 3,
        backoffLimitPerIndex: 5,
        podFailurePolicy: {
          rules: [
            { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
            {
              action: "FailIndex",
              onExitCodes: { containerName: "catmaid-image", operator: "In", values: [1, 2] },
            },
          ],
        },
        template: {
          spec: {
            restartPolicy: "Never",
            activeDeadlineSeconds: 3600,
            containers: [
              {
                image: "example.org/image",
                command: expect.arrayContaining([
                  "catmaid-image",
                  "run",
                  join(folder, "plan.json"),
                  "--parts",
                ]),
                envFrom: [{ secretRef: { name: "catmaid-image", optional: true } }],
                resources: { requests: { cpu: "1", memory: "2048Mi" } },
                volumeMounts: [{ mountPath: folder }],
              },
            ],
            volumes: [{ persistentVolumeClaim: { claimName: "em" } }],
          },
        },
      },
    });
  });

  test("aws-batch has as many elements as run at once, and tries again what ended with 75", async () => {
    const text = await script("aws-batch", "--queue", "q", "--job-definition", "d", "--memory", "2GiB");
    const jobs = documents(text);
    expect(jobs.map(({ jobName, arrayProperties }) => [jobName, arrayProperties])).toEqual([
      ["catmaid-image-level-0", { size: 3 }],
      ["catmaid-image-level-1", { size: 2 }],
      ["catmaid-image-level-2", undefined],
      ["catmaid-image-finish", undefined],
    ]);
    expect(jobs[0]).toMatchObject({
      jobQueue: "q",
      jobDefinition: "d",
      retryStrategy: {
        attempts: 6,
        evaluateOnExit: expect.arrayContaining([{ onExitCode: "75", action: "RETRY" }]),
      },
      containerOverrides: {
        resourceRequirements: [
          { type: "VCPU", value: "1" },
          { type: "MEMORY", value: "2048" },
        ],
      },
    });
    expect(text.match(/--depends-on "jobId=\$job"/g)).toHaveLength(4);
  });

  test.each(["slurm", "lsf", "pbs", "sge"])("%s holds no credentials", async (engine) => {
    const { stdout } = await runCli(["export", "script", "plan.json", "--engine", engine], {
      cwd: folder,
      env: { CATMAID_TOKEN: "s3cret", CATMAID_MIRROR_PASSWORD: "s3cret", CATMAID_MIRROR_USER: "me" },
    });
    expect(stdout).toContain("#!/bin/bash");
    expect(stdout).not.toContain("s3cret");
  });

  test("slurm says if it is for one task at a time", async () => {
    const { code, stderr } = await cli(
      "export",
      "script",
      "plan.json",
      "--engine",
      "slurm",
      "--concurrent",
      "1",
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining("one task at a time")]);
  });

  it.each([
    [[], /which scheduler/],
    [["--engine", "cron"], /--engine must be slurm, lsf, pbs, sge, kubernetes or aws-batch/],
    [["--engine", "kubernetes", "--claim", "em"], /needs --image\n/],
    [["--engine", "aws-batch", "--job-definition", "d"], /needs --queue/],
    [["--engine", "slurm", "--image", "x"], /--image is for --engine kubernetes/],
    [["--engine", "slurm", "--time", "4"], /--time must be hours and minutes/],
    [["--engine", "slurm", "--memory", "much"], /--memory must be like/],
    [["--engine", "slurm", "--concurrent", "33"], /33 tasks at once make as many requests at least/],
  ])("%j is refused in a sentence", async (words, message) => {
    const { code, stdout, stderr } = await cli("export", "script", "plan.json", ...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});

describe("the part of an array's element", () => {
  inNewFolder();

  test("is found by its index, and all parts are all tasks", async () => {
    await plan("-o", "v.ome.zarr", "--plan", "plan.json");
    const run = (env: Record<string, string>, ...words: string[]) =>
      runCli(["export", "run", "plan.json", ...words], { cwd: folder, env });
    const done: string[] = [];
    for (const index of ["1", "2", "3"]) {
      const { code, stdout } = await run({ LSB_JOBINDEX: index }, "--tasks", "1-7", "--parts", "3");
      expect(code).toBe(0);
      done.push(...[...stdout.matchAll(/^task (\d+) of/gm)].map(([, task = ""]) => task), "|");
    }
    expect(done.join(" ")).toBe("1 2 | 3 4 | 5 6 7 |");
    const refused = async (message: RegExp, env: Record<string, string>, ...words: string[]) => {
      const { code, stderr } = await run(env, ...words);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    };
    await refused(
      /SLURM_ARRAY_TASK_ID=3 is beyond the 3 parts/,
      { SLURM_ARRAY_TASK_ID: "3" },
      "--tasks",
      "1-7",
      "--parts",
      "3",
    );
    await refused(/elements of an array job/, { SGE_TASK_ID: "undefined" }, "--tasks", "1-7", "--parts", "3");
    await refused(
      /--parts 8 are more than the 7 tasks/,
      { PBS_ARRAYID: "0" },
      "--tasks",
      "1-7",
      "--parts",
      "8",
    );
    await refused(/--parts needs --tasks/, { PBS_ARRAYID: "0" }, "--parts", "8");
  });
});
