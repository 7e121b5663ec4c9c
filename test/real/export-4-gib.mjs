/**
 * Exports more than 4 GiB from the sample server to OME-Zarr, N5, HDF5 and BigTIFF: what memory that takes, how long it takes beside a
 * writer that keeps nothing, and that Python reads the same voxels from all four.
 *
 *     npm run build:js && node test/real/export-4-gib.mjs [FOLDER]
 *
 * Needs 5 GB of room in the folder (default: a temporary one), and a Python with zarr, h5py and tifffile (`PYTHON`). Run by hand; takes
 * some minutes, most of which the server draws.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveSample } from "./served-sample.mjs";

const shape = [260, 4096, 4096];
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "catmaid-image-4-gib-"));
const dist = new URL("../../dist/", import.meta.url).href;

/** Runs in a process of its own; what it writes to is the expression `writer`. */
const program = (url, writer) => `
  import { readFileSync } from "node:fs";
  import { ThreadedImageFetcher } from "${dist}index.node.js";
  import { ChunkedWriter, fileSink, folderStore, n5Format, omeZarrFormat, TiffWriter } from "${dist}out.node.js";
  import { Hdf5Writer } from "${dist}out-hdf5.node.js";
  const chunkShape = [64, 64, 64];
  const peak = () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1000;
  const info = await (await fetch("${url}1/stack/1/info")).json();
  const idle = process.memoryUsage.rss() / 1e6;
  const start = performance.now();
  const fetcher = ThreadedImageFetcher.fromStackInfo(info);
  const { report } = await fetcher.get([[0, 0, 0], ${JSON.stringify(shape)}], { roiMode: "scaled", out: ${writer} });
  await fetcher.close();
  const { fetched, filled } = report.blocks;
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, megabytes: peak() - idle, fetched, filled }));
`;

const path = join(folder, "export");
const formats = [
  ["nothing, in chunks", "{ chunkShape, concurrency: 4, write: () => {} }"],
  [
    "OME-Zarr 0.4",
    `new ChunkedWriter(folderStore("${path}"), omeZarrFormat({ version: "0.4", chunkShape, compression: "none" }))`,
    "zarr.open(path + '/0')",
  ],
  [
    "N5",
    `new ChunkedWriter(folderStore("${path}"), n5Format({ chunkShape, compression: "none" }))`,
    "zarr.open(zarr.N5Store(path))['s0']",
  ],
  [
    "HDF5",
    `new Hdf5Writer(await fileSink("${path}"), { chunkShape })`,
    "next(d for d in everything(h5py.File(path)) if d.ndim == 3)",
  ],
  ["nothing, in sections", "{ write: () => {} }"],
  ["BigTIFF", `new TiffWriter(await fileSink("${path}"))`, "zarr.open(tifffile.TiffFile(path).aszarr())"],
];

const hash = (open) => `
import hashlib, h5py, tifffile, zarr
def everything(group):
    for value in group.values():
        yield from everything(value) if isinstance(value, h5py.Group) else [value]
path = "${path}"
volume = ${open}
assert volume.shape == (${shape.join(", ")}), volume.shape
digest = hashlib.sha256()
for z in range(0, volume.shape[0], 64):
    digest.update(volume[z : z + 64].tobytes())
print(digest.hexdigest())
`;

async function run(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const part of child.stdout.setEncoding("utf8")) text += part;
  return text.trim();
}

const sample = await serveSample([...shape].reverse());
const hashes = new Set();
try {
  for (const [name, writer, open] of formats) {
    const answer = await run(process.execPath, ["--input-type=module", "-e", program(sample.url, writer)]);
    const { seconds, megabytes, fetched, filled } = JSON.parse(answer);
    console.log(
      `${name}: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB above idle, ${fetched} tiles, ${filled} filled`,
    );
    if (open === undefined) continue;
    hashes.add(await run(process.env.PYTHON ?? "python3", ["-c", hash(open)]));
    rmSync(path, { recursive: true });
  }
} finally {
  sample.close();
  rmSync(folder, { recursive: true });
}
if (hashes.size !== 1) throw new Error(`the formats hold other voxels: ${[...hashes].join(", ")}`);
console.log(`all four hold the same ${shape.join(" × ")} voxels: ${[...hashes].join()}`);
