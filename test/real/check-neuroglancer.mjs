/**
 * Opens the sample's N5 and precomputed mirrors, plain and sharded, in neuroglancer's own viewer, and compares what it
 * reads with the PNG tiles and the N5 blocks.
 *
 *     npm run build:js && node test/real/check-neuroglancer.mjs
 *
 * The viewer is installed from npm into a temporary folder, and bundled there; it runs in Chromium. Run by hand.
 *
 * Last result, 2026-11-28, neuroglancer 2.41.2, Chromium 156: "equal" at 5 places of 6 sources: grey values and labels from
 * N5, from precomputed and from shards.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { build } from "esbuild";
import { chromium } from "playwright";
import UPNG from "upng-js";

const version = "2.41.2";
const { CHROMIUM_PATH: executablePath = "/usr/bin/chromium" } = process.env;
const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
const limitMs = 30_000;

/** Voxels of the stack: in the first blocks, at borders of blocks, in the last, smaller ones. */
const dimension = [700, 500, 50];
const places = [
  [0, 0, 0],
  [111, 95, 19],
  [112, 96, 20],
  [350, 301, 41],
  [699, 499, 49],
];

const folder = await mkdtemp(join(tmpdir(), "catmaid-image-neuroglancer-"));
const served = spawn(process.execPath, [cli, "serve", "--dimension", dimension.join()], {
  stdio: ["ignore", "pipe", "inherit"],
});
let browser;
let pages;
try {
  const sample = await firstUrl(served.stdout);
  pages = await servePages(await bundleViewer());
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
  for (const [stack, kind] of [
    [1, "image"],
    [4, "segmentation"],
  ]) {
    for (const [mirror, scheme] of [
      ["n5", "n5"],
      ["precomputed", "precomputed"],
      ["sharded", "precomputed"],
    ]) {
      const offset = scheme === "n5" ? [0, 0, 0] : [500, -300, 20];
      const source = `${scheme}://${sample}tiles/${stack}/${mirror}/`;
      const expected = await Promise.all(
        places.map((place) => (kind === "image" ? greyOf(sample, place) : labelOf(sample, place))),
      );
      await waitForValues(kind, source, offset, expected);
      console.log(`${kind} from ${mirror}: ${expected.join(", ")}`);
    }
  }
  console.log("equal");
} finally {
  await browser?.close();
  pages?.close();
  served.kill();
  await rm(folder, { recursive: true, force: true });
}

function firstUrl(stream) {
  return new Promise((resolve) => {
    stream.setEncoding("utf8").on("data", (text) => {
      const url = /https?:\/\/\S+/.exec(text);
      if (url !== null) resolve(url[0]);
    });
  });
}

/** Its icons come from a package that npm has under another name only; the viewer works without. */
async function bundleViewer() {
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

async function servePages({ out, library }) {
  const types = { js: "text/javascript", css: "text/css", wasm: "application/wasm", html: "text/html" };
  const page =
    '<!doctype html><link rel="stylesheet" href="main.bundle.css"><div id="neuroglancer-container"></div><script type="module" src="main.bundle.js"></script>';
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
    const find = async () => {
      if (name === "") return page;
      if (!name.endsWith(".wasm")) return readFile(join(out, name));
      const found = execFileSync("find", [library, "-name", name.split("/").pop()], { encoding: "utf8" });
      return readFile(found.split("\n")[0]);
    };
    const body = await find().catch(() => undefined);
    const type = types[(name || "index.html").split(".").pop()] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Goes to each place and waits until the viewer reads what it should there: from coarser levels it first reads other values. */
async function waitForValues(kind, source, offset, expected) {
  const page = await browser.newPage({ viewport: { width: 600, height: 500 } });
  page.on("pageerror", (error) => console.error(`page: ${error.message}`));
  const state = {
    dimensions: { x: [4e-9, "m"], y: [4e-9, "m"], z: [4e-8, "m"] },
    crossSectionScale: 1,
    layout: "xy",
    layers: [{ type: kind, name: "sample", source }],
  };
  const { port } = pages.address();
  await page.goto(`http://127.0.0.1:${port}/#!${encodeURIComponent(JSON.stringify(state))}`);
  for (const [i, place] of places.entries()) {
    const position = place.map((voxel, axis) => voxel + offset[axis] + 0.5);
    const isRead = ({ position, expected }) => {
      const { viewer } = globalThis;
      const layer = viewer?.layerManager.getLayerByName("sample")?.layer;
      if (!layer || viewer.navigationState.position.value.length !== 3) return false;
      viewer.navigationState.position.value = Float32Array.from(position);
      const value = layer.getValueAt(Float32Array.from(position), { pickedRenderLayer: null });
      globalThis.valueRead = String(value?.key ?? value?.value ?? value);
      return globalThis.valueRead === expected;
    };
    const wanted = { position, expected: expected[i] };
    await page.waitForFunction(isRead, wanted, { timeout: limitMs, polling: 200 }).catch(async () => {
      const read = await page.evaluate(() => globalThis.valueRead);
      throw new Error(`${source} at ${place}: the viewer reads ${read}, not ${expected[i]}`);
    });
  }
  await page.close();
}

async function bytes(url) {
  const response = await fetch(url);
  return response.status === 200 ? response.arrayBuffer() : undefined;
}

async function greyOf(sample, [x, y, z]) {
  const [column, row] = [Math.floor(x / 512), Math.floor(y / 512)];
  const png = await bytes(`${sample}tiles/1/file/${z}/${row}_${column}_0.png`);
  const rgba = new Uint8Array(UPNG.toRGBA8(UPNG.decode(png))[0]);
  return String(rgba[4 * ((y % 512) * 512 + (x % 512))]);
}

async function labelOf(sample, [x, y, z]) {
  const [i, j, k] = [Math.floor(x / 112), Math.floor(y / 96), Math.floor(z / 20)];
  const file = Buffer.from(await bytes(`${sample}tiles/4/n5/s0/${i}/${j}/${k}`));
  const [width, height] = [file.readUInt32BE(4), file.readUInt32BE(8)];
  const at = (x % 112) + width * ((y % 96) + height * (z % 20));
  return String(gunzipSync(file.subarray(16)).readBigUInt64BE(8 * at));
}
