import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startSampleServer } from "../../../src/sample/sample-server.node.js";
import { runDebianPython } from "../../support/programs/debian-python.js";
import { startCli } from "../../support/programs/run-cli.js";
import { sampleForCli, smallStacks } from "../../support/programs/sample-for-cli.js";
import { runCli } from "../../support/programs/warm-command-line.js";
import { readByZarrita } from "../../support/readers/read-by-zarrita.js";

const sample = sampleForCli();

const region = ["--roi", "x=4:205,y=8:107,z=0:7"];
const get = (...words: readonly string[]) =>
  runCli(["get", sample.url, ...region, ...words], { cwd: sample.folder });
const verify = (...words: readonly string[]) => runCli(["verify", ...words], { cwd: sample.folder });

/** What readers of Debian's find. */
function read(...names: readonly string[]): Record<string, object> {
  const modules = {
    zarr: "python3-zarr",
    h5py: "python3-h5py",
    tifffile: "python3-tifffile",
    PIL: "python3-pil",
  };
  const paths = names.map((name) => join(sample.folder, name));
  return JSON.parse(runDebianPython(modules, ["test/support/readers/read_exports.py", ...paths])) as Record<
    string,
    object
  >;
}

/** All files below a folder, by path. */
async function files(name: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const root = join(sample.folder, name);
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) found.set(path.slice(root.length + 1), new Uint8Array(await readFile(path)));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("catmaid-image get, formats", () => {
  it.each([
    ["v.h5", []],
    ["w.h5", ["--compression", "gzip", "--chunk", "4,32,50"]],
    ["v.tif", []],
    ["v.nrrd", []],
    ["v.zarr", ["--format", "ome-zarr-0.4", "--chunk", "4,32,50", "--levels", "2"]],
    ["v.n5", ["--chunk", "4,32,50"]],
    ["v.precomputed", ["--compression", "none"]],
    ["v", ["--format", "precomputed"]],
    ["sections/", ["--format", "png"]],
    ["v.zip", ["--format", "ome-zarr-0.4"]],
  ])("writes %s, which its readers read", async (output, words) => {
    expect((await get("-o", "v.npy")).code).toBe(0);
    expect(await get(...words, "-o", output)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("7 × 99 × 201"),
    });
    const name = output.replace("/", "");
    const readable = name === "v" ? "renamed.precomputed" : name;
    if (name === "v") await cp(join(sample.folder, "v"), join(sample.folder, readable), { recursive: true });
    const found = read("v.npy", readable);
    expect(found[readable]).toEqual(found["v.npy"]);
    expect(found["v.npy"]).toMatchObject({ shape: [7, 99, 201], dtype: "uint8" });
  });

  it.each([["v.ome.zarr"], ["v.zarr"]])("writes %s as OME-Zarr 0.5, in shards", async (output) => {
    expect((await get("-o", "v.npy")).code).toBe(0);
    const words = ["--chunk", "4,32,50", "--shard", "4,64,100"];
    for (const compression of ["none", "gzip", "zstd", "blosc"]) {
      const run = await get(...words, "--compression", compression, "--overwrite", "-o", output);
      expect(run).toMatchObject({ code: 0 });
      const array = await readByZarrita(await files(output), "0", "v3");
      expect(array).toMatchObject({
        shape: [7, 99, 201],
        chunks: [4, 32, 50],
        dimensionNames: ["z", "y", "x"],
      });
      expect(Buffer.from(array.data as Uint8Array)).toEqual(
        (await readFile(join(sample.folder, "v.npy"))).subarray(128),
      );
    }
  });

  it("puts OME-Zarr 0.5 into a .zip, the same in two runs, and leaves nothing else", async () => {
    expect((await get("-o", "a.zip")).code).toBe(0);
    expect((await get("-o", "b.zip")).code).toBe(0);
    const [first, second] = [
      await readFile(join(sample.folder, "a.zip")),
      await readFile(join(sample.folder, "b.zip")),
    ];
    expect(first.equals(second)).toBe(true);
    expect(first.includes("0/zarr.json")).toBe(true);
    expect(await readdir(sample.folder)).toEqual(["a.zip", "b.zip"]);
  });

  it("takes levels from the server, with the voxels that get has there", async () => {
    expect((await get("--levels", "server", "-o", "v.ome.zarr")).code).toBe(0);
    const exported = await files("v.ome.zarr");
    const { attributes } = JSON.parse(new TextDecoder().decode(exported.get("zarr.json"))) as {
      attributes: { ome: { multiscales: [{ datasets: { coordinateTransformations: unknown }[] }] } };
    };
    const { datasets } = attributes.ome.multiscales[0];
    // The region begins with a whole voxel of the zoom levels 1 and 2.
    expect(datasets).toHaveLength(3);
    for (const zoom of [1, 2]) {
      const [x, y, f] = [4 / 2 ** zoom, 8 / 2 ** zoom, 2 ** zoom];
      const roi = `x=${x}:${Math.ceil(205 / f)},y=${y}:${Math.ceil(107 / f)},z=0:7`;
      const words = [
        "get",
        sample.url,
        "--space",
        "scaled",
        "--zoom",
        `${zoom}`,
        "--roi",
        roi,
        "-o",
        `${zoom}.npy`,
      ];
      expect((await runCli(words, { cwd: sample.folder })).code).toBe(0);
      const array = await readByZarrita(exported, `${zoom}`, "v3");
      expect(Buffer.from(array.data as Uint8Array)).toEqual(
        (await readFile(join(sample.folder, `${zoom}.npy`))).subarray(128),
      );
    }
  });

  it("says in a sentence which zoom levels begin elsewhere", async () => {
    const words = [
      "get",
      sample.url,
      "--roi",
      "x=2:205,y=8:107,z=0:7",
      "--levels",
      "server",
      "-o",
      "v.ome.zarr",
    ];
    const { code, stderr } = await runCli(words, { cwd: sample.folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /warning: from zoom level 2 on the levels are left out: the region begins at x = 2, within one of their voxels: begin at a multiple of 4, or have levels computed \(--levels N\)\n$/,
    );
    expect([...(await files("v.ome.zarr")).keys()].filter((path) => path.endsWith("zarr.json"))).toEqual([
      "0/zarr.json",
      "1/zarr.json",
      "zarr.json",
    ]);
  });
});

