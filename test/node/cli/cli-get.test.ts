import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sampleVoxel } from "../../../src/sample/draw-sample.js";
import {
  type SampleServer,
  type SampleServerOptions,
  startSampleServer,
} from "../../../src/sample/sample-server.node.js";
import { type SampleMirror, sampleStack, sampleStacks } from "../../../src/sample/sample-stack.js";
import { type CliSetup, startCli } from "../../support/programs/run-cli.js";
import { runCli } from "../../support/programs/warm-command-line.js";

const tiles = { tileWidth: 64, tileHeight: 48 } as const;
const mirrors: readonly SampleMirror[] = [
  { key: "file", title: "near", type: 1, format: "png", ...tiles },
  { key: "dead", title: "dead", type: 4, format: "png", dead: true, ...tiles },
  { key: "catmaid", title: "itself", type: 3, format: "png", ...tiles },
];
const small = { dimension: { x: 300, y: 200, z: 9 }, brokenSlices: [5], mirrors };

let server: SampleServer;
let url = "";
let folder = "";
const extra: SampleServer[] = [];

beforeAll(async () => {
  server = await startSampleServer({ stacks: sampleStacks(small) });
  url = `${server.url}1/stack/1/info`;
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-cli-"));
});
afterEach(async () => {
  await Promise.all(extra.splice(0).map((other) => other.close()));
  await rm(folder, { recursive: true });
});

async function start(options: SampleServerOptions): Promise<SampleServer> {
  const other = await startSampleServer({ stacks: sampleStacks(small), ...options });
  extra.push(other);
  return other;
}

const get = (words: readonly string[], setup: CliSetup = {}) =>
  runCli(["get", ...words], { cwd: folder, ...setup });

async function npy(name: string): Promise<{ shape: number[]; data: Uint8Array }> {
  const file = await readFile(join(folder, name));
  const start = 10 + file.readUInt16LE(8);
  const shape = /'shape': \((.*?)\)/.exec(file.subarray(10, start).toString("latin1"))?.[1] ?? "";
  return { shape: shape.split(",").map(Number), data: file.subarray(start) };
}

/** An 8-bit grey PNG whose rows are all Paeth-filtered. */
async function png(name: string): Promise<{ width: number; height: number; data: Uint8Array }> {
  const file = await readFile(join(folder, name));
  expect(file.subarray(1, 4).toString("latin1")).toBe("PNG");
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  expect([file[24], file[25]]).toEqual([8, 0]);
  const raw = inflateSync(file.subarray(41, file.length - 16));
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const [row, column] = [Math.floor(i / width), i % width];
    const a = column === 0 ? 0 : (data[i - 1] ?? 0);
    const b = row === 0 ? 0 : (data[i - width] ?? 0);
    const c = row === 0 || column === 0 ? 0 : (data[i - width - 1] ?? 0);
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    data[i] = (raw[row * (width + 1) + 1 + column] ?? 0) + (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
  }
  return { width, height, data };
}

