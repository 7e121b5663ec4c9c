import { execFile } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { threadedOptionNames } from "../../src/options/image-fetcher-options.js";
import { drawSampleTile } from "../../src/sample/draw-sample.js";
import { type MarkdownBlock, markdownBlocks } from "../support/pages/markdown-blocks.js";
import { launchChromium } from "../support/pages/open-page.js";
import { readCanvases } from "../support/pages/read-canvases.js";
import { type PackedPackage, packedPackage } from "../support/programs/packed-package.js";
import { runNode } from "../support/programs/run-node.js";
import { type ServedProcess, startCommandLineServer } from "../support/servers/served-process.js";
import { serveFolder } from "../support/servers/static-server.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const documents = ["README.md", "docs/coming-from-catpy.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(
  (name) => {
    const text = readFileSync(join(root, name), "utf8");
    return { name, text, blocks: markdownBlocks(text) };
  },
);
const readme = documents[0]?.blocks ?? [];

let packed: PackedPackage;
let browser: Browser;
let server: ServedProcess;
let cli: string;

beforeAll(async () => {
  packed = packedPackage();
  cli = join(packed.makeProject({}), "node_modules/catmaid-image/dist/cli.js");
  [browser, server] = await Promise.all([launchChromium(), startCommandLineServer(cli)]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
  packed.remove();
});

/** The address of the documents' sample server is that of the one which runs here. */
function here(code: string): string {
  return code.replaceAll("http://127.0.0.1:8000/", server.url);
}

/** A block after what the documents say is there already; its own names may be the same. */
function afterFirstExample(code: string): string {
  const imports = code.match(/^import .*;$/gm) ?? [];
  const body = code.replace(/^import .*;$/gm, "");
  return here(`import * as before from "catmaid-image";
    ${imports.join("\n")}
    const client = new before.CatmaidClient({ baseUrl: "http://127.0.0.1:8000/", projectId: 1 });
    const fetcher = await before.ThreadedImageFetcher.fromCatmaid(client, 1);
    {
      ${body}
      globalThis.result = typeof volume === "undefined" ? undefined : Array.from(volume.data);
    }`);
}

const isComplete = ({ code }: MarkdownBlock): boolean =>
  /^(?:const|let) fetcher\b/m.test(code) && code.startsWith("import");

/** Opens a page whose script is a block; resolves when the block has run. */
async function openPage(script: string, files: Record<string, string>, policy?: string): Promise<Page> {
  const project = packed.makeProject({
    ...files,
    "source.js": `${script}\ndocument.documentElement.dataset.done = "yes";`,
  });
  await build({
    absWorkingDir: project,
    entryPoints: ["source.js"],
    outfile: join(project, "main.js"),
    bundle: true,
    format: "esm",
    logLevel: "error",
  });
  return openFolder(project, policy);
}

async function openFolder(folder: string, policy?: string): Promise<Page> {
  const pages = await serveFolder(folder, policy);
  const page = await browser.newPage();
  page.once("close", () => pages.close());
  await page.goto(pages.url);
  return page;
}

const moduleHtml = `<!doctype html><meta charset="utf-8"><title>test</title>
  <script type="module" src="main.js"></script>`;

const whenReady = "await new Promise((resolve) => { globalThis.begin = resolve; });\n";

/** Lets a page begin that waits until it may, and compares the .npy file that it downloads. */
async function expectDownload(page: Page): Promise<void> {
  await page.waitForFunction("globalThis.begin");
  const [file] = await Promise.all([page.waitForEvent("download"), page.evaluate("begin()")]);
  expect(file.suggestedFilename()).toBe("volume.npy");
  const bytes = readFileSync(await file.path());
  expect(bytes.subarray(1, 6).toString()).toBe("NUMPY");
  const voxels = drawSampleTile({ x: 6000, y: 5000, z: 64, width: 400, height: 300 });
  expect(Buffer.compare(bytes.subarray(-voxels.length), voxels)).toBe(0);
  await page.close();
}

const readmeBlocks = (directive: string): MarkdownBlock[] =>
  readme.filter((block) => block.directive === directive);

describe.each(documents)("$name", ({ name, text, blocks }) => {
  const examples = blocks.filter(({ language, directive }) => language === "js" && directive === "");

  test.each(examples)("$heading: the code runs in Node and prints what it says", async (block) => {
    const source = isComplete(block) ? here(block.code) : afterFirstExample(block.code);
    // What the documents say is to be installed besides.
    const peers = source.includes("catmaid-image/out/hdf5") ? ["h5wasm"] : [];
    const project = packed.makeProject({ "example.mjs": source }, peers);
    const { code, stdout, stderr } = await runNode("", { args: ["example.mjs"], cwd: project });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    if (block.output !== undefined) expect(stdout).toBe(block.output);
  });

  test("links lead to files and headings that exist", () => {
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = "", heading] = target.split("#");
      if (path !== "") expect(existsSync(join(root, dirname(name), path)), target).toBe(true);
      else expect(headings).toContain(heading);
    }
  });
});

