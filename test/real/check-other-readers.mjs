/**
 * Opens exports of the command line with readers of others, and compares every voxel, the voxel size and the place.
 *
 *     npm run build
 *     npm install --prefix FOLDER @itk-wasm/image-io@1.6.1 jsfive@0.4.2 geotiff@3.0.5 @fideus-labs/ngff-zarr@0.14.0 @vivjs/loaders@0.21.0
 *     node test/real/check-other-readers.mjs FOLDER
 *
 * ITK reads NRRD and TIFF, which is what Slicer and ITK-SNAP open them with; geotiff, libtiff's tools and GDAL TIFF; jsfive, h5dump and R's hdf5r
 * HDF5; ngff-zarr and Viv OME-Zarr, GDAL the Zarr 2 that it is on. Needs Debian's gdal-bin, hdf5-tools, libtiff-tools and r-cran-hdf5r.
 *
 * With N5_WASM_PATH, which docs/performance.md tells of, and after `npm run bench -- --list`, CATMAID's own reader opens N5.
 *
 * Last result, 2026-11-28, with those and GDAL 3.6.2, HDF5 1.10.8, libtiff 4.5.0, R 4.2.2 with hdf5r 1.3.8: "all equal", 20 files by
 * 10 readers.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { serveSample } from "./served-sample.mjs";

const [packages = ""] = process.argv.slice(2);
const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
const require = createRequire(resolve(packages, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

/** In voxels, x, y, z: odd, and no multiple of chunks or tiles. */
const lower = [500, 700, 3];
const size = [131, 77, 9];
const voxelSize = [4, 4, 40];
const work = mkdtempSync(join(tmpdir(), "catmaid-image-readers-"));
const sample = await serveSample([1200, 1000, 20]);
const files = await serveFiles(work);
let bad = 0;

try {
  const roi = ["x", "y", "z"].map((axis, n) => `${axis}=${lower[n]}+${size[n]}`).join();
  const outputs = [
    ["v.npy", "--metadata"],
    ["v.nrrd"],
    ["v.tif"],
    ["v.h5"],
    ["gzip.h5", "--compression", "gzip", "--chunk", "4,32,50"],
    ["v.n5", "--chunk", "4,32,50", "--compression", "none"],
    ["gzip.n5", "--chunk", "4,32,50", "--levels", "2"],
    ["v.ome.zarr", "--chunk", "4,32,50", "--levels", "2"],
    ["shards.ome.zarr", "--chunk", "4,32,50", "--shard", "8,64,100"],
    ["old.zarr", "--format", "ome-zarr-0.4", "--chunk", "4,32,50", "--levels", "2"],
  ];
  for (const [output, ...words] of outputs) {
    run(
      process.execPath,
      cli,
      "get",
      `${sample.url}1/stack/1/info`,
      "--roi",
      roi,
      "-q",
      "-o",
      output,
      ...words,
    );
  }
  const npy = readFileSync(join(work, "v.npy"));
  const voxels = sha256(npy.subarray(npy.length - size[0] * size[1] * size[2]));
  const { projectOffset } = JSON.parse(readFileSync(join(work, "v.npy.json"), "utf8"));
  const corner = [projectOffset.x, projectOffset.y, projectOffset.z];
  const centre = corner.map((place, axis) => place + voxelSize[axis] / 2);
  const check = checkAgainst({ size, voxels, spacing: voxelSize });

  await check("ITK, NRRD", () => byItk("v.nrrd"), { place: centre });
  await check("ITK, TIFF", () => byItk("v.tif"), { spacing: undefined, place: undefined });
  await check("geotiff, TIFF", byGeotiff, { spacing: undefined, place: undefined });
  await check("libtiff, TIFF", byLibtiff, { voxels: undefined, spacing: undefined, place: undefined });
  await check("GDAL, TIFF", () => byGdal((z) => `GTIFF_DIR:${z + 1}:v.tif`), {
    spacing: undefined,
    place: undefined,
  });
  for (const file of ["v.h5", "gzip.h5"]) {
    await check(`jsfive, ${file}`, () => byJsfive(file), { place: corner });
    await check(`h5dump, ${file}`, () => byH5dump(file), { spacing: undefined, place: undefined });
    await check(`R's hdf5r, ${file}`, () => byR(file), { place: corner });
  }
  for (const file of ["v.ome.zarr", "shards.ome.zarr", "old.zarr"]) {
    await check(`ngff-zarr, ${file}`, () => byNgffZarr(file), { place: centre });
    await check(`Viv, ${file}`, () => byViv(file), { spacing: undefined, place: undefined });
  }
  for (const file of process.env.N5_WASM_PATH ? ["v.n5", "gzip.n5"] : []) {
    await check(`CATMAID's n5-wasm, ${file}`, () => byN5Wasm(file), {
      size: undefined,
      spacing: undefined,
      place: undefined,
    });
  }
  await check("GDAL, old.zarr", () => byGdal((z) => `ZARR:"old.zarr":/0:${z}`), {
    spacing: undefined,
    place: undefined,
  });
} finally {
  sample.close();
  await files.close();
  rmSync(work, { recursive: true });
}
console.log(bad === 0 ? "all equal" : `${bad} BAD`);
process.exitCode = bad === 0 ? 0 : 1;

