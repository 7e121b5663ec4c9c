import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { sampleStacks } from "../../../src/sample/sample-stack.js";
import { startCli } from "../../support/programs/run-cli.js";
import { runOnTerminal, type Typed } from "../../support/programs/run-on-terminal.js";

let server: SampleServer;
let folder = "";
beforeAll(async () => {
  const stacks = sampleStacks({ dimension: { x: 60_000, y: 60_000, z: 4 } });
  server = await startSampleServer({ stacks });
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

const question = /Fetch 13\.4 GiB to v\.ome\.zarr\? \[y\/N\] /;
const interrupt = "\u0003";
const words = (): string[] => ["get", `${server.url}1/stack/1/info`, "--roi", "all", "-o", "v.ome.zarr"];
const get = (...typed: Typed) => runOnTerminal(words(), folder, typed);

describe("catmaid-image get, on a terminal,", () => {
  it("shows how far it is, and how far the levels are that are computed", async () => {
    const roi = ["--roi", "x=0:600,y=0:600,z=0:4", "--levels", "2", "--chunk", "4,100,100"];
    const { code, shown } = await runOnTerminal(
      ["get", `${server.url}1/stack/1/info`, ...roi, "-o", "v.n5"],
      folder,
      [],
    );
    expect(code).toBe(0);
    expect(shown).toMatch(/\d+ % {2}\d+\/16 tiles/);
    expect(shown).toMatch(/\d+ % {2}\d+\/\d+ level files/);
  });
});

describe("catmaid-image get of more than 10 GB, on a terminal,", () => {
  it.each(["n\r", "\r"])("asks, and does nothing without a yes: %j", async (answer) => {
    const { code, shown } = await get([question, answer]);
    expect(code).toBe(1);
    expect(shown).toContain("nothing was fetched: ask for less, for a higher --zoom, or say yes");
    expect(await readdir(folder)).toEqual([]);
  });

  it("ends with Ctrl-C at the question", async () => {
    const { code, shown } = await get([question, interrupt]);
    expect(code).toBe(130);
    expect(shown).toMatch(/catmaid-image: interrupted\s*$/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("begins with a yes; Ctrl-C then shows how it goes on", async () => {
    const { code, shown } = await get([question, "y\r"], [/\d+\/\d+ tiles/, interrupt]);
    expect(code).toBe(130);
    expect(shown).toMatch(/to go on with it:\s+catmaid-image get \S+ --roi all -o v\.ome\.zarr --resume/);
    expect(await readdir(folder)).toEqual(["v.ome.zarr"]);
  });

  it("does not ask where nobody could answer", async () => {
    const run = startCli(words(), { cwd: folder });
    run.process.stderr?.on("data", (text: string) => {
      if (text.includes("13.4 GiB")) run.process.kill("SIGINT");
    });
    const { code, stderr } = await run.result;
    expect(code).toBe(130);
    expect(stderr).not.toContain("[y/N]");
  });
});
