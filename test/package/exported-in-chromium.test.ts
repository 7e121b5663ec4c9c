import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawSampleTile } from "../../src/sample/draw-sample.js";
import { launchChromium } from "../support/pages/open-page.js";
import { runDebianPython } from "../support/programs/debian-python.js";
import { type ServedProcess, startCommandLineServer } from "../support/servers/served-process.js";
import { type StaticServer, serveFolder } from "../support/servers/static-server.js";

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** z, y, x: over the edges of tiles, and not a multiple of chunks. */
const lower = [20, 4050, 5100];
const shape = [5, 130, 77];

const page = `
  import { ThreadedImageFetcher } from ${JSON.stringify(pathOf("dist/index.js"))};
  import { ChunkedWriter, directoryStore, MemoryByteSink, omeZarrFormat, zipStore } from ${JSON.stringify(pathOf("dist/out.js"))};

  async function exportTo(infoUrl, store, compression) {
    const format = omeZarrFormat({ version: "0.4", chunkShape: [4, 32, 48], compression });
    const info = await (await fetch(infoUrl)).json();
    const fetcher = ThreadedImageFetcher.fromStackInfo(info);
    const lower = ${JSON.stringify(lower)};
    const upper = lower.map((first, axis) => first + ${JSON.stringify(shape)}[axis]);
    await fetcher.get([lower, upper], { out: new ChunkedWriter(store, format, { levels: 2 }) });
    await fetcher.close();
  }

  async function filesOf(folder, path = "") {
    const files = [];
    for await (const [name, entry] of folder.entries()) {
      if (entry.kind === "directory") files.push(...(await filesOf(entry, path + name + "/")));
      else files.push([path + name, [...new Uint8Array(await (await entry.getFile()).arrayBuffer())]]);
    }
    return files;
  }

  window.exportToFolder = async (infoUrl) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("volume.zarr", { create: true });
    await exportTo(infoUrl, directoryStore(folder), "gzip");
    return filesOf(folder);
  };

  window.downloadZip = async (infoUrl) => {
    const sink = new MemoryByteSink();
    await exportTo(infoUrl, zipStore(sink), "zstd");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([sink.bytes]));
    link.download = "volume.zip";
    link.click();
  };`;

let folder = "";
let sample: ServedProcess;
let pages: StaticServer;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catmaid-image-"));
  mkdirSync(join(folder, "www"));
  writeFileSync(
    join(folder, "www/index.html"),
    '<!doctype html><script type="module" src="page.js"></script>',
  );
  await build({
    stdin: { contents: page, resolveDir: pathOf(".") },
    outfile: join(folder, "www/page.js"),
    bundle: true,
    format: "esm",
    logLevel: "error",
  });
  sample = await startCommandLineServer(pathOf("dist/cli.js"));
  pages = await serveFolder(join(folder, "www"));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await pages.close();
  await sample.close();
  rmSync(folder, { recursive: true });
});

/** SHA-256 of what the sample draws in the region. */
function drawnSha256(): string {
  const [depth = 0, height = 0, width = 0] = shape;
  const [z0 = 0, y = 0, x = 0] = lower;
  const hash = createHash("sha256");
  for (let z = z0; z < z0 + depth; z++) hash.update(drawSampleTile({ x, y, z, width, height }));
  return hash.digest("hex");
}

/** What python3-zarr reads of a file or folder. */
function readByPython(path: string): unknown {
  const modules = {
    h5py: "python3-h5py",
    tifffile: "python3-tifffile",
    zarr: "python3-zarr",
    PIL: "python3-pil",
  };
  return JSON.parse(runDebianPython(modules, [pathOf("test/support/readers/read_exports.py"), path]));
}

async function openPage(): Promise<Page> {
  const opened = await browser.newPage();
  opened.setDefaultTimeout(120_000);
  await opened.goto(pages.url);
  await opened.waitForFunction("window.downloadZip !== undefined");
  return opened;
}

test("a region that a page saved to its own folder (OPFS) is opened by python3-zarr, voxel by voxel", async () => {
  const opened = await openPage();
  const infoUrl = `${sample.url}1/stack/1/info`;
  const files = await opened.evaluate<[path: string, bytes: number[]][]>(`exportToFolder("${infoUrl}")`);
  await opened.close();
  for (const [path, bytes] of files) {
    const file = join(folder, "volume.zarr", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Uint8Array.from(bytes));
  }
  expect(readByPython(join(folder, "volume.zarr"))).toEqual({
    "volume.zarr": { shape, dtype: "uint8", sha256: drawnSha256() },
  });
});

test("a region that a page packed with zstd and offered as a download, a zip, is opened by python3-zarr, voxel by voxel", async () => {
  const opened = await openPage();
  const downloading = opened.waitForEvent("download");
  await opened.evaluate(`downloadZip("${sample.url}1/stack/1/info")`);
  const download = await downloading;
  const zip = join(folder, download.suggestedFilename());
  await download.saveAs(zip);
  await opened.close();
  expect(readByPython(zip)).toEqual({ "volume.zip": { shape, dtype: "uint8", sha256: drawnSha256() } });
});
