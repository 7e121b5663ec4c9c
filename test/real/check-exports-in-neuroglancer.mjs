/**
 * Exports a region of the sample in all formats that neuroglancer opens, and compares in its own viewer where they lie, and
 * what it reads at some places, with the sample's own precomputed mirror and its PNG tiles.
 *
 *     npm run build:js && node test/real/check-exports-in-neuroglancer.mjs
 *
 * The viewer runs in Chromium (neuroglancer-viewer.mjs). Run by hand.
 *
 * Last result, 2026-11-28, neuroglancer 2.41.2, Chromium 156: "equal" at 5 places of 15 sources. All lie at the same place,
 * also those of stacks in XZ and ZY, but for the N5, whose offset neuroglancer does not read.
 */
import { deepStrictEqual } from "node:assert";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CatmaidClient, ThreadedImageFetcher } from "../../dist/index.node.js";
import {
  ChunkedWriter,
  folderStore,
  n5Format,
  omeZarrFormat,
  precomputedFormat,
} from "../../dist/out.node.js";
import { startViewer } from "./neuroglancer-viewer.mjs";
import { greyOf, labelOf, serveSample } from "./served-sample.mjs";

const dimension = [700, 500, 50];
/** The corner of the stack, in voxels; all of x, y, z. */
const offset = [500, -300, 20];
const resolution = [4, 4, 40];
/** Of no whole number of chunks. Precomputed volumes have no place for a corner between the voxels of their last level. */
const lower = [100, 32, 7];
const upper = [363, 301, 42];
const [chunkShape, shardShape] = [
  [16, 64, 64],
  [32, 128, 128],
];
const levels = 3;

const places = [lower, [163, 95, 22], [164, 96, 23], [231, 200, 30], upper.map((end) => end - 1)];

/** What is exported: a stack in one of the axis orders, in a format. The stacks 2 and 3 lie in XZ and ZY; 4 has labels. */
const exports = [
  ["OME-Zarr 0.4", 1, "zyx", "zarr", omeZarrFormat({ version: "0.4", chunkShape })],
  [
    "OME-Zarr 0.4, not packed",
    1,
    "zyx",
    "zarr",
    omeZarrFormat({ version: "0.4", chunkShape, compression: "none" }),
  ],
  ["OME-Zarr 0.5", 1, "zyx", "zarr", omeZarrFormat({ chunkShape })],
  ["OME-Zarr 0.5, shards", 1, "zyx", "zarr", omeZarrFormat({ chunkShape, shardShape })],
  ["OME-Zarr 0.5, zstd", 1, "zyx", "zarr", omeZarrFormat({ chunkShape, compression: "zstd" })],
  ["OME-Zarr 0.5, Blosc", 1, "zyx", "zarr", omeZarrFormat({ chunkShape, shardShape, compression: "blosc" })],
  ["OME-Zarr 0.5, x slowest", 1, "xyz", "zarr", omeZarrFormat({ chunkShape })],
  ["OME-Zarr 0.5 of XZ", 2, "zyx", "zarr", omeZarrFormat({ chunkShape })],
  ["OME-Zarr 0.4 of ZY", 3, "yxz", "zarr", omeZarrFormat({ version: "0.4", chunkShape })],
  ["OME-Zarr 0.5 of labels", 4, "zyx", "zarr", omeZarrFormat({ chunkShape, shardShape })],
  ["precomputed", 1, "zyx", "precomputed", precomputedFormat({ chunkShape })],
  ["precomputed of XZ", 2, "zyx", "precomputed", precomputedFormat({ chunkShape })],
  ["precomputed of labels", 4, "zyx", "precomputed", precomputedFormat({ chunkShape })],
  ["N5", 1, "zyx", "n5", n5Format({ chunkShape })],
];

const nm = (voxels) => voxels.map((voxel, axis) => (voxel + offset[axis]) * resolution[axis]);
const folder = await mkdtemp(join(tmpdir(), "catmaid-image-exports-"));
const sample = await serveSample(dimension);
const viewer = await startViewer({ files: folder });
const client = new CatmaidClient({ baseUrl: sample.url, projectId: 1 });
try {
  for (const [index, [name, stack, outputOrientation, scheme, format]] of exports.entries()) {
    const store = folderStore(join(folder, String(index)));
    const fetcher = await ThreadedImageFetcher.fromCatmaid(client, stack, { outputOrientation });
    const columns = [...outputOrientation].map((axis) => "xyz".indexOf(projectAxisOf(stack, axis)));
    const roi = [lower, upper].map((corner) => columns.map((axis) => corner[axis]));
    await fetcher.get(roi, { out: new ChunkedWriter(store, format, { levels }) });
    await fetcher.close();
    // It does not read the offset of an N5.
    const shift = scheme === "n5" ? nm(lower) : [0, 0, 0];
    await compare(name, stack, `${scheme}://${viewer.filesUrl}${index}/`, [lower, upper], shift);
  }
  const mirror = `precomputed://${sample.url}tiles/1/precomputed/`;
  await compare("the sample's mirror", 1, mirror, [[0, 0, 0], dimension], [0, 0, 0]);
  console.log("equal");
} finally {
  await viewer.close();
  sample.close();
  await rm(folder, { recursive: true, force: true });
}

function projectAxisOf(stack, axis) {
  const swapped = { 2: { y: "z", z: "y" }, 3: { x: "z", z: "x" } }[stack];
  return swapped?.[axis] ?? axis;
}

async function compare(name, stack, source, corners, shift) {
  const [first, last] = corners.map((corner) => nm(corner).map((place, axis) => place - shift[axis]));
  const isLabels = stack === 4;
  const layer = await viewer.open(isLabels ? "segmentation" : "image", source);
  deepStrictEqual(await layer.bounds(), { lower: first, upper: last }, name);
  for (const place of places) {
    const position = place.map((voxel, axis) => voxel + offset[axis] + 0.5 - shift[axis] / resolution[axis]);
    await layer.waitForValue(position, await (isLabels ? labelOf : greyOf)(sample.url, place));
  }
  await layer.close();
  console.log(`${name}: from ${first.join(", ")} to ${last.join(", ")} nm, ${places.length} voxels`);
}
