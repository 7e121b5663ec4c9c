import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ChunkFormat } from "../../../src/out/chunked/chunk-format.js";
import { ChunkedWriter } from "../../../src/out/chunked/chunked-writer.js";
import { verifyExport } from "../../../src/out/chunked/log/verify-export.js";
import { n5Format } from "../../../src/out/n5/n5-format.js";
import { pngSeriesFormat } from "../../../src/out/png/png-series-format.js";
import { precomputedFormat } from "../../../src/out/precomputed/precomputed-format.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { sampleStacks } from "../../../src/sample/sample-stack.js";
import { axesOf, type Triple, type Vector3 } from "../../../src/space/axis-order.js";
import type { DataType } from "../../../src/space/data-type.js";
import { matchingAxis, type StackOrientation } from "../../../src/space/stack-orientation.js";
import { jsonAt } from "../../support/blocks/read-block-volume.js";
import { serveFiles } from "../../support/servers/serve-files.js";

const stacks = sampleStacks({ dimension: { x: 231, y: 103, z: 25 }, brokenSlices: [] });

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks });
});
afterAll(() => server.close());

interface StackInfo {
  readonly resolution: Vector3;
  readonly translation: Vector3;
}

async function fetcherOf(stack: number): Promise<{ fetcher: ImageFetcher<DataType>; info: StackInfo }> {
  const info = await jsonAt<StackInfo>(`${server.url}1/stack/${stack}/info`);
  const fetcher = ImageFetcher.fromStackInfo<DataType>(info, { preferredMirror: "Precomputed" });
  onTestFinished(() => fetcher.close());
  return { fetcher, info };
}

/** Of the stack, z, y, x: neither begins nor ends with a block or a chunk; even, so that a level begins with a voxel. */
const lower: Triple = [4, 12, 30];
const upper: Triple = [23, 71, 97];

/** Exports the region with a level that is computed, and serves the files. */
async function exported(fetcher: ImageFetcher<DataType>, format: ChunkFormat): Promise<string> {
  const store = new MemoryStore();
  await fetcher.get([lower, upper], { out: new ChunkedWriter(store, format, { levels: 2 }) });
  expect(await verifyExport(store)).toMatchObject({ missing: [], damaged: [] });
  const files = new Map<string, Uint8Array>();
  for (const path of store.paths) files.set(path, (await store.get(path)) ?? new Uint8Array(0));
  return serveFiles(files);
}

/** A fetcher for an export, as a stack in XY that lies where the region does in project space. */
function exportedStack(
  imageBase: string,
  type: 11 | 14,
  place: { readonly dimension: Vector3; readonly resolution: Vector3; readonly translation: Vector3 },
  factor: Vector3,
): ImageFetcher<DataType> {
  const fetcher = ImageFetcher.fromStackInfo<DataType>({
    ...{ sid: 1, pid: 1, stitle: "exported", orientation: 0, num_zoom_levels: 1, ...place },
    downsample_factors: [{ x: 1, y: 1, z: 1 }, factor],
    mirrors: [
      {
        ...{ id: 1, title: "export", position: 0, image_base: imageBase, file_extension: "" },
        ...{ tile_width: 64, tile_height: 64, tile_source_type: type },
      },
    ],
  });
  onTestFinished(() => fetcher.close());
  return fetcher;
}

const formats = [
  ["N5", 11, n5Format({ chunkShape: [8, 16, 16] })],
  ["precomputed", 14, precomputedFormat({ chunkShape: [8, 16, 16] })],
  ["sharded precomputed", 14, precomputedFormat({ chunkShape: [8, 16, 16], shardShape: [16, 32, 32] })],
] as const;

