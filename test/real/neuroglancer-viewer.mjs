/**
 * Neuroglancer's own viewer in Chromium: installed from npm into a temporary folder, and bundled there.
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright";

const version = "2.41.2";
const { CHROMIUM_PATH: executablePath = "/usr/bin/chromium" } = process.env;
const limitMs = 30_000;

/**
 * Starts the viewer. `source` is an address as its layers have it; positions are voxels of 4 x 4 x 40 nm along x, y, z.
 * `files`: a folder whose files are served beside it, under `filesUrl`.
 */
export async function startViewer({ files } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-neuroglancer-"));
  const server = servePages(await bundleViewer(folder), files);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const root = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
  return {
    filesUrl: `${root}files/`,
    open: (kind, source) => openLayer(browser, root, kind, source),
    close: async () => {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Its icons come from a package that npm has under another name only; the viewer works without. */
async function bundleViewer(folder) {
  await mkdir(join(folder, "icons"));
  await writeFile(join(folder, "icons/package.json"), '{"name":"ikonate","version":"1.0.0"}');
  const overrides = { ikonate: "file:./icons" };
  const dependencies = { neuroglancer: version, ...overrides };
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies, overrides }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  const library = join(folder, "node_modules/neuroglancer/lib");
  const out = join(folder, "viewer");
  await build({
    entryPoints: ["main", "chunk_worker", "async_computation"].map((name) => `${library}/${name}.bundle.js`),
    outdir: out,
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    loader: { ".svg": "text", ".wasm": "file", ".html": "text" },
    assetNames: "[name]",
    plugins: [
      {
        name: "icons-and-texts",
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^ikonate\// }, ({ path }) => ({ path, namespace: "icon" }));
          onLoad({ filter: /.*/, namespace: "icon" }, () => ({ contents: "<svg/>", loader: "text" }));
        },
      },
    ],
  });
  return { out, library };
}

function servePages({ out, library }, files) {
  const types = { js: "text/javascript", css: "text/css", wasm: "application/wasm", html: "text/html" };
  const page =
    '<!doctype html><link rel="stylesheet" href="main.bundle.css"><div id="neuroglancer-container"></div><script type="module" src="main.bundle.js"></script>';
  return createServer(async (request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname.slice(1));
    const find = async () => {
      if (name === "") return page;
      if (name.startsWith("files/")) return readFile(join(files, normalize(name.slice("files/".length))));
      if (!name.endsWith(".wasm")) return readFile(join(out, name));
      const found = execFileSync("find", [library, "-name", name.split("/").pop()], { encoding: "utf8" });
      return readFile(found.split("\n")[0]);
    };
    const body = await find().catch(() => undefined);
    const type = types[(name || "index.html").split(".").pop()] ?? "application/octet-stream";
    if (body === undefined) return response.writeHead(404).end();
    const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    if (from === "" && to === "") {
      // Also for HEAD, by which the viewer learns how long a shard is.
      const length = Buffer.byteLength(body);
      return response.writeHead(200, { "Content-Type": type, "Content-Length": length }).end(body);
    }
    const start = from === "" ? Math.max(0, body.length - Number(to)) : Number(from);
    const end = from === "" || to === "" ? body.length : Math.min(body.length, Number(to) + 1);
    const range = `bytes ${start}-${end - 1}/${body.length}`;
    response.writeHead(206, { "Content-Type": type, "Content-Range": range }).end(body.subarray(start, end));
  });
}

async function openLayer(browser, root, kind, source) {
  const page = await browser.newPage({ viewport: { width: 600, height: 500 } });
  page.on("pageerror", (error) => console.error(`page: ${error.message}`));
  const state = {
    dimensions: { x: [4e-9, "m"], y: [4e-9, "m"], z: [4e-8, "m"] },
    crossSectionScale: 1,
    layout: "xy",
    layers: [{ type: kind, name: "layer", source }],
  };
  await page.goto(`${root}#!${encodeURIComponent(JSON.stringify(state))}`);
  return {
    /** Where the layer begins and ends in nm, along x, y, z. */
    bounds: async () => {
      const read = () => {
        const space = globalThis.viewer?.coordinateSpace?.value;
        const lower = space?.bounds?.lowerBounds;
        if (space?.rank !== 3 || !Number.isFinite(lower[0])) return undefined;
        const inNm = (bounds) =>
          ["x", "y", "z"].map((name) => {
            const axis = space.names.indexOf(name);
            return Math.round(bounds[axis] * space.scales[axis] * 1e12) / 1e3;
          });
        return { lower: inNm(lower), upper: inNm(space.bounds.upperBounds) };
      };
      const found = await page.waitForFunction(read, undefined, { timeout: limitMs, polling: 200 });
      return found.jsonValue();
    },
    /** Goes to a place and waits until the viewer reads a value there: from coarser levels it first reads others. */
    waitForValue: async (position, expected) => {
      const isRead = ({ position, expected }) => {
        const { viewer } = globalThis;
        const layer = viewer?.layerManager.getLayerByName("layer")?.layer;
        if (!layer || viewer.navigationState.position.value.length !== 3) return false;
        viewer.navigationState.position.value = Float32Array.from(position);
        const value = layer.getValueAt(Float32Array.from(position), { pickedRenderLayer: null });
        globalThis.valueRead = String(value?.key ?? value?.value ?? value);
        return globalThis.valueRead === expected;
      };
      const wanted = { position, expected };
      await page.waitForFunction(isRead, wanted, { timeout: limitMs, polling: 200 }).catch(async () => {
        const read = await page.evaluate(() => globalThis.valueRead);
        throw new Error(`${source} at ${position}: the viewer reads ${read}, not ${expected}`);
      });
    },
    close: () => page.close(),
  };
}
