/**
 * Exports more than 4 GiB to OME-Zarr, N5, HDF5 and BigTIFF: what memory that takes, how long it takes beside a writer that keeps
 * nothing, and that Python reads the same voxels from all four. The tiles are eight sections of the sample, again and again.
 *
 *     npm run build:js && node test/real/export-4-gib.mjs [FOLDER]
 *
 * Needs 5 GB of room in the folder (default: a temporary one), and a Python with zarr, h5py and tifffile (`PYTHON`). Run by hand; takes
 * some minutes.
 *
 * Last result, 2026-11-28, 2 cores, into a disk of memory: in chunks, nothing kept 10.8 s, OME-Zarr 0.4 13.8 s, N5 13.3 s, HDF5 12.3 s; in sections,
 * nothing kept 9.2 s, BigTIFF 10.3 s; at most 214 MB above an idle process; all four hold the same voxels.
 */
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveSample } from "./served-sample.mjs";

const shape = [260, 4096, 4096];
const drawn = 8;
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "catmaid-image-4-gib-"));
const path = join(folder, "export");
const dist = new URL("../../dist/", import.meta.url).href;

/** Serves the tiles of the sample's first sections in place of all. */
async function serveTiles() {
  const sample = await serveSample([shape[2], shape[1], drawn]);
  const info = await (await fetch(`${sample.url}1/stack/1/info`)).json();
  const tiles = new Map();
  for (let z = 0; z < drawn; z++) {
    for (let tile = 0; tile < 64; tile++) {
      const name = `${z}/${tile >> 3}_${tile & 7}_0.png`;
      const response = await fetch(`${sample.url}tiles/1/file/${name}`);
      if (response.status !== 200) throw new Error(`${response.url} answered with ${response.status}`);
      tiles.set(`/${name}`, Buffer.from(await response.arrayBuffer()));
    }
  }
  sample.close();
  const server = createServer((request, response) => {
    const [, z, name] = request.url.split("/");
    const tile = tiles.get(`/${z % drawn}/${name}`);
    response.writeHead(tile ? 200 : 404, { "Content-Length": tile?.length ?? 0 }).end(tile);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const mirror = {
    ...{ id: 1, title: "tiles", position: 0, tile_width: 512, tile_height: 512, tile_source_type: 1 },
    image_base: `http://127.0.0.1:${server.address().port}/`,
    file_extension: "png",
  };
  const dimension = { x: shape[2], y: shape[1], z: shape[0] };
  return { info: { ...info, dimension, broken_slices: {}, mirrors: [mirror] }, server };
}

/** Runs in a process of its own; `out` is an expression. */
const program = (info, out) => `
  import { readFileSync } from "node:fs";
  import { ThreadedImageFetcher } from "${dist}index.node.js";
  import { ChunkedWriter, fileSink, folderStore, n5Format, omeZarrFormat, TiffWriter } from "${dist}out.node.js";
  import { Hdf5Writer } from "${dist}out-hdf5.node.js";
  const [chunkShape, compression] = [[64, 64, 64], "none"];
  const peakBytes = () => 1024 * /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
  const idleBytes = process.memoryUsage.rss();
  const start = performance.now();
  const fetcher = ThreadedImageFetcher.fromStackInfo(${JSON.stringify(info)});
  const { report } = await fetcher.get([[0, 0, 0], ${JSON.stringify(shape)}], { roiMode: "scaled", out: ${out} });
  await fetcher.close();
  const [seconds, bytes] = [(performance.now() - start) / 1000, peakBytes() - idleBytes];
  console.log(JSON.stringify({ seconds, megabytes: bytes / 1e6, blocks: report.blocks }));
`;

const inFolder = (format) => `new ChunkedWriter(folderStore("${path}"), ${format})`;
/** Name, writer, and how Python opens what it wrote. */
const contenders = [
  ["nothing kept, in chunks", "{ chunkShape, concurrency: 4, write() {} }"],
  [
    "OME-Zarr 0.4",
    inFolder('omeZarrFormat({ version: "0.4", chunkShape, compression })'),
    "zarr.open(path)['0']",
  ],
  ["N5", inFolder("n5Format({ chunkShape, compression })"), "zarr.open(zarr.N5Store(path))['s0']"],
  ["HDF5", `new Hdf5Writer(await fileSink("${path}"), { chunkShape })`, "h5py.File(path)['volume']"],
  ["nothing kept, in sections", "{ write() {} }"],
  ["BigTIFF", `new TiffWriter(await fileSink("${path}"))`, "zarr.open(tifffile.TiffFile(path).aszarr())"],
];

const hash = (volume) => `
import hashlib, h5py, tifffile, zarr
path = "${path}"
volume = ${volume}
assert volume.shape == (${shape.join(", ")}), volume.shape
digest = hashlib.sha256()
for z in range(0, volume.shape[0], 64):
    digest.update(volume[z : z + 64].tobytes())
print(digest.hexdigest())
`;

async function answerOf(command, ...args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const part of child.stdout.setEncoding("utf8")) text += part;
  return text.trim();
}

/** Writes as much as an export does, and removes it: memory that a virtual machine uses for the first time is ten times as slow. */
function warmMemory() {
  const bytes = Buffer.alloc(2 ** 26, 1);
  for (let written = 0; written < 5e9; written += bytes.length) appendFileSync(path, bytes);
  rmSync(path);
}

const { info, server } = await serveTiles();
warmMemory();
const hashes = new Set();
try {
  for (const [name, out, volume] of contenders) {
    const answer = await answerOf(process.execPath, "--input-type=module", "-e", program(info, out));
    const { seconds, megabytes, blocks } = JSON.parse(answer);
    console.log(
      `${name}: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB above idle, ${JSON.stringify(blocks)}`,
    );
    if (volume === undefined) continue;
    hashes.add(await answerOf(process.env.PYTHON ?? "python3", "-c", hash(volume)));
    rmSync(path, { recursive: true });
  }
} finally {
  server.close();
  rmSync(folder, { recursive: true });
}
if (hashes.size !== 1) throw new Error(`not all hold the same voxels: ${[...hashes].join(", ")}`);
console.log(`all hold the same ${shape.join(" × ")} voxels: SHA-256 ${[...hashes].join()}`);
