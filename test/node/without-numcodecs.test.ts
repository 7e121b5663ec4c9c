import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dependencies } from "../../package.json" with { type: "json" };
import { modelWorkshop } from "../support/model/model-workshop.js";
import { runCli } from "../support/programs/run-cli.js";
import { runNode } from "../support/programs/run-node.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sentence =
  "the compression zstd needs the package numcodecs: install it (npm install numcodecs), or choose gzip or none";

let folder = "";
let dist = "";
beforeAll(async () => {
  // Far from the project's node_modules, with nothing but what the library depends on.
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  dist = join(folder, "dist");
  await cp(join(root, "dist"), dist, { recursive: true });
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await mkdir(join(folder, "node_modules"));
  for (const name of Object.keys(dependencies)) {
    await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
});
afterAll(() => rm(folder, { recursive: true }));

test("a writer says what it needs the package for, before it stores anything", async () => {
  const program = `
    const { ChunkedWriter, MemoryStore } = await import(${JSON.stringify(join(dist, "out.node.js"))});
    const format = {
      name: "test", options: {}, unitShape: [1, 1, 1], compression: { kind: "zstd" },
      layOut: () => ({ levels: [], metadata: () => [] }),
    };
    const store = new MemoryStore();
    const writer = new ChunkedWriter(store, format);
    const pack = () => Promise.reject(new Error("not asked for"));
    await writer.begin({ shape: [1, 1, 1], resolution: [1, 1, 1] }, { pack }).catch(({ message }) => console.log(message));
    console.log(store.paths.length);`;
  expect(await runNode(program)).toEqual({ code: 0, stdout: `${sentence}\n0\n`, stderr: "" });
});

test("a task of an export says so too, before it asks the server for anything", async () => {
  const workshop = await modelWorkshop();
  const plan = join(workshop.folder, "plan.json");
  const words = ["export", "plan", workshop.info, "--roi", "x=0:64,y=0:64,z=0:2", "--compression", "zstd"];
  const made = await runCli([...words, "-o", join(workshop.folder, "out.n5"), "--plan", plan]);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const before = workshop.server.requests.length;
  const run = await runNode("", { args: [join(dist, "cli.js"), "export", "run", plan, "--task", "0"] });
  const shown = sentence.replace("numcodecs)", "numcodecs, with --global if catmaid-image was installed so)");
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(shown) });
  expect(workshop.server.requests.length).toBe(before);
  await workshop.close();
});