describe.each(formats)("a region of a stack, exported as %s", (_, type, format) => {
  it.each([
    ["xy", 1],
    ["xz", 2],
    ["zy", 3],
  ] as const)(
    "lies where the stack does in project space: %s",
    async (orientation: StackOrientation, stack) => {
      const { fetcher, info } = await fetcherOf(stack);
      const { data, shape } = await fetcher.get([lower, upper]);
      const url = await exported(fetcher, format);

      // The place of the region, in project axes.
      const project = (of: (axis: "x" | "y" | "z") => number): Vector3 => ({
        x: of(matchingAxis(orientation, "x")),
        y: of(matchingAxis(orientation, "y")),
        z: of(matchingAxis(orientation, "z")),
      });
      const column = (axis: "x" | "y" | "z"): 0 | 1 | 2 => axesOf("zyx").indexOf(axis) as 0 | 1 | 2;
      const dimension = project((axis) => shape[column(axis)]);
      const resolution = project((axis) => info.resolution[axis]);
      const first = project((axis) => lower[column(axis)] * info.resolution[axis]);
      const { translation: t } = info;
      const translation = { x: t.x + first.x, y: t.y + first.y, z: t.z + first.z };
      const dims =
        type === 14
          ? [0, 1, 2]
          : await jsonAt<{ axes: string[] }>(`${url}attributes.json`).then(({ axes }) =>
              ["x", "y", "z"].map((axis) => axes.indexOf(axis)),
            );
      // Voxels are ten times as long along project z: the other axes are halved first.
      const factor = { x: 2, y: 2, z: 1 };
      const base = `${url}%SCALE_DATASET%/${dims.join("_")}`;
      const other = exportedStack(base, type, { dimension, resolution, translation }, factor);

      const end = (axis: "x" | "y" | "z"): number => translation[axis] + dimension[axis] * resolution[axis];
      const roi: [Triple, Triple] = [
        [translation.z, translation.y, translation.x],
        [end("z"), end("y"), end("x")],
      ];
      const read = await other.get(roi, { roiMode: "project" });
      expect(read.shape).toEqual([dimension.z, dimension.y, dimension.x]);
      const at = (z: number, y: number, x: number) => data[(z * shape[1] + y) * shape[2] + x];
      const inStack = (place: Vector3): Triple => {
        const of = (axis: "x" | "y" | "z"): number => place[matchingAxis(orientation, axis)];
        return [of("z"), of("y"), of("x")];
      };
      let [from, different] = [0, 0];
      for (let z = 0; z < dimension.z; z++)
        for (let y = 0; y < dimension.y; y++)
          for (let x = 0; x < dimension.x; x++)
            if (read.data[from++] !== at(...inStack({ x, y, z }))) different++;
      expect(different).toBe(0);

      // A voxel of the computed level, amid the volume, is the mean of those that it covers.
      const level = await other.get(roi, { roiMode: "project", zoomLevel: 1 });
      const covered = [
        { x: 10, y: 12, z: 7 },
        { x: 11, y: 12, z: 7 },
        { x: 10, y: 13, z: 7 },
        { x: 11, y: 13, z: 7 },
      ].map((voxel) => Number(at(...inStack(voxel))));
      const mean = Math.floor(covered.reduce((sum, value) => sum + value, 2) / 4);
      expect(level.data[(7 * level.shape[1] + 6) * level.shape[2] + 5]).toBe(mean);
    },
  );
});

describe("labels of a stack, exported", () => {
  it.each(formats)("as %s, keep their 64 bits", async (_, type, format) => {
    const { fetcher, info } = await fetcherOf(4);
    const { data, shape } = await fetcher.get([lower, upper]);
    const url = await exported(fetcher, format);
    const [z, y, x] = shape;
    const translation = {
      x: info.translation.x + lower[2] * info.resolution.x,
      y: info.translation.y + lower[1] * info.resolution.y,
      z: info.translation.z + lower[0] * info.resolution.z,
    };
    const place = { dimension: { x, y, z }, resolution: info.resolution, translation };
    const other = exportedStack(`${url}%SCALE_DATASET%/0_1_2`, type, place, { x: 2, y: 2, z: 1 });
    expect((await other.get([[0, 0, 0], shape])).data).toEqual(data);
  });
});

describe("sections of a stack, exported as a PNG series", () => {
  it("are files of whole sections, though the writer knows no section before", async () => {
    const { fetcher } = await fetcherOf(1);
    const store = new MemoryStore();
    const format = pngSeriesFormat();
    await fetcher.get([lower, upper], { out: new ChunkedWriter(store, format) });
    const images = store.paths.filter((path) => path.endsWith(".png")).sort();
    expect(images).toHaveLength(upper[0] - lower[0]);
    expect(await verifyExport(store)).toMatchObject({ missing: [], damaged: [] });
    // Without blocks of levels there is one only.
    await expect(exported(fetcher, format)).rejects.toThrow("a PNG series has one level");
  });
});
