import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ModelWorkshop, modelWorkshop } from "../support/model/model-workshop.js";
import { runNode } from "../support/programs/run-node.js";

let workshop: ModelWorkshop;
beforeAll(async () => {
  workshop = await modelWorkshop();
});
afterAll(() => workshop.close());

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Exports a region, and prints how many files workers packed, and a checksum of what was stored. */
const program = (): string => `
  import { createHash } from "node:crypto";
  import { readFileSync } from "node:fs";
  import { ThreadedImageFetcher } from ${JSON.stringify(join(dist, "index.node.js"))};
  import { ChunkedWriter, MemoryStore, omeZarrFormat } from ${JSON.stringify(join(dist, "out.node.js"))};
  let packed = 0;
  process.on("worker", (worker) => {
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message, ...more) => {
      if (message.argumentList?.[1]?.value.codec.kind === "pack") packed++;
      post(message, ...more);
    };
  });
  async function main() {
    const info = JSON.parse(readFileSync(${JSON.stringify(workshop.info)}, "utf8"));
    const fetcher = ThreadedImageFetcher.fromStackInfo(info);
    const hash = createHash("sha256");
    for (const compression of ["zstd", "blosc"]) {
      const store = new MemoryStore();
      const format = omeZarrFormat({ version: "0.4", chunkShape: [4, 32, 32], compression });
      await fetcher.get([[0, 0, 0], [4, 96, 128]], { out: new ChunkedWriter(store, format) });
      for (const path of store.paths.filter((path) => /[0-9]$/.test(path)).sort()) hash.update(await store.get(path));
    }
    await fetcher.close();
    console.log(packed + " " + hash.digest("hex"));
  }
  main();`;

/** Runs a file far from any installed package. */
async function run(name: string, code: string): Promise<string[]> {
  const cwd = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  try {
    await writeFile(join(cwd, name), code);
    const { code: exitCode, stdout, stderr } = await runNode("", { args: [name], cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return stdout.trim().split(" ");
  } finally {
    await rm(cwd, { recursive: true });
  }
}

test("the built library packs zstd and Blosc in its workers, wherever the process was started", async () => {
  expect(await run("main.mjs", program())).toEqual([`${2 * 3 * 4}`, expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test.each(["esm", "cjs"] as const)(
  "an application in one file (%s), whose workers find no package, packs them itself, to the same bytes",
  async (format) => {
    const [, digest] = await run("main.mjs", program());
    const { outputFiles } = await build({
      stdin: { contents: program(), resolveDir: dist },
      ...{ bundle: true, write: false, platform: "node", format, logLevel: "error" },
    });
    const name = format === "esm" ? "main.mjs" : "main.cjs";
    expect(await run(name, outputFiles[0]?.text ?? "")).toEqual(["0", digest]);
  },
);