describe("catmaid-image get, stopped and gone on with", () => {
  const words = ["--format", "ome-zarr", "--chunk", "2,32,32", "--levels", "2", "--threads", "1"];

  it.each(["v.ome.zarr", "v.zip"])(
    "goes on with %s after SIGKILL, and the result is the same",
    async (output) => {
      const slow = await startSampleServer({ stacks: smallStacks, delayMs: 20 });
      const slowUrl = `${slow.url}1/stack/1/info`;
      const parts = output === "v.zip" ? `${output}.parts` : output;
      const command = ["get", slowUrl, "--roi", "all", ...words];
      expect((await runCli([...command, "-o", `whole-${output}`], { cwd: sample.folder })).code).toBe(0);
      const run = startCli([...command, "--max-memory", "1", "-o", output], { cwd: sample.folder });
      const log = join(sample.folder, parts, ".catmaid-image");
      await expect.poll(async () => (await filesOrNone(log)).length, { timeout: 30_000 }).toBeGreaterThan(2);
      run.process.kill("SIGKILL");
      expect((await run.result).code).toBe(null);
      expect((await readdir(join(sample.folder, parts))).includes("zarr.json")).toBe(false);
      const before = slow.counts.tiles.get("1/file") ?? 0;
      expect(await runCli([...command, "-o", output], { cwd: sample.folder })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/not complete: go on with it \(--resume\), replace it \(--overwrite\)/),
      });
      expect(slow.counts.tiles.get("1/file")).toBe(before);
      const resumed = await runCli([...command, "-o", output, "--resume"], { cwd: sample.folder });
      expect(resumed).toMatchObject({ code: 0 });
      if (output === "v.zip") {
        expect(await readFile(join(sample.folder, output))).toEqual(
          await readFile(join(sample.folder, `whole-${output}`)),
        );
      } else expect(await files(output)).toEqual(await files(`whole-${output}`));
      expect((await readdir(sample.folder)).filter((name) => /parts|partial/.test(name))).toEqual([]);
      await slow.close();
    },
  );

  it("stops on Ctrl-C, and prints the line that goes on", async () => {
    const slow = await startSampleServer({ stacks: smallStacks, delayMs: 20 });
    const command = ["get", `${slow.url}1/stack/1/info`, "--roi", "all", ...words, "-o", "it's mine/"];
    const run = startCli([...command, "--mirror", "fastest", "--header", "X-Key: secret"], {
      cwd: sample.folder,
    });
    await expect
      .poll(async () => (await filesOrNone(join(sample.folder, "it's mine", ".catmaid-image"))).length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(2);
    run.process.kill("SIGINT");
    const { code, stderr } = await run.result;
    expect(code).toBe(130);
    const line = /to go on with it:\n {2}catmaid-image (.*)\ncatmaid-image: interrupted\n$/.exec(stderr)?.[1];
    expect(line).toContain("--header …");
    // The fastest may be another when the export goes on.
    expect(line).toContain("--mirror 0 ");
    expect(stderr).not.toContain("secret");
    const shell = `"$0" "$1" ${line?.replace("--header …", "")}`;
    const resumed = await runCli([], { cwd: sample.folder, shell });
    expect(resumed).toMatchObject({ code: 0, stderr: expect.not.stringContaining("warning") });
    const check = /^check {4}catmaid-image (verify .*)$/m.exec(resumed.stdout)?.[1];
    expect(await runCli([], { cwd: sample.folder, shell: `"$0" "$1" ${check}` })).toMatchObject({ code: 0 });
    expect((await runCli([], { cwd: sample.folder, shell })).code).toBe(0);
    await slow.close();
  });

  it("prints that line too where the server goes away", async () => {
    const slow = await startSampleServer({ stacks: smallStacks, delayMs: 20 });
    const command = ["get", `${slow.url}1/stack/1/info`, "--roi", "all", ...words, "--attempts", "1"];
    const run = startCli([...command, "-o", "v.ome.zarr"], { cwd: sample.folder });
    await expect
      .poll(async () => (await filesOrNone(join(sample.folder, "v.ome.zarr", ".catmaid-image"))).length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(2);
    await slow.close();
    const { code, stderr } = await run.result;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /to go on with it:\n {2}catmaid-image get .* -o v\.ome\.zarr --resume\ncatmaid-image: .+\n$/,
    );
  });

  it("goes on from another mirror, and warns that its voxels may differ", async () => {
    const info = (await (await fetch(sample.url)).json()) as { mirrors: object[] };
    const [mirror] = info.mirrors;
    const mirrors = [mirror, { ...mirror, id: 2, position: 1, title: "far" }];
    await writeFile(join(sample.folder, "two.json"), JSON.stringify({ ...info, mirrors }));
    const from = (...more: readonly string[]) =>
      runCli(["get", "two.json", ...region, "-o", "v.n5", "--mirror", ...more], { cwd: sample.folder });
    expect(await from("0")).toMatchObject({ code: 0, stderr: expect.not.stringContaining("warning") });
    expect((await from("0", "--resume")).stderr).not.toContain("warning");
    expect((await from("far", "--resume", "-q")).stderr).toBe("");
    expect((await from("far", "--repair")).stderr).toContain(
      'warning: "v.n5" was begun from mirror 0 (near), and this run fetches from mirror 1 (far), whose voxels may differ: ' +
        "--mirror 0 goes on with that mirror\n",
    );
    expect((await from("near", "--repair")).stderr).not.toContain("warning");
  });

  it("refuses other parameters by name, and replaces an export with --overwrite alone", async () => {
    expect((await get("--chunk", "4,32,50", "-o", "v.n5")).code).toBe(0);
    const whole = await files("v.n5");
    const other = await get("--chunk", "4,32,32", "-o", "v.n5", "--resume");
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/holds an export of --chunk \[4,32,50\], not \[4,32,32\].*--overwrite/);
    for (const [option, value, was] of [
      ["--broken-slices", "closest", '(default), not "closest"'],
      ["--channel", "0", "(default), not 0"],
    ] as const) {
      const chosen = await get("--chunk", "4,32,50", "-o", "v.n5", "--resume", option, value);
      expect(chosen).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`an export of ${option} ${was}: `),
      });
    }
    expect((await get("--chunk", "4,32,50", "-o", "v.n5")).code).toBe(2);
    expect(await files("v.n5")).toEqual(whole);
    expect((await get("--chunk", "4,32,32", "-o", "v.n5", "--overwrite")).code).toBe(0);
    expect(await verify("v.n5")).toMatchObject({ code: 0 });
  });

  it("leaves a folder alone that is not of an export, and says what is in the way of one", async () => {
    await mkdir(join(sample.folder, "mine"));
    await writeFile(join(sample.folder, "mine", "notes.txt"), "mine");
    await writeFile(join(sample.folder, "file"), "mine");
    for (const more of [[], ["--overwrite"], ["--resume"]]) {
      const { code, stderr } = await get("--format", "n5", "-o", "mine/", ...more);
      expect({ code }).toEqual({ code: 2 });
      expect(stderr).toContain('holds "notes.txt", and no export that could be resumed');
      expect((await get("--format", "n5", "-o", "file", ...more)).stderr).toContain(
        "is a file, and an export",
      );
    }
    expect((await readFile(join(sample.folder, "mine", "notes.txt"))).toString()).toBe("mine");
    expect((await readFile(join(sample.folder, "file"))).toString()).toBe("mine");
  });

  it.each([
    [["-o", "v.npy", "--chunk", "1,2,3"], "--chunk is for hdf5, ome-zarr, ome-zarr-0.4, n5, precomputed"],
    [["-o", "v.n5", "--shard", "1,2,3"], "--shard is for ome-zarr, precomputed"],
    [["-o", "v.tif", "--levels", "2"], "--levels is for"],
    [["-o", "v.h5", "--compression", "zstd"], "hdf5 is written with --compression none or gzip, not zstd"],
    [["-o", "v.n5", "--compression", "lzma"], "--compression must be none, gzip, zstd or blosc"],
    [["-o", "v.n5", "--chunk", "64,64"], "--chunk must be three whole numbers above 0"],
    [["-o", "v.n5", "--chunk", "64,0,64"], "--chunk must be three whole numbers above 0"],
    [
      ["-o", "v.zarr", "--chunk", "2,2,2", "--shard", "3,2,2"],
      "--shard 3 × 2 × 2 is no multiple of --chunk 2 × 2 × 2",
    ],
    [["-o", "v.n5", "--levels", "0"], "--levels must be a number from 1 to 64"],
    [["-o", "v.n5", "--fill", "x"], '--fill must be a number, not "x"'],
    [["-o", "v.n5", "--fill", "1e999"], '--fill must be a number, not "1e999"'],
    [["-o", "v.n5", "--resume", "--overwrite"], "--resume and --overwrite are at odds"],
    [["-o", "v.h5", "--resume"], "--resume goes on with what is many files"],
    [["-o", "v.n5", "--metadata"], "a folder has it inside: leave it out"],
    [["-o", "s/", "--format", "png", "--slice", "3"], "--slice and --columns are for .png files"],
    [["-o", "-", "--format", "n5"], "n5 is many files, and standard output is one"],
    [["-o", "v.zip", "--format", "tiff"], "tiff is a file of its own, and not put into a .zip"],
    [["-o", "v.n5", "--format", "ome-zarr"], "ends in .n5, and --format says ome-zarr"],
    [["-o", "folder/"], "which is it to be? Say so with --format"],
    [["-o", "v.mrc"], ".mrc files are not written"],
  ])("refuses %j before it asks the server for anything", async (words, message) => {
    const before = sample.server.counts.api;
    const { code, stdout, stderr } = await get(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(sample.server.counts.api).toBe(before);
    expect(await readdir(sample.folder)).toEqual([]);
  });

  it("says of a format that it does not hold the voxels, or not where they are", async () => {
    const labels = (...more: readonly string[]) =>
      runCli(["get", `${sample.server.url}1/stack/4/info`, ...region, ...more], { cwd: sample.folder });
    expect((await labels("-o", "v.tif")).stderr).toMatch(
      /ImageJ does not show uint64 voxels exactly: take another format\n$/,
    );
    expect((await labels("-o", "v/", "--format", "png")).stderr).toContain(
      "uint8 or uint16 voxels, not uint64",
    );
    const between = await runCli(
      ["get", sample.url, "--roi", "x=1:50,y=0:9,z=0:2", "--levels", "2", "-o", "v.precomputed"],
      { cwd: sample.folder },
    );
    expect(between).toMatchObject({ code: 2, stderr: expect.stringContaining("voxel 250.5 of level 1") });
    expect(between.stderr).not.toContain("offset:");
  });
});

