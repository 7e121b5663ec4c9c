import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleVoxel } from "../../../src/sample/draw-sample.js";
import { startSampleServer } from "../../../src/sample/sample-server.node.js";
import { type CliSetup, redirected, startCli } from "../../support/programs/run-cli.js";
import { sampleForCli, smallStacks } from "../../support/programs/sample-for-cli.js";
import { runCli } from "../../support/programs/warm-command-line.js";
import { isTried } from "../../support/thorough.js";

const sample = sampleForCli();

const roi = ["--roi", "x=7:10,y=8,z=3"];
const voxels = Buffer.of(...[7, 8, 9].map((x) => sampleVoxel(x, 8, 3)));
const get = (words: readonly string[], setup: CliSetup = {}) =>
  runCli(["get", sample.url, ...words], { cwd: sample.folder, ...setup });
const read = (name: string) => readFile(join(sample.folder, name));

describe("catmaid-image, streams that take nothing", () => {
  it.each([
    ["info"],
    ["info", "--json"],
    ["mirrors"],
    ["mirrors", "--json"],
    ["get", ...roi, "--dry-run"],
    ["get", ...roi, "--dry-run", "--json"],
    ["get", ...roi, "--overwrite", "-o", "v.npy"],
    ["get", ...roi, "-o", "-"],
    ["get", "--help"],
  ])("says in a sentence that standard output is full: %s", async (command, ...words) => {
    const { code, stderr } = await runCli([command, sample.url, ...words], {
      cwd: sample.folder,
      ...redirected("> /dev/full"),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/(^|\n)catmaid-image: the disk of "standard output" is full: make room[^\n]*\n$/);
    expect(stderr).not.toMatch(/\n {4}at /);
    if (words.includes("v.npy")) expect((await read("v.npy")).subarray(-3)).toEqual(voxels);
  });

  it("says so too where the disk takes only the half of it", async () => {
    // A block is 1 KiB, and the description of the stack is longer.
    const shell = 'ulimit -f 1; "$0" "$@" > info.json';
    const { code, stderr } = await runCli(["info", sample.url, "--json"], { cwd: sample.folder, shell });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'catmaid-image: "standard output" becomes larger than its disk allows: ask for less, or name a folder elsewhere\n',
    );
  });

  it.each(["2> /dev/full", "2> >(true)", "2>&-", "2> /dev/full > /dev/null"])(
    "keeps the volume and the exit code with %s",
    async (redirect) => {
      const words = [...roi, "--metadata", "--overwrite", "-o", "v.npy"];
      expect((await get(words, redirected(redirect))).code).toBe(0);
      expect((await read("v.npy")).subarray(-3)).toEqual(voxels);
      expect(JSON.parse((await read("v.npy.json")).toString())).toMatchObject({ shape: [1, 1, 3] });
      expect((await get(["--roi", "z=5", "-o", "w.npy", "--strict"], redirected(redirect))).code).toBe(3);
      expect((await get(["--roi", "z=99", "-o", "x.npy"], redirected(redirect))).code).toBe(2);
      expect((await readdir(sample.folder)).sort()).toEqual(["v.npy", "v.npy.json", "w.npy"]);
    },
  );

  it.each([">&-", "| true"])("keeps the exit code with %s", async (redirect) => {
    const place = redirect === "| true" ? 1 : 0;
    const filled = ["--roi", "x=0,y=0,z=5", "--strict", "--overwrite", "-o", "v.npy"];
    for (const more of [[], ["--json"], ["-q"]].filter((_, number) => isTried(2, place, number))) {
      expect(await get([...filled, ...more], redirected(redirect))).toMatchObject({ code: 3, stdout: "" });
    }
    expect((await stat(join(sample.folder, "v.npy"))).size).toBe(129);
    const others = [["info", sample.url, "--json"], ["mirrors", sample.url], ["get", "--help"], ["--help"]];
    for (const words of others.filter((_, number) => isTried(2, place, number))) {
      expect(await runCli(words, redirected(redirect))).toEqual({ code: 0, stdout: "", stderr: "" });
    }
  });
});