/** Compares what a reader found: lists are x, y, z; what it does not tell of is left out. */
function checkAgainst(all) {
  return async (name, read, told) => {
    const wanted = { ...all, ...told };
    try {
      const found = await read();
      const wrong = Object.keys(wanted).filter(
        (key) => wanted[key] !== undefined && JSON.stringify(found[key]) !== JSON.stringify(wanted[key]),
      );
      bad += wrong.length;
      console.log(`${name}: ${wrong.length === 0 ? "right" : "WRONG"}`);
      for (const key of wrong)
        console.log(`  ${key}: ${JSON.stringify(found[key])}, not ${JSON.stringify(wanted[key])}`);
    } catch (error) {
      bad++;
      console.log(`${name}: FAILED ${error.stack}`);
    }
  };
}

async function byItk(file) {
  const { readImageNode } = await load("@itk-wasm/image-io");
  const { data, size: found, spacing, origin } = await readImageNode(join(work, file));
  return { size: found.map(Number), voxels: sha256(data), spacing: [...spacing], place: [...origin] };
}

async function byGeotiff() {
  const { fromFile } = await load("geotiff");
  const tiff = await fromFile(join(work, "v.tif"));
  const count = await tiff.getImageCount();
  const hash = createHash("sha256");
  let image;
  for (let page = 0; page < count; page++) {
    image = await tiff.getImage(page);
    hash.update((await image.readRasters())[0]);
  }
  tiff.close();
  return { size: [image.getWidth(), image.getHeight(), count], voxels: hash.digest("hex") };
}

function byLibtiff() {
  const told = run("tiffinfo", "v.tif");
  const [, width, length] = /Image Width: (\d+) Image Length: (\d+)/.exec(told);
  return { size: [Number(width), Number(length), told.match(/^TIFF Directory/gm).length] };
}

function byGdal(sectionOf) {
  const hash = createHash("sha256");
  let told = "";
  for (let z = 0; z < size[2]; z++) {
    run("gdal_translate", "-q", "-of", "ENVI", sectionOf(z), "section.raw");
    told = run("gdalinfo", "section.raw");
    hash.update(readFileSync(join(work, "section.raw")));
  }
  const [, width, height] = /Size is (\d+), (\d+)/.exec(told);
  return { size: [Number(width), Number(height), size[2]], voxels: hash.digest("hex") };
}

