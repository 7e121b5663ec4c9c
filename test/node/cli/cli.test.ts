import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleVoxel } from "../../../src/sample/draw-sample.js";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { type SampleMirror, sampleStacks } from "../../../src/sample/sample-stack.js";
import { startCli } from "../../support/programs/run-cli.js";
import { runCli } from "../../support/programs/warm-command-line.js";

const tiles = { tileWidth: 64, tileHeight: 48 } as const;
const mirrors: readonly SampleMirror[] = [
  { key: "dead", title: "dead", type: 1, format: "png", dead: true, ...tiles },
  { key: "near", title: "near", type: 5, format: "png", ...tiles },
];

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({
    stacks: sampleStacks({ dimension: { x: 300, y: 200, z: 9 }, mirrors }),
  });
});
afterAll(() => server.close());

describe("catmaid-image", () => {
  it("explains itself", async () => {
    const all = await runCli(["--help"]);
    expect(all).toMatchObject({ code: 0, stderr: "" });
    for (const command of ["info", "mirrors", "get", "serve", "quickstart"]) {
      expect(all.stdout).toContain(`  ${command} `);
      const { code, stdout } = await runCli([command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: catmaid-image ${command}`));
    }
    const { version } = JSON.parse(
      await readFile(new URL("../../../package.json", import.meta.url), "utf8"),
    ) as {
      version: string;
    };
    expect((await runCli(["--version"])).stdout).toBe(`${version}\n`);
  });

  it("describes what get and export plan have in common in the same words", async () => {
    const [get, plan] = await Promise.all([runCli(["get", "--help"]), runCli(["export", "plan", "--help"])]);
    for (const title of ["The region", "Where voxels come from", "The stack", "Credentials", "Requests"]) {
      const [section = ""] = new RegExp(`^${title}.*\\n(?: .+\\n)+`, "m").exec(get.stdout) ?? [];
      expect(section).toContain("  --");
      expect(plan.stdout).toContain(section);
    }
    const [layout = ""] = /^ {2}--chunk .+\n(?: .+\n)+/m.exec(get.stdout) ?? [];
    expect(layout).toContain("--shard");
    expect(plan.stdout).toContain(layout);
  });

  it("says what it does not know", async () => {
    expect(await runCli([])).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^Usage:/) });
    const unknown = await runCli(["fetch"]);
    expect(unknown).toEqual({
      code: 2,
      stdout: "",
      stderr: 'catmaid-image: there is no command "fetch"\nSee catmaid-image --help\n',
    });
    for (const words of [
      ["help", "fetch"],
      ["--help", "fetch"],
    ])
      expect(await runCli(words)).toEqual(unknown);
  });
});

describe("catmaid-image info", () => {
  it("describes a stack", async () => {
    const { code, stdout } = await runCli(["info", `${server.url}1/stack/2/info`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Sample neuropil, XZ \(stack 2\)\n/);
    expect(stdout).toContain("300 × 9 × 200 voxels (x, y, z), XZ sections");
    expect(stdout).toContain("x 2000 to 3200, y -1200 to -400, z 800 to 1160 nm");
    expect(stdout).toContain("1  near: type 5, 64 × 48 png");
  });

  it("describes it as JSON", async () => {
    const { stdout } = await runCli(["info", `${server.url}1/stack/1/info`, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      id: 1,
      project: 1,
      dimension: { x: 300, y: 200, z: 9 },
      orientation: "xy",
      projectExtent: { lower: { x: 2000, y: -1200, z: 800 }, upper: { x: 3200, y: -400, z: 1160 } },
      zoomLevels: [{ level: 0, extent: { x: 300 } }, { level: 1, factor: { x: 2, y: 2, z: 1 } }, {}, {}],
      mirrors: [{ title: "dead", unsupported: null }, { title: "near" }],
    });
  });

  it("lists what a server has", async () => {
    const projects = await runCli(["info", "--server", server.url]);
    expect(projects).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^project 1 {2}Sample project\n {2}stack 1/),
    });
    const stacks = await runCli(["info", "--json"], {
      env: { CATMAID_URL: server.url, CATMAID_PROJECT: "1" },
    });
    expect(JSON.parse(stacks.stdout)).toMatchObject([
      { id: "1", stacks: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] },
    ]);
    expect(await runCli(["info"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/which stack\?/) });
  });
});

describe("catmaid-image info, told nonsense or secrets", () => {
  it("prints no secret of a mirror, and nothing that moves the cursor", async () => {
    const folder = await mkdtemp(join(tmpdir(), "catmaid-image-info-"));
    const info = (await (await fetch(`${server.url}1/stack/1/info`)).json()) as {
      stitle: string;
      mirrors: { title: string; image_base: string }[];
    };
    info.stitle = "a\u001b[2Jb\nc";
    for (const mirror of info.mirrors) {
      mirror.title = `\u001b]0;${mirror.title}\r\n`;
      mirror.image_base = `${mirror.image_base.replace("://", "://reader:open-sesame@")}?token=f00dface`;
    }
    const path = join(folder, "stack.json");
    await writeFile(path, JSON.stringify(info));
    const json = await runCli(["info", path, "--json"]);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      title: info.stitle,
      mirrors: [{ image_base: `${server.url}tiles/1/dead/?token=***` }, {}],
    });
    const text = await runCli(["info", path]);
    expect(text.stdout).toMatch(/^a \[2Jb c \(stack 1\)\n/);
    expect(text.stdout).toMatch(/^ {2}0 {2}\]0;dead: type 1/m);
    const probed = await runCli(["mirrors", path]);
    for (const { stdout, stderr } of [json, text, probed]) {
      expect(stdout + stderr).not.toMatch(/open-sesame|f00dface/);
      expect((stdout + stderr).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    }
    await rm(folder, { recursive: true });
  });

  it.each([
    ["htp://u:pw@h/1", /a stack info is had by http: or https:, not by "htp:"/],
    ["http:/u:pw@h/1", /there is no file "…@h\/1"/],
    ["u:p@pw@h/1?token=pw", /there is no file "…@h\/1\?token=\*\*\*"/],
    ["http://u:pw@[::bad/1", /the URL of the stack info has no host that could be asked/],
    [
      "http://u:pw@127.0.0.1:18100",
      /^catmaid-image: http:\/\/127\.0\.0\.1:18100 is the address of a server.* --server/,
    ],
  ])("refuses %s without repeating a password", async (source, message) => {
    const { code, stdout, stderr } = await runCli(["info", source]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^catmaid-image: [^\n]+\nSee catmaid-image info --help\n$/);
    expect(stderr).not.toContain("pw");
  });

  it("calls options by their names here", async () => {
    const bad = await runCli(["info", "--server", "htp://u:pw@h/", "--project", "1"]);
    expect(bad).toMatchObject({
      code: 2,
      stderr: "catmaid-image: --server must be an http or https URL, not htp:\n",
    });
    const closed = await startSampleServer();
    await closed.close();
    const { stderr } = await runCli(["info", `${closed.url}1/stack/1/info`]);
    expect(stderr).toMatch(/ECONNREFUSED.*; check the address\n$/);
    const folder = await mkdtemp(join(tmpdir(), "catmaid-image-info-"));
    const itself = await startSampleServer();
    const info = await (await fetch(`${itself.url}1/stack/1/info`)).text();
    await itself.close();
    await writeFile(join(folder, "stack.json"), info);
    const { stdout } = await runCli(["info", join(folder, "stack.json")]);
    expect(stdout).toMatch(/cannot be used: .*whose tiles come from CATMAID itself: give --server\)/);
    await rm(folder, { recursive: true });
  });

  it("takes a token that ends in a newline", async () => {
    const token = "f00dfacef00dfacef00dfacef00dfacef00dface";
    const guarded = await startSampleServer({ token });
    const words = ["info", `${guarded.url}1/stack/1/info`];
    const results = [await runCli(words), await runCli(words, { env: { CATMAID_TOKEN: `${token}\r\n` } })];
    await guarded.close();
    expect(results.map(({ code }) => code)).toEqual([1, 0]);
  });
});

describe("catmaid-image mirrors", () => {
  it("says how fast each is or why it fails", async () => {
    const { code, stdout } = await runCli(["mirrors", `${server.url}1/stack/1/info`, "--reps", "2"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}0 {2}dead \(type 1\): network: .+$/m);
    expect(stdout).toMatch(/^\* 1 {2}near \(type 5\): [\d.]+ m?s\n$/m);
    const json = await runCli(["mirrors", `${server.url}1/stack/1/info`, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { position: 0, ok: false, reason: "network", fastest: false },
      { position: 1, ok: true, fastest: true },
    ]);
  });

  it("says why the star is not with the smallest time", async () => {
    const differing: readonly SampleMirror[] = [
      { key: "small", title: "small", type: 1, format: "png", tileWidth: 16, tileHeight: 16, delayMs: 100 },
      { key: "large", title: "large", type: 5, format: "png", tileWidth: 512, tileHeight: 256, delayMs: 900 },
    ];
    const other = await startSampleServer({
      stacks: sampleStacks({ dimension: { x: 600, y: 400, z: 9 }, mirrors: differing }),
    });
    const words = ["mirrors", `${other.url}1/stack/1/info`];
    const perPixel = await runCli(words);
    const perTile = await runCli([...words, "--per-tile"]);
    await other.close();
    expect(perPixel.stdout).toMatch(/^\* 1 {2}large/m);
    expect(perPixel.stdout).toMatch(
      /^\* is the fastest per pixel: mirror 1 takes [\d.e+]+ ns per pixel of its 512 × 256 tiles, mirror 0 takes [\d.e+]+ ns per pixel of its 16 × 16 tiles; --per-tile compares the times themselves$/m,
    );
    expect(perTile.stdout).toMatch(/^\* 0 {2}small/m);
    expect(perTile.stdout).not.toContain("per pixel");
  });

  it("fails where none works", async () => {
    const dead = await startSampleServer({ stacks: sampleStacks({ mirrors: mirrors.slice(0, 1) }) });
    const { code } = await runCli(["mirrors", `${dead.url}1/stack/1/info`]);
    await dead.close();
    expect(code).toBe(1);
  });
});

describe("catmaid-image serve", () => {
  it("serves until Ctrl-C", async () => {
    const run = startCli(["serve", "--json", "--dimension", "256,128,4", "--base-path", "catmaid"]);
    const [, url = ""] = await run.printed(/"url": "(.*)"[\s\S]*\}/);
    expect(new URL(url).pathname).toBe("/catmaid/");
    const info = (await (await fetch(`${url}1/stack/1/info`)).json()) as { dimension: unknown };
    expect(info.dimension).toEqual({ x: 256, y: 128, z: 4 });
    expect((await fetch(`${url}tiles/1/file/0/0_0_0.png`)).status).toBe(200);
    run.process.kill("SIGINT");
    expect(await run.result).toMatchObject({ code: 0, stderr: "" });
  });

  it("says which credentials of the environment it asks for, and does not print them", async () => {
    const env = { CATMAID_TOKEN: "f00dface", CATMAID_USER: "reader", CATMAID_PASSWORD: "open-sesame" };
    const run = startCli(["serve"], { env });
    await run.printed(/^Clients must send the CATMAID_USER and CATMAID_PASSWORD of your environment\n/m);
    run.process.kill("SIGINT");
    const { stdout } = await run.result;
    expect(stdout).toMatch(/^Clients must send the CATMAID_TOKEN of your environment\n/m);
    expect(stdout).not.toMatch(/f00dface|reader|open-sesame/);
  });

  it("fails where it cannot listen", async () => {
    const { port } = new URL(server.url);
    const { code, stderr } = await runCli(["serve", "--port", port]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `catmaid-image: port ${port} of 127.0.0.1 is in use: give another --port, or none to take a free one\n`,
    });
    expect(await runCli(["serve", "--host", "192.0.2.1"])).toMatchObject({
      code: 1,
      stderr: 'catmaid-image: "192.0.2.1" is no address of this machine: give another --host\n',
    });
    for (const dimension of ["1,2", "0x5,5,5", "5,5,", " 5,5,5", "1,1,0"]) {
      expect(await runCli(["serve", "--dimension", dimension])).toMatchObject({ code: 2, stdout: "" });
    }
    for (const path of ["a b", "a?b", "#", "..", "a/../b"]) {
      expect(await runCli(["serve", "--base-path", path])).toMatchObject({ code: 2, stdout: "" });
    }
    expect(await runCli(["serve", "--port", "70000"])).toMatchObject({ code: 2 });
  });
});

describe("catmaid-image quickstart", () => {
  it("fetches a region of the sample, and says what to try next", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "catmaid-image-quickstart-"));
    const { code, stdout, stderr } = await runCli(["quickstart"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/0 {2}the lab's old server: fails: network/);
    expect(stdout).toContain("3 × 210 × 720 voxels (z, y, x)");
    expect(stdout).toContain("Every voxel was there; none was filled.");
    const volume = await readFile(join(cwd, "quickstart", "volume.npy"));
    const voxels = volume.subarray(-3 * 210 * 720);
    // 25600 nm, 18720 nm, 3360 nm, less the translation, in voxels of 4, 4 and 40 nm; from the PNG or the JPEG mirror.
    if (stdout.includes("The fastest is a server nearby"))
      expect(voxels[0]).toBe(sampleVoxel(5900, 4980, 64));
    const picture = await readFile(join(cwd, "quickstart", "section.png"));
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([720, 210]);
    await rm(cwd, { recursive: true });
  });

  it("wants one folder, and room in it", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "catmaid-image-quickstart-"));
    await writeFile(join(cwd, "file"), "");
    await mkdir(join(cwd, "taken", "section.png"), { recursive: true });
    await mkdir(join(cwd, "old"));
    await writeFile(join(cwd, "old", "volume.npy"), "mine");
    const cases: [readonly string[], RegExp][] = [
      [["a", "b"], /quickstart takes one folder: what is "b"\?/],
      [["file"], /"file" is a file, and quickstart writes to a folder: name another/],
      [["taken"], /"taken\/section\.png" is a folder/],
      [["old"], /"old\/volume\.npy" is there already: replace it with --overwrite, or name another file/],
      [["none/deep"], /there is no folder ".*none" to write "none\/deep" to: make it, or name another/],
      [["/proc/quickstart"], /there is no folder "\/proc" to write/],
    ];
    for (const [words, message] of cases) {
      const { code, stdout, stderr } = await runCli(["quickstart", ...words], { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^catmaid-image: [^\n]+\nSee catmaid-image quickstart --help\n$/);
    }
    expect(await readdir(cwd)).toEqual(["file", "old", "taken"]);
    expect(await readdir(join(cwd, "old"))).toEqual(["volume.npy"]);
    expect((await runCli(["quickstart", "old", "--overwrite"], { cwd })).code).toBe(0);
    expect(await readdir(join(cwd, "old"))).toEqual(["section.png", "volume.npy"]);
    await rm(cwd, { recursive: true });
  });
});
