import { afterAll, beforeAll, expect, test } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { ChunkedWriter } from "../../../src/out/chunked/chunked-writer.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import { omeZarrFormat } from "../../../src/out/zarr/ome-zarr-format.js";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { sampleStacks } from "../../../src/sample/sample-stack.js";
import type { Axis, Triple } from "../../../src/space/axis-order.js";
import { jsonAt } from "../../support/blocks/read-block-volume.js";
import type { DatasetFiles } from "../../support/exports/write-dataset.js";
import { readByZarrita } from "../../support/readers/read-by-zarrita.js";

// The stacks show the same tissue, in XY, XZ and ZY: what lies at a place of project space is the same voxel in all.
const stacks = sampleStacks({ dimension: { x: 131, y: 103, z: 25 }, brokenSlices: [] });

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks });
});
afterAll(() => server.close());

interface Image {
  readonly axes: readonly { readonly name: Axis }[];
  readonly datasets: readonly [
    {
      readonly coordinateTransformations: readonly [
        { readonly scale: Triple },
        { readonly translation: Triple },
      ];
    },
  ];
}

/** Exports a region that has its bounds in voxels of the stack, and reads voxels by their centres in project space, in nm. */
async function exported(stack: number, outputOrientation: "zyx" | "xzy", lower: Triple, upper: Triple) {
  const info = await jsonAt(`${server.url}1/stack/${stack}/info`);
  const fetcher = ImageFetcher.fromStackInfo(info, { outputOrientation });
  const store = new MemoryStore();
  const format = omeZarrFormat({ chunkShape: [8, 16, 16], shardShape: [16, 32, 32] });
  await fetcher.get([lower, upper], { out: new ChunkedWriter(store, format) });
  await fetcher.close();
  const files: DatasetFiles = new Map();
  for (const path of store.paths) files.set(path, (await store.get(path)) ?? new Uint8Array());
  const { attributes } = JSON.parse(new TextDecoder().decode(files.get("zarr.json")));
  const [{ axes, datasets }] = attributes.ome.multiscales as readonly [Image];
  const [{ scale }, { translation }] = datasets[0].coordinateTransformations;
  const { data, shape } = await readByZarrita(files, "0", "v3");
  const names = axes.map(({ name }) => name);
  const voxelAt = (place: Readonly<Record<Axis, number>>) =>
    names.reduce((index, name, axis) => {
      const at = (place[name] - (translation[axis] ?? 0)) / (scale[axis] ?? 0);
      if (!Number.isInteger(at) || at < 0 || at >= (shape[axis] ?? 0)) throw new Error(`no voxel at ${at}`);
      return index * (shape[axis] ?? 0) + at;
    }, 0);
  return { names, at: (place: Readonly<Record<Axis, number>>) => data[voxelAt(place)] };
}

test.each([
  ["in XY, x slowest", 1, "xzy", [20, 4, 10], [71, 21, 45], ["x", "z", "y"]],
  ["in XZ", 2, "zyx", [10, 4, 20], [45, 21, 71], ["y", "z", "x"]],
  ["in ZY", 3, "zyx", [20, 10, 4], [71, 45, 21], ["x", "y", "z"]],
] as const)(
  "an OME-Zarr of a stack that lies %s has its voxels where the others have them",
  async (_, stack, order, lower, upper, names) => {
    const xy = await exported(1, "zyx", [4, 10, 20], [21, 45, 71]);
    const other = await exported(stack, order, [...lower], [...upper]);
    expect(other.names).toEqual(names);
    let different = 0;
    for (let z = 4; z < 21; z++)
      for (let y = 10; y < 45; y++)
        for (let x = 20; x < 71; x++) {
          const centre = { x: 2000 + 4 * (x + 0.5), y: -1200 + 4 * (y + 0.5), z: 800 + 40 * (z + 0.5) };
          if (other.at(centre) !== xy.at(centre)) different++;
        }
    expect(different).toBe(0);
  },
);