async function byJsfive(file) {
  const { default: jsfive } = await load("jsfive");
  const bytes = new Uint8Array(readFileSync(join(work, file)));
  const dataset = new jsfive.File(bytes.buffer, file).get("volume");
  const { resolution, offset } = dataset.attrs;
  return {
    size: [...dataset.shape].reverse(),
    voxels: sha256(Uint8Array.from(dataset.value)),
    spacing: [...resolution].reverse(),
    place: [...offset].reverse(),
  };
}

function byH5dump(file) {
  const told = run("h5dump", "-d", "/volume", "-b", "LE", "-o", "volume.raw", file);
  const [, shape] = /DATASPACE\s+SIMPLE \{ \( ([\d, ]+) \)/.exec(told);
  return {
    size: shape.split(", ").map(Number).reverse(),
    voxels: sha256(readFileSync(join(work, "volume.raw"))),
  };
}

function byR(file) {
  const script = `
    suppressMessages(library(hdf5r))
    dataset <- H5File$new("${file}", "r")[["volume"]]
    voxels <- dataset$read()
    writeBin(as.raw(voxels), "r.raw")
    cat(dim(voxels), h5attr(dataset, "resolution"), h5attr(dataset, "offset"))`;
  // R has the fastest axis first.
  const numbers = run("Rscript", "-e", script).trim().split(" ").map(Number);
  return {
    size: numbers.slice(0, 3),
    voxels: sha256(readFileSync(join(work, "r.raw"))),
    spacing: numbers.slice(3, 6).reverse(),
    place: numbers.slice(6).reverse(),
  };
}

async function byNgffZarr(file) {
  const { fromNgffZarr } = await load("@fideus-labs/ngff-zarr");
  // The one that it has itself, which it hands out arrays of.
  const zarrita = await import(
    pathToFileURL(resolve(packages, "node_modules/zarrita/dist/src/index.js")).href
  );
  const { images } = await fromNgffZarr(`${files.url}${file}`);
  const { data, scale, translation } = images[0];
  const read = await zarrita.get(data);
  const inOrder = (record) => ["x", "y", "z"].map((axis) => record[axis]);
  return {
    size: [...read.shape].reverse(),
    voxels: sha256(read.data),
    spacing: inOrder(scale),
    place: inOrder(translation),
  };
}

async function byViv(file) {
  const { loadOmeZarr } = await load("@vivjs/loaders");
  const { data } = await loadOmeZarr(`${files.url}${file}`, { type: "multiscales" });
  const [finest] = data;
  const hash = createHash("sha256");
  for (let z = 0; z < size[2]; z++) hash.update((await finest.getRaster({ selection: { z } })).data);
  return { size: [...finest.shape].reverse(), voxels: hash.digest("hex") };
}

/** Asks the process of the benchmarks. */
async function byN5Wasm(file) {
  const program = new URL("../../temp/bench/build/n5-wasm.process.mjs", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, process.env.N5_WASM_PATH], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const upper = [...size].reverse();
  child.stdin.end(`${JSON.stringify({ url: `${files.url}${file}/s0`, roi: [[0, 0, 0], upper] })}\n`);
  const text = Buffer.concat(await child.stdout.toArray()).toString();
  return { voxels: JSON.parse(text).sha256 };
}

/** Serves the files of a folder, and parts of them. */
async function serveFiles(folder) {
  const server = createServer((request, response) => {
    let body;
    try {
      body = readFileSync(join(folder, new URL(request.url, "http://localhost").pathname));
    } catch {
      return response.writeHead(404).end();
    }
    const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    if (from === "" && to === "") return response.writeHead(200, { "Content-Length": body.length }).end(body);
    const start = from === "" ? body.length - Number(to) : Number(from);
    const end = from === "" || to === "" ? body.length : Number(to) + 1;
    response.writeHead(206, { "Content-Range": `bytes ${start}-${end - 1}/${body.length}` });
    response.end(body.subarray(start, end));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

function run(command, ...args) {
  return execFileSync(command, args, { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
