import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { type SampleMirror, sampleStacks } from "../../../src/sample/sample-stack.js";
import type { CliSetup } from "../../support/programs/run-cli.js";
import { runCli } from "../../support/programs/warm-command-line.js";

const mirrors: readonly SampleMirror[] = [
  { key: "file", title: "near", type: 1, format: "png", tileWidth: 64, tileHeight: 48 },
];

// In project space: x 2000 to 3200, y -1200 to -400, z 800 to 1160 nm.
let server: SampleServer;
let url = "";
let folder = "";
beforeAll(async () => {
  server = await startSampleServer({
    stacks: sampleStacks({ dimension: { x: 300, y: 200, z: 9 }, brokenSlices: [5], mirrors }),
  });
  url = `${server.url}1/stack/1/info`;
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

const get = (words: readonly string[], setup: CliSetup = {}) =>
  runCli(["get", url, ...words], { cwd: folder, ...setup });
const tiles = () => server.counts.tiles.get("1/file") ?? 0;

describe("catmaid-image get, a region outside the stack", () => {
  const outside = "the region lies outside the stack, which has";
  it.each([
    [
      ["--roi", "x=2400+40,y=-1000+40,z=960+40"],
      `${outside} x 0 to 300, y 0 to 200, z 0 to 9 in voxels (--space stack): with --space project it would lie inside`,
    ],
    [["--roi", "x=2400:2440,y=-1000:-900,z=960"], "with --space project it would lie inside"],
    [["--roi", "z=960:1000"], "with --space project it would lie inside"],
    [["--roi", "x=3000:9000,z=960:1000"], "with --space project it would lie partly inside"],
    [["--roi", "x=2400+40,y=-1000+40,z=960+40", "--orientation", "xyz"], "with --space project it would"],
    [["--roi", "x=2400+40,y=-1000+40,z=960+40", "--zoom", "1"], "with --space project it would lie inside"],
    [
      ["--roi", "x=10:20,y=10:20,z=3:4", "--space", "project"],
      `${outside} x 2000 to 3200, y -1200 to -400, z 800 to 1160 in nm (--space project): with --space stack it would lie inside`,
    ],
    [
      ["--roi", "x=200:250,z=3", "--space", "scaled", "--zoom", "1"],
      `${outside} x 0 to 150, y 0 to 100, z 0 to 9 in voxels of zoom level 1 (--space scaled): with --space stack it would lie inside`,
    ],
    [["--roi", "x=300:310"], `${outside} x 0 to 300`],
    [["--roi", "z=-1"], `${outside} x 0 to 300`],
    [["--roi", "x=1e9:2e9"], "(--space stack): see what catmaid-image info says of it"],
  ])("is refused for %j, which names the space in which it would lie inside", async (words, message) => {
    const before = tiles();
    for (const more of [["-o", "v.npy"], ["-o", "v.png"], ["--dry-run"], ["-o", "-", "--strict"]]) {
      const { code, stdout, stderr } = await get([...words, ...more]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(message);
      expect(stderr).toMatch(/^catmaid-image: [^\n]+\nSee catmaid-image get --help\n$/);
    }
    expect(tiles()).toBe(before);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is filled where the stack has some of it", async () => {
    const { code, stdout } = await get(["--roi", "x=-10:1,y=0,z=3", "-o", "v.npy"]);
    expect(code).toBe(0);
    expect(stdout).toContain("filled   10 voxels outside the stack");
  });
});

describe("catmaid-image get --strict", () => {
  const roi = ["--roi", "x=0:9,y=0:9,z=5", "--strict"];

  it.each(["above", "below", "closest", "interpolate"])(
    "does not count sections that --broken-slices %s replaced, and says so",
    async (how) => {
      const words = [...roi, "--broken-slices", how, "--overwrite", "-o", "v.npy"];
      const { code, stdout } = await get(words);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^replaced broken section 5 by [46 and]+ \(--broken-slices\); does not count as filled$/m,
      );
      expect(stdout).not.toMatch(/^filled/m);
      const { report } = JSON.parse((await get([...words, "--json"])).stdout) as { report: object };
      expect(report).toMatchObject({ filled: [], outside: 0, replaced: [{ section: 5 }] });
    },
  );

  it("counts what was filled, and says both in its help", async () => {
    const { code, stdout } = await get([...roi, "-o", "v.npy"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^filled {3}1 tile of broken sections \(z 5\)$/m);
    const { stdout: help } = await get(["--help"]);
    expect(help).toMatch(/--strict .*any voxel was filled, .*\n +replaced do not count$/m);
  });
});

describe("catmaid-image get, told nonsense", () => {
  it.each([
    [["--roi", "z=1.5", "-o", "v.npy"], "--roi has z=1.5, which is no voxel"],
    [["--roi", "z=960", "--space", "project", "-o", "v.npy"], "in nanometres it needs a range"],
    [["--roi", "x=1:2;y=3:4", "-o", "v.npy"], "which is not like x=1000:2000"],
    [["--roi", "1000:2000", "-o", "v.npy"], "which is not like x=1000:2000"],
    [["--roi", "z=1", "--roi", "z=2", "-o", "v.npy"], "--roi is given twice"],
    [["--roi", "z=1", "-o", "v.npy", "--output", "w.npy"], "--output is given twice"],
    [["--roi", "z=1", "-o", "v.npy", "--zoom", "0x1"], '--zoom must be a number from 0 to 1000, not "0x1"'],
    [["--roi", "z=1", "-o", "v.png", "--columns", "0"], "--columns must be a number from 1"],
    [["--roi", "z=1", "-o", "v.npy", "--max-memory", "1,5"], "--max-memory must be a number"],
    [["--roi", "z=1", "-o", "v.npy", "--format", "tif"], 'n5 or precomputed, not "tif"'],
    [["--roi", "z=1", "-o", "v.tif", "--format", "npy"], "ends in .tif, and --format says npy"],
    [["--roi", "z=1", "-o", "v.npy", "--format", "raw"], "ends in .npy, and --format says raw"],
    [["-o", "v.npy"], "which region?"],
  ])("says so of %j before it asks the server for anything", async (words, message) => {
    const before = server.counts.api;
    const { code, stdout, stderr } = await get(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^catmaid-image: [^\n]+\nSee catmaid-image get --help\n$/);
    expect(server.counts.api).toBe(before);
    expect(await readdir(folder)).toEqual([]);
  });

  it("keeps its lines short and its JSON whole, whatever the titles", async () => {
    const info = (await (await fetch(url)).json()) as { stitle: string; mirrors: { title: string }[] };
    info.stitle = "T".repeat(100_000);
    for (const mirror of info.mirrors) mirror.title = `\u001b]8;;http://h\u0007\u202e${"M".repeat(100_000)}`;
    const setup = { cwd: folder, stdin: JSON.stringify(info) };
    const words = ["get", "-", "--roi", "x=0,y=0,z=3", "--overwrite", "-o", "v.npy"];
    for (const run of [await runCli(words, setup), await runCli(["info", "-"], setup)]) {
      expect(run.code).toBe(0);
      for (const line of (run.stdout + run.stderr).split("\n")) expect(line.length).toBeLessThan(250);
    }
    const { stdout } = await runCli([...words, "--metadata", "--json"], setup);
    expect(JSON.parse(stdout)).toMatchObject({ stack: { title: info.stitle } });
    expect(JSON.parse(await readFile(join(folder, "v.npy.json"), "utf8"))).toEqual(JSON.parse(stdout));
  });
});