test("CONTRIBUTING.md lists every script of the package", () => {
  const text = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const listed = [...text.matchAll(/^\| `npm (?:run )?([\w:]+)` \|/gm)].map(([, name]) => name);
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect([...listed].sort()).toEqual(Object.keys(scripts).sort());
});

describe("README.md", () => {
  test("has nothing but blocks that these tests run", () => {
    const kinds = new Set(readme.map(({ language, directive }) => `${language} ${directive}`.trim()));
    const run = ["html import map", "js", "js download page", "js page", "js strict page", "js widget", "sh"];
    expect([...kinds].sort()).toEqual([...run, "python", "text"].sort());
  });

  test("the table of options has them all", () => {
    const { text = "" } = documents[0] ?? {};
    const table = text.slice(text.indexOf("\n## Options"), text.indexOf("\n## Report and errors"));
    const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(
      ([, names = ""]) => names.match(/\w+(?=`)/g) ?? [],
    );
    expect(rows).toEqual(expect.arrayContaining([...threadedOptionNames]));
  });

  test("the picture is a section of the sample, and small", async () => {
    const path = join(root, "docs/quickstart.png");
    expect(statSync(path).size).toBeLessThan(150_000);
    const page = await browser.newPage();
    await page.setContent("<canvas></canvas>");
    await page.locator("canvas").evaluate(
      async (canvas: HTMLCanvasElement, png) => {
        const file = await (await fetch(`data:image/png;base64,${png}`)).blob();
        const image = await createImageBitmap(file, { colorSpaceConversion: "none" });
        Object.assign(canvas, { width: image.width, height: image.height });
        canvas.getContext("2d")?.drawImage(image, 0, 0);
      },
      readFileSync(path, "base64"),
    );
    // What the first example asks for, in voxels: 25600 nm is (25600 - 2000) / 4.
    const size = { width: 720, height: 210 };
    const grey = drawSampleTile({ x: 5900, y: 4980, z: 64, ...size });
    expect(await readCanvases(page.locator("canvas"))).toEqual([{ ...size, grey }]);
    await page.close();
  });

  test.each(readme.filter(({ language, code }) => language === "sh" && !code.startsWith("npm")))(
    "$heading: the commands run",
    async ({ code }) => {
      const folder = packed.makeProject({
        "bin/catmaid-image": `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`,
      });
      chmodSync(join(folder, "bin/catmaid-image"), 0o755);
      const script = `set -e\ntrap 'kill $(jobs -p)' EXIT\n${here(code).replace("--port 8000", "--port 0")}`;
      const path = `${join(folder, "bin")}:${process.env["PATH"]}`;
      const { stdout } = await promisify(execFile)("bash", ["-c", script], {
        cwd: folder,
        env: { ...process.env, PATH: path },
      });
      expect(stdout).toContain("Sample neuropil");
      expect(statSync(join(folder, "volume.npy")).size).toBe(128 + 2 * 210 * 720);
      expect(existsSync(join(folder, "montage.png"))).toBe(true);
    },
  );

  test("its commands are scripts of the package, and the quickstart leaves a volume and a picture", async () => {
    const commands = readme.filter(({ code }) => code.startsWith("npm")).map(({ code }) => code.trim());
    expect(commands).toEqual([
      "npm ci && npm run quickstart",
      "npm ci && npm test",
      "npm ci && npm pack",
      expect.stringMatching(/^npm install .*\.tgz$/),
    ]);
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(scripts.quickstart).toMatch(/ && node dist\/cli\.js quickstart --overwrite$/);
    expect(scripts.test).toMatch(/vitest run/);
    const folder = packed.makeProject({});
    const { code, stdout } = await runNode("", { args: [cli, "quickstart"], cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("The fastest is");
    for (const file of ["volume.npy", "section.png"])
      expect(existsSync(join(folder, "quickstart", file))).toBe(true);
  });

  test.each(readmeBlocks("page"))("$heading: the code runs in a page", async ({ code }) => {
    const page = await openPage(afterFirstExample(code), { "index.html": moduleHtml });
    await page.locator("html[data-done]").waitFor({ state: "attached" });
    const size = { width: 400, height: 300 };
    const grey = drawSampleTile({ x: 6000, y: 5000, z: 64, ...size });
    expect(await readCanvases(page.locator("canvas"))).toEqual([{ ...size, grey }]);
    await page.close();
  });

  test.each(readmeBlocks("download page"))("$heading: the code downloads the volume", async ({ code }) => {
    const page = await openPage(afterFirstExample(whenReady + code), { "index.html": moduleHtml });
    await expectDownload(page);
  });

  test.each(readmeBlocks("import map"))("$heading: with this map, the same code does", async ({ code }) => {
    const [download] = readmeBlocks("download page");
    const folder = packed.makeProject({
      "index.html": `<!doctype html><meta charset="utf-8"><title>test</title>${code}
        <script type="module" src="main.js"></script>`,
      "main.js": afterFirstExample(whenReady + download?.code),
    });
    cpSync(dirname(cli), folder, { recursive: true });
    await expectDownload(await openFolder(folder));
  });

  test.each(readmeBlocks("strict page"))("$heading: the code runs in such a page", async ({ code }) => {
    const worker = readFileSync(join(dirname(cli), "worker.js"), "utf8");
    const policy = `default-src 'self'; connect-src 'self' ${new URL(server.url).origin}`;
    const files = { "index.html": moduleHtml, "worker.js": worker };
    const page = await openPage(afterFirstExample(code), files, policy);
    await page.locator("html[data-done]").waitFor({ state: "attached" });
    const voxels = drawSampleTile({ x: 6000, y: 5000, z: 64, width: 400, height: 300 });
    expect(await page.evaluate("String(result)")).toBe(String(voxels));
    expect(page.workers().length).toBeGreaterThan(0);
    await page.close();
  });

  test.each(readmeBlocks("widget"))("$heading: the code runs in a page like CATMAID's", async ({ code }) => {
    const page = await openPage("", {
      "index.html": `<!doctype html><meta charset="utf-8"><title>test</title><div id="widget"></div>
        <script src="mock-catmaid.js"></script><script src="catmaid-image.iife.js"></script>
        <script src="region-widget.js"></script>`,
      "mock-catmaid.js": readFileSync(join(root, "demo/mock-catmaid.js"), "utf8"),
      "catmaid-image.iife.js": readFileSync(join(dirname(cli), "catmaid-image.iife.js"), "utf8"),
      "region-widget.js": code,
      "sample.json": JSON.stringify({ catmaid: server.url, project: "1", stack: "1" }),
    });
    await page.locator("#widget h2").waitFor();
    const { shape, voxels } = await page.evaluate<{ shape: number[]; voxels: number[] }>(
      "CATMAID.widget.volume(40).then(({ shape, data }) => ({ shape, voxels: Array.from(data) }))",
    );
    expect(shape).toEqual([2, 20, 20]);
    const section = (z: number) => Array.from(drawSampleTile({ x: 6134, y: 5110, z, width: 20, height: 20 }));
    expect(voxels).toEqual([63, 64].flatMap(section));
    await page.waitForFunction("/^Region: mean grey \\d/.test(CATMAID.messages[0])");
    // Closed during a fetch: no error.
    await page.evaluate("(({ widget }, done = widget.measure()) => widget.destroy() ?? done)(CATMAID)");
    expect(await page.evaluate("CATMAID.reportedErrors")).toEqual([]);
    await page.close();
  });
});