describe("catmaid-image get -o -", () => {
  it.each(["-", "/dev/stdout", "/dev/fd/1"])("writes the voxels to standard output: %s", async (output) => {
    for (const redirect of ["> out", "| cat > out"]) {
      const { code, stdout, stderr } = await get([...roi, "-o", output], redirected(redirect));
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toContain("standard output: 1 × 1 × 3 voxels of 40, 4, 4 nm");
      const file = await read("out");
      expect(file.subarray(1, 6).toString()).toBe("NUMPY");
      expect(file.subarray(128)).toEqual(voxels);
      expect(await readdir(sample.folder)).toEqual(["out"]);
    }
  });

  it("writes raw voxels and pictures, and the summary as JSON to standard error", async () => {
    const raw = await get([...roi, "-o", "-", "--format", "raw", "--json"], redirected("> out"));
    expect(raw.code).toBe(0);
    expect(await read("out")).toEqual(voxels);
    expect(JSON.parse(raw.stderr)).toMatchObject({ output: "-", format: "raw", shape: [1, 1, 3] });
    const png = await get([...roi, "-o", "-", "--format", "png", "-q"], redirected("| cat > out"));
    expect(png).toEqual({ code: 0, stdout: "", stderr: "" });
    expect((await read("out")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("writes nothing where the region cannot be had, and no more than memory may take", async () => {
    const words = ["--roi", "z=4:6", "--broken-slices", "throw", "-o", "-", "-q"];
    expect(await get(words)).toMatchObject({ code: 1, stdout: "" });
    const info = (await (await fetch(sample.url)).json()) as { dimension: object };
    info.dimension = { x: 30_000, y: 20_000, z: 9 };
    const { code, stdout, stderr } = await runCli(["get", "-", "--roi", "all", "-o", "-"], {
      stdin: JSON.stringify(info),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /a volume for standard output of 5\.0 GiB would be held in memory, .*--max-memory/,
    );
  });

  it("is no place for a file beside it", async () => {
    const { code, stderr } = await get([...roi, "-o", "-", "--metadata"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--metadata writes a file beside another, and standard output has none");
  });
});

describe("catmaid-image get, files that are there", () => {
  it.each([
    ["v.npy", []],
    ["v.png", []],
    ["v.raw", []],
    ["v.npy.json", ["--metadata"]],
    ["v.raw.json", []],
  ])("replaces %s with --overwrite alone", async (name, more) => {
    await writeFile(join(sample.folder, name), "mine");
    const words = [...roi, ...more, "-o", name.replace(".json", "")];
    const before = sample.server.counts.api;
    const { code, stdout, stderr } = await get(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`"${name}" is there already: replace it with --overwrite, or name another file`);
    expect(sample.server.counts.api).toBe(before);
    expect(await readdir(sample.folder)).toEqual([name]);
    expect((await read(name)).toString()).toBe("mine");
    expect((await get([...words, "--overwrite"])).code).toBe(0);
    expect((await read(name)).toString()).not.toBe("mine");
  });

  it.each(["v.npy", "v.npy.json"])("keeps %s where it is write-protected", async (name) => {
    await writeFile(join(sample.folder, name), "mine");
    await chmod(join(sample.folder, name), 0o444);
    await symlink(name, join(sample.folder, "link.npy"));
    const before = sample.server.counts.api;
    for (const output of ["v.npy", ...(name === "v.npy" ? ["link.npy"] : [])]) {
      const words = [...roi, "--metadata", "--overwrite", "-o", output];
      expect(await get(words)).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("is write-protected"),
      });
    }
    expect(sample.server.counts.api).toBe(before);
    expect(await readdir(sample.folder)).toEqual(["link.npy", name]);
    expect((await read(name)).toString()).toBe("mine");
  });

  it("follows a link to a file that is there as it does a file", async () => {
    await writeFile(join(sample.folder, "real.npy"), "mine");
    await symlink("real.npy", join(sample.folder, "v.npy"));
    expect((await get([...roi, "-o", "v.npy"])).code).toBe(2);
    expect((await read("real.npy")).toString()).toBe("mine");
    expect((await get([...roi, "-o", "v.npy", "--overwrite"])).code).toBe(0);
    expect((await lstat(join(sample.folder, "v.npy"))).isSymbolicLink()).toBe(true);
    expect((await read("real.npy")).subarray(-3)).toEqual(voxels);
  });

  it("lets one of two runs have the name, with the JSON that belongs to it", async () => {
    const run = (x: number) => {
      const words = ["get", sample.url, "--roi", `x=${x}:300,y=0:200,z=3`, "-q", "-o", "v.raw"];
      return startCli(words, { cwd: sample.folder }).result;
    };
    const runs = await Promise.all([run(0), run(100), run(200)]);
    const { shape } = JSON.parse((await read("v.raw.json")).toString()) as { shape: number[] };
    expect((await read("v.raw")).length).toBe((shape[1] ?? 0) * (shape[2] ?? 0));
    expect(runs.filter(({ code }) => code === 0)).toHaveLength(1);
    for (const { code, stderr } of runs) if (code !== 0) expect(stderr).toContain("is there already");
    expect(await readdir(sample.folder)).toEqual(["v.raw", "v.raw.json"]);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "leaves nothing behind on %s, however often",
    async (signal) => {
      const slow = await startSampleServer({ stacks: smallStacks, delayMs: 3_600_000 });
      const words = ["get", `${slow.url}1/stack/1/info`, "--roi", "all", "-o", "v.npy", "--metadata"];
      const run = startCli(words, { cwd: sample.folder });
      await expect.poll(() => slow.counts.tiles.get("1/file") ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
      expect(await readdir(sample.folder)).toHaveLength(2);
      for (let times = 0; times < 3; times++) run.process.kill(signal);
      expect((await run.result).code).toBe(130);
      await slow.close();
      expect(await readdir(sample.folder)).toEqual([]);
    },
  );
});