describe("catmaid-image get", () => {
  it.each(["zyx", "yxz", "xyz"] as const)(
    "writes the voxels of a region as .npy, %s",
    async (orientation) => {
      const words = [url, "--roi", "x=50:140,y=40:60,z=3:5", "--orientation", orientation, "-o", "v.npy"];
      const { code, stdout, stderr } = await get(words);
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringMatching(/^\d+ × \d+ × \d+ voxels .*\n$/),
      });
      expect(stdout).toMatch(/^v\.npy: .* voxels of .* nm/);
      const size = { x: 90, y: 20, z: 2 };
      const { shape, data } = await npy("v.npy");
      const axes = orientation.split("") as ("x" | "y" | "z")[];
      expect(shape).toEqual(axes.map((axis) => size[axis]));
      const [, rows = 0, columns = 0] = shape;
      data.forEach((grey, i) => {
        const indices = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
        const at = { x: 50, y: 40, z: 3 };
        axes.forEach((axis, column) => {
          at[axis] += indices[column] ?? 0;
        });
        expect(grey).toBe(sampleVoxel(at.x, at.y, at.z));
      });
      expect(await readdir(folder)).toEqual(["v.npy"]);
    },
  );

  it("takes nanometres, and says where the voxels lie", async () => {
    const words = [
      url,
      "--space",
      "project",
      "--roi",
      "x=2400+40,y=-1000+40,z=960:1000",
      "-o",
      "v.npy",
      "--json",
    ];
    const { code, stdout } = await get([...words, "--metadata"]);
    expect(code).toBe(0);
    const summary: unknown = JSON.parse(stdout);
    expect(summary).toMatchObject({
      output: "v.npy",
      format: "npy",
      axes: ["z", "y", "x"],
      shape: [1, 10, 10],
      resolution: [40, 4, 4],
      origin: [4, 50, 100],
      projectOffset: { x: 2400, y: -1000, z: 960 },
      stack: { id: 1, project: 1, orientation: "xy" },
      mirror: { position: 0, title: "near" },
      report: { tiles: { planned: 1, fetched: 1, cached: 0, filled: 0 }, filled: [], outside: 0 },
    });
    expect(JSON.parse(await readFile(join(folder, "v.npy.json"), "utf8"))).toEqual(summary);
    expect((await npy("v.npy")).data[0]).toBe(sampleVoxel(100, 50, 4));
  });

  it("writes raw voxels with a description", async () => {
    expect((await get([url, "--roi", "x=0:70,y=0:50,z=2", "-o", "v.raw", "-q"])).stdout).toBe("");
    const voxels = await readFile(join(folder, "v.raw"));
    expect(voxels).toHaveLength(3500);
    expect(voxels[3499]).toBe(sampleVoxel(69, 49, 2));
    const description: unknown = JSON.parse(await readFile(join(folder, "v.raw.json"), "utf8"));
    expect(description).toMatchObject({ shape: [1, 50, 70], dtype: "uint8" });
  });

  it("writes a section or a montage as a picture", async () => {
    const roi = ["--roi", "x=0:70,y=0:50,z=1:4"];
    expect((await get([url, ...roi, "--slice", "2", "-o", "s.png"])).code).toBe(0);
    const section = await png("s.png");
    expect([section.width, section.height]).toEqual([70, 50]);
    expect(section.data[70 * 49 + 69]).toBe(sampleVoxel(69, 49, 2));
    expect((await get([url, ...roi, "--columns", "3", "-o", "m.png"])).code).toBe(0);
    const picture = await png("m.png");
    expect([picture.width, picture.height]).toEqual([70 * 3 + 8, 50]);
    expect(picture.data[74 + 10]).toBe(sampleVoxel(10, 0, 2));
    expect(picture.data[71]).toBe(255);
  });

  it("works at coarser levels, without workers, from a file, from standard input, and by ids", async () => {
    const info = await (await fetch(url)).text();
    await writeFile(join(folder, "stack.json"), info);
    const roi = ["--roi", "x=10:30,y=5:25,z=3", "--space", "scaled", "--zoom", "1", "-q", "-o"];
    const ids = ["--server", server.url, "--project", "1", "--stack", "1"];
    const env = { CATMAID_URL: server.url, CATMAID_PROJECT: "1" };
    const runs = [
      get([url, ...roi, "a.npy", "--threads", "0"]),
      get(["stack.json", ...roi, "b.npy"]),
      get(["-", ...roi, "c.npy"], { stdin: info }),
      get([...ids, ...roi, "d.npy", "--mirror", "itself"]),
      get(["--stack", "1", ...roi, "e.npy"], { env }),
    ];
    for (const run of runs) expect(await run).toEqual({ code: 0, stdout: "", stderr: "" });
    for (const name of ["a.npy", "b.npy", "c.npy", "d.npy", "e.npy"]) {
      const { shape, data } = await npy(name);
      expect(shape).toEqual([1, 20, 20]);
      expect(data[399]).toBe(sampleVoxel(29, 24, 3, 1));
    }
  });

  it("finds the fastest mirror", async () => {
    const dead = mirrors.map((mirror) => ({ ...mirror, dead: mirror.key !== "catmaid" }));
    const other = await start({ stacks: [sampleStack({ ...small, mirrors: dead })] });
    const words = [`${other.url}1/stack/1/info`, "--roi", "x=0:9,y=0:9,z=0", "-o", "v.npy", "--json"];
    const { code, stdout } = await get([...words, "--mirror", "fastest"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ mirror: { position: 2, title: "itself" } });
  });

  it("says what was filled and why, and fails for it if asked", async () => {
    const words = [url, "--roi", "x=-10:70,y=0:40,z=4:6", "--fill", "7", "--overwrite", "-o", "v.npy"];
    const { code, stdout } = await get(words);
    expect(code).toBe(0);
    expect(stdout).toContain("2 tiles of broken sections (z 5)");
    expect(stdout).toContain("voxels outside the stack");
    expect((await npy("v.npy")).data[0]).toBe(7);
    expect((await get([...words, "--strict", "-q"])).code).toBe(3);
    expect(
      (await get([...words.slice(0, 2), "x=0:10,y=0:10,z=4", "-o", "w.npy", "--strict", "-q"])).code,
    ).toBe(0);
    const thrown = await get([...words, "--broken-slices", "throw", "-q"]);
    expect(thrown).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^catmaid-image: .*section 5.*\n$/),
    });
    const replaced = await get([url, "--roi", "x=0:9,y=0:9,z=5", "--broken-slices", "below", "-o", "r.npy"]);
    expect(replaced.stdout).toContain("broken section 5 by 6 (--broken-slices)");
    expect((await npy("r.npy")).data[0]).toBe(sampleVoxel(0, 0, 6));
  });

  it("says how large a region is without fetching it", async () => {
    const before = server.counts.tiles.get("1/file");
    const dry = await get([url, "--roi", "all", "--dry-run"]);
    expect(dry).toEqual({
      code: 0,
      stdout: "9 × 200 × 300 voxels (z, y, x), 527 KiB, 225 tiles\n",
      stderr: "",
    });
    const json = await get([url, "--roi", "z=1,x=-50:50,y=0:10", "--dry-run", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ shape: [1, 10, 100], bytes: 1000, tiles: 1 });
    expect(server.counts.tiles.get("1/file")).toBe(before);
  });

  it.each([
    [["-o", "v.npy"], /which region\? Give --roi/],
    [["--roi", "z=1"], /where to\? Give --output/],
    [
      ["--roi", "z=1", "-o", "v.mrc"],
      /"v\.mrc": \.mrc files are not written; npy, png, raw, tiff,.* are: name it so/,
    ],
    [["--roi", "z=1", "-o", "none/v.npy"], /no folder ".*none"/],
    [["--roi", "z=1", "-o", "none/v.png"], /no folder ".*none"/],
    [["--roi", "z=5:1", "-o", "v.npy"], /lower bound above its upper one along z: from 5 to 1/],
    [["--roi", "x=5:5,z=1", "-o", "v.npy"], /holds no voxels along x/],
    [["--roi", "x=5:5", "-o", "v.npy", "--orientation", "yxz"], /holds no voxels along x/],
    [["--roi", "z=one", "-o", "v.npy"], /--roi has "z=one"/],
    [["--roi", "z=1", "-o", "v.npy", "--zoom", "1.5"], /--zoom must be a whole number/],
    [["--roi", "z=1", "-o", "v.npy", "--zoom", "40"], /zoom levels 0 to \d+, not 40/],
    [["--roi", "z=1", "-o", "v.npy", "--zoom", "-1"], /ambiguous: to specify .* use '--zoom=-XYZ'/],
    [
      ["--roi", "z=1", "-o", "v.npy", "--mirror", "foo"],
      /no mirror "foo": it has 0 "near", 1 "dead", 2 "itself"/,
    ],
    [["--roi", "z=1", "-o", "v.npy", "--mirror", "7", "--strict"], /no mirror "7"/],
    [["--roi", "z=1", "-o", "v.npy", "--fill", "256"], /--fill must be a whole number from 0 to 255/],
    [["--roi", "z=1", "-o", "v.npy", "--orientation", "zy"], /--orientation must be zyx/],
    [["--roi", "z=1", "-o", "v.npy", "--slice", "1"], /--slice and --columns are for \.png/],
    [["--roi", "z=1:3", "-o", "v.png", "--slice", "3"], /--slice 3 is outside the region, which has 1 to 2/],
    [["--roi", "all", "-o", "v.png", "--max-memory", "1", "--zoom", "0", "extra"], /one stack is enough/],
    [["--roi", "z=1", "-o", "v.npy", "--bogus"], /Unknown option '--bogus'/],
  ])("refuses %j before it asks for a tile, in one sentence, with code 2", async (words, message) => {
    const before = server.counts.tiles.get("1/file");
    const { code, stdout, stderr } = await get([url, ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^catmaid-image: [^\n]+\n(See catmaid-image get --help\n)?$/);
    expect(server.counts.tiles.get("1/file")).toBe(before);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(["npy", "png", "raw"])(
    "writes .%s in the place of files alone, and sees so before it asks",
    async (kind) => {
      await mkdir(join(folder, "folder"));
      await mkdir(join(folder, "v.json"));
      execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "pipe")]);
      await symlink("pipe", join(folder, "to-pipe"));
      const asked = server.counts.api;
      const cases = {
        pipe: "is a pipe",
        "to-pipe": "is a pipe",
        folder: "is a folder",
        v: 'v.json" is a folder',
      };
      for (const [name, what] of Object.entries(cases)) {
        const words = [url, "--roi", "x=0,y=0,z=1", "--format", kind, "--metadata", "-o", name];
        const { code, stdout, stderr } = await get(words);
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
        expect(stderr).toMatch(/^catmaid-image: [^\n]+\nSee catmaid-image get --help\n$/);
        expect(stderr).toContain(what);
      }
      expect(server.counts.api).toBe(asked);
      expect(await readdir(folder)).toEqual(["folder", "pipe", "to-pipe", "v.json"]);
      expect((await lstat(join(folder, "pipe"))).isFIFO()).toBe(true);
    },
  );

  it.each(["v.npy", "v.png", "v.raw"])("leaves %s as it was where the disk takes no more", async (name) => {
    await writeFile(join(folder, name), "old");
    // Ten blocks are at most 10 KiB, and the stack has 527.
    const words = [url, "--roi", "all", "-q", "--overwrite", "-o", name];
    const { code, stderr } = await get(words, { shell: 'ulimit -f 10; exec "$0" "$@"' });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `catmaid-image: "${name}" becomes larger than its disk allows: ask for less, or name a folder elsewhere\n`,
    );
    expect(await readdir(folder)).toEqual([name]);
    expect(await readFile(join(folder, name), "utf8")).toBe("old");
  });

  it("writes where a link leads, and leaves the user's own files alone", async () => {
    await mkdir(join(folder, "elsewhere"));
    await symlink("elsewhere/real.npy", join(folder, "v.npy"));
    await writeFile(join(folder, "v.npy.partial"), "mine");
    expect((await get([url, "--roi", "x=7,y=8,z=3", "-o", "v.npy", "-q"])).code).toBe(0);
    expect((await lstat(join(folder, "v.npy"))).isSymbolicLink()).toBe(true);
    expect((await npy("elsewhere/real.npy")).data).toEqual(Buffer.of(sampleVoxel(7, 8, 3)));
    expect(await readFile(join(folder, "v.npy.partial"), "utf8")).toBe("mine");
    expect(await readdir(folder)).toEqual(["elsewhere", "v.npy", "v.npy.partial"]);
    expect(await readdir(join(folder, "elsewhere"))).toEqual(["real.npy"]);
  });

  it("says that a JSON file beside the voxels is an old one, and warns of nothing where it is to be quiet", async () => {
    const words = [url, "--roi", "x=7,y=8,z=3", "--overwrite", "-o", "v.npy"];
    expect((await get([...words, "--metadata"])).stderr).not.toContain("warning");
    expect((await get(words)).stderr).toMatch(/^warning: v\.npy\.json was there before .* --metadata$/m);
    expect((await get([...words, "-q"])).stderr).toBe("");
    const turned = [
      `${server.url}1/stack/2/info`,
      "--space",
      "project",
      "--roi",
      "x=2400+40,y=-1000+40,z=960:1000",
      "--overwrite",
    ];
    expect((await get([...turned, "-o", "w.npy"])).stderr).toMatch(/^warning: the stack lies xz/m);
    expect((await get([...turned, "-o", "w.npy", "-q"])).stderr).toBe("");
  });

  it("says what to do in the words of the command line", async () => {
    const words = [url, "--roi", "z=5", "-o", "v.npy", "-q", "--broken-slices", "throw"];
    expect((await get(words)).stderr).toMatch(
      /choose a region without it or another value of --broken-slices\n$/,
    );
  });

  it("holds no picture that is larger than the memory it may take", async () => {
    const stacks = [sampleStack({ dimension: { x: 20_000, y: 20_000, z: 10 } })];
    const other = await start({ stacks });
    const { code, stderr } = await get([`${other.url}1/stack/1/info`, "--roi", "all", "-o", "v.png"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/a picture of 3\.7 GiB would be held in memory.*write \.npy or \.raw/);
  });

  it("fails with one sentence where the server, the stack or the mirror cannot be had", async () => {
    const roi = ["--roi", "x=0:9,y=0:9,z=0", "-q", "-o", "v.npy"];
    await writeFile(join(folder, "other.json"), '{"name": "not a stack"}');
    const closed = await start({});
    await closed.close();
    const cases: [readonly string[], RegExp][] = [
      [[`${server.url}1/stack/77/info`, ...roi], /No Stack matches the given query \(Http404, status 404\)/],
      [[`${closed.url}1/stack/1/info`, ...roi], /could not be reached: .*ECONNREFUSED/],
      [["other.json", ...roi], /stack info/],
      [
        [url, ...roi, "--mirror", "dead", "--attempts", "1"],
        /tiles\/1\/dead\/0\/0\/0_0\.png.*; catmaid-image mirrors says which mirrors of the stack answer\n$/,
      ],
    ];
    for (const [words, message] of cases) {
      const { code, stdout, stderr } = await get(words);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^catmaid-image: [^\n]+\n$/);
    }
    expect(await readdir(folder)).toEqual(["other.json"]);
  });

  it("shows a stack trace only to who debugs", async () => {
    const words = [`${server.url}1/stack/77/info`, "--roi", "all", "-o", "v.npy"];
    expect((await get(words, { env: { DEBUG: "1" } })).stderr).toMatch(/\n {4}at /);
    expect((await get(words)).stderr).not.toMatch(/\n {4}at /);
  });

  it("takes credentials from the environment, and prints none", async () => {
    const basic = ["reader", "open-sesame"] as const;
    const token = "f00dfacef00dfacef00dfacef00dfacef00dface";
    const guarded = await start({ basic, token });
    const region = ["--roi", "x=0:9,y=0:9,z=0", "-o", "v.npy", "--metadata", "--overwrite"];
    const words = [`${guarded.url}1/stack/1/info`, ...region];
    const env = { CATMAID_USER: "reader", CATMAID_PASSWORD: "open-sesame", CATMAID_TOKEN: token };
    const good = await get(words, { env });
    expect(good.code).toBe(0);
    expect(await get([...words, "-q", "--mirror", "itself"], { env })).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const withWords = ["--token", token, "--user", "reader:open-sesame"];
    expect((await get([...words, ...withWords, "--json"])).code).toBe(0);
    const wrong = await get(words, { env: { ...env, CATMAID_TOKEN: "wrong-token-wrong-token" } });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/PermissionError, status 403.*check the token/);
    const shut = await get(words, { env: { ...env, CATMAID_PASSWORD: "guess", DEBUG: "1" } });
    expect(shut.stderr).toMatch(/status 401.*check the (token|user and the password)/);
    const lacking = await get(words, { env: { CATMAID_USER: "reader" } });
    expect(lacking).toMatchObject({ code: 2, stderr: expect.stringMatching(/set CATMAID_PASSWORD/) });
    const metadata = await readFile(join(folder, "v.npy.json"), "utf8");
    for (const text of [good.stdout, good.stderr, wrong.stderr, shut.stderr, metadata]) {
      expect(text).not.toMatch(/open-sesame|f00dface|wrong-token|guess|cmVhZGVy/);
    }
  });

  it("ends with 130 on Ctrl-C, and leaves no file", async () => {
    const slow = await start({ delayMs: 3_600_000 });
    const words = ["get", `${slow.url}1/stack/1/info`, "--roi", "all", "-o", "v.npy"];
    const run = startCli(words, { cwd: folder });
    await expect.poll(() => slow.counts.tiles.get("1/file") ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
    run.process.kill("SIGINT");
    const { code, stderr } = await run.result;
    expect(code).toBe(130);
    expect(stderr).toMatch(/catmaid-image: interrupted\n$/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("writes plain text where nobody watches", async () => {
    const { stdout, stderr } = await get([url, "--roi", "x=0:200,y=0:200,z=0:4", "-o", "v.npy"]);
    expect(stdout + stderr).not.toContain("\u001b");
    expect(stderr).not.toMatch(/\d %/);
  });
});