describe("catmaid-image verify", () => {
  it("reads an export again: what is missing, damaged and filled; --repair mends it", async () => {
    const words = ["--chunk", "2,32,64", "--compression", "none", "-o", "v.n5"];
    expect((await get(...words)).code).toBe(0);
    const whole = await files("v.n5");
    const good = await verify("v.n5");
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(good.stdout).toMatch(
      /^v\.n5: n5, \d+ files, .*: all is there\nfilled {3}s0\/0\/0\/2 \(broken-slice\)\n/,
    );
    expect((await verify("v.n5", "--strict", "-q")).code).toBe(3);
    // A run that has nothing left to fetch knows of what was filled before.
    const again = await get(...words, "--resume", "--strict");
    expect(again).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(
        /tiles {4}0 fetched[\s\S]*\nbefore {3}filled voxels in \d+ files of an earlier run$/m,
      ),
    });
    const damaged = join(sample.folder, "v.n5", "s0", "0", "0", "0");
    const bytes = await readFile(damaged);
    bytes[bytes.length - 1] = 255 - (bytes.at(-1) ?? 0);
    await writeFile(damaged, bytes);
    await truncate(join(sample.folder, "v.n5", "s0", "1", "0", "0"), 20);
    await rm(join(sample.folder, "v.n5", "s0", "2", "0", "0"));
    const bad = await verify("v.n5");
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain(
      "not what was stored\nmissing  s0/2/0/0\ndamaged  s0/0/0/0\ndamaged  s0/1/0/0\nfilled",
    );
    const json = await verify("v.n5", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      isWhole: false,
      complete: true,
      missing: ["s0/2/0/0"],
      damaged: ["s0/0/0/0", "s0/1/0/0"],
      parameters: { format: "n5", chunkShape: [2, 32, 64] },
    });
    expect((await get(...words, "--repair")).code).toBe(0);
    expect((await verify("v.n5")).code).toBe(0);
    expect(await files("v.n5")).toEqual(whole);
  });

  it("reads a .zip again as it is, and says what of it is damaged", async () => {
    expect(
      (await get("-o", "v.zip", "--format", "n5", "--chunk", "2,32,64", "--compression", "none")).code,
    ).toBe(0);
    const good = await verify("v.zip");
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(good.stdout).toMatch(
      /^v\.zip: n5, \d+ files, .*: all is there\nfilled {3}s0\/0\/0\/2 \(broken-slice\)\n/,
    );
    const bytes = await readFile(join(sample.folder, "v.zip"));
    // In the archive a block follows its name, and begins with zeros; in the log it is a string.
    const at = bytes.indexOf("s0/0/0/0\0") + 40;
    bytes[at] = 255 - (bytes[at] ?? 0);
    await writeFile(join(sample.folder, "damaged.zip"), bytes);
    const bad = await verify("damaged.zip");
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain("not what was stored\ndamaged  s0/0/0/0\nfilled");
    await writeFile(join(sample.folder, "cut.zip"), bytes.subarray(0, -9));
    expect(await verify("cut.zip")).toMatchObject({ code: 2, stderr: expect.stringContaining("is cut off") });
  });

  it.each([
    [["none"], 'there is nothing at "none"'],
    [[], "verify what?"],
    [["a", "b"], 'what is "b"?'],
    [["file"], '"file" is no .zip, or is cut off'],
    [["empty"], "holds no export that could be verified"],
  ])("says of %j that it cannot be meant", async (words, message) => {
    await writeFile(join(sample.folder, "file"), "mine");
    await mkdir(join(sample.folder, "empty"));
    const { code, stdout, stderr } = await verify(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

/** The lines of the log of an export, of whatever name. */
async function filesOrNone(folderOfLog: string): Promise<readonly string[]> {
  const names = await readdir(folderOfLog).catch(() => []);
  const logs = names.filter((name) => name.endsWith(".ndjson"));
  const texts = await Promise.all(
    logs.map((name) => readFile(join(folderOfLog, name), "utf8").catch(() => "")),
  );
  return texts
    .join("")
    .split("\n")
    .filter((line) => line !== "");
}
