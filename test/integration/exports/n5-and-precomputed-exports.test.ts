import { describe, expect, it, onTestFinished } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ChunkFormat, LevelInfo } from "../../../src/out/chunked/chunk-format.js";
import { n5Format } from "../../../src/out/n5/n5-format.js";
import { precomputedFormat } from "../../../src/out/precomputed/precomputed-format.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import {
  type Axis,
  axesOf,
  axisOrders,
  type Orientation3D,
  reorder,
  type Triple,
} from "../../../src/space/axis-order.js";
import type { DataType } from "../../../src/space/data-type.js";
import {
  jsonAt,
  type ReadLevel,
  readN5,
  readN5Array,
  readPrecomputed,
} from "../../support/blocks/read-block-volume.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { firstLevel, levelOf } from "../../support/exports/write-dataset.js";
import { type ValueAt, valuesOf, writeProjectVolume } from "../../support/model/project-volume.js";
import { serveFiles } from "../../support/servers/serve-files.js";
import { isTried } from "../../support/thorough.js";

// Odd, and of no whole number of chunks; in x, y, z of project space.
const size: Triple = [23, 17, 11];
const resolution: Triple = [4, 5, 40];
const corner: Triple = [400, -600, 800];
const factors: readonly Triple[] = [
  [1, 1, 1],
  [2, 2, 1],
  [4, 4, 2],
];
const chunkShape: Triple = [5, 7, 6];
const dataTypes = ["uint8", "uint16", "uint64", "float32"] as const;

/** What a writer is told of the volume, in an axis order. */
function infoOf(
  dataType: DataType,
  projectAxes: Orientation3D,
  changes: Partial<VolumeInfo> = {},
): VolumeInfo {
  const ordered = (values: Triple): Triple => reorder(values, "xyz", projectAxes);
  return volumeInfo(ordered(size), {
    dataType,
    orientation: projectAxes,
    projectAxes: axesOf(projectAxes),
    resolution: ordered(resolution),
    position: ordered(corner),
    isLabels: dataType === "uint64",
    ...changes,
  });
}

function allLevels(info: VolumeInfo): LevelInfo[] {
  const order = info.projectAxes.join("") as Orientation3D;
  return [
    firstLevel(info),
    ...factors.slice(1).map((factor) => levelOf(info, reorder(factor, "xyz", order))),
  ];
}

/** Writes the levels of a volume, and serves them. */
async function served(
  format: ChunkFormat,
  info: VolumeInfo,
  levels: readonly LevelInfo[] = allLevels(info),
): Promise<{ readonly url: string; readonly files: ReadonlyMap<string, Uint8Array> }> {
  const files = await writeProjectVolume(format, info, levels);
  return { url: await serveFiles(files), files };
}

/** How many voxels of a level that was read, whose axes are named fastest first, are not those that were written. */
function differences(read: ReadLevel, axes: readonly string[], valueAt: ValueAt, level: number): number {
  const [x, y, z] = ["x", "y", "z"].map((axis) => axes.indexOf(axis)) as [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
  let from = 0;
  let different = 0;
  for (let c = 0; c < read.size[2]; c++) {
    for (let b = 0; b < read.size[1]; b++) {
      for (let a = 0; a < read.size[0]; a++) {
        const at: Triple = [a, b, c];
        if (read.voxels[from++] !== valueAt([at[x], at[y], at[z]], level)) different++;
      }
    }
  }
  return different;
}

/** A fetcher for what is served, as a stack of CATMAID whose axes are those of project space. */
function fetcherFor(imageBase: string, type: 11 | 14): ImageFetcher<DataType> {
  const [x, y, z] = size;
  const vector = ([x, y, z]: Triple) => ({ x, y, z });
  const info = {
    sid: 1,
    pid: 1,
    stitle: "exported",
    dimension: { x, y, z },
    resolution: vector(resolution),
    translation: vector(corner),
    orientation: 0,
    num_zoom_levels: factors.length - 1,
    downsample_factors: factors.map(vector),
    mirrors: [
      {
        ...{ id: 1, title: "export", position: 0, image_base: imageBase, file_extension: "" },
        ...{ tile_width: 64, tile_height: 64, tile_source_type: type },
      },
    ],
  };
  const fetcher = ImageFetcher.fromStackInfo<DataType>(info);
  onTestFinished(() => fetcher.close());
  return fetcher;
}

/** How many voxels of a level the fetcher has otherwise, asked for by their place in project space. */
async function fetchedDifferences(
  fetcher: ImageFetcher<DataType>,
  valueAt: ValueAt,
  level: number,
): Promise<number> {
  const factor = factors[level] as Triple;
  // Not all: what begins and ends within chunks. Levels end with a voxel that is whole.
  const lower: Triple = [4, 8, 2];
  const upper: Triple = [20, 16, 10];
  const nm = (voxel: Triple): Triple =>
    reorder(
      [0, 1, 2].map(
        (axis) => (corner[axis] as number) + (voxel[axis] as number) * (resolution[axis] as number),
      ),
      "xyz",
      "zyx",
    );
  const { data, shape } = await fetcher.get([nm(lower), nm(upper)], { roiMode: "project", zoomLevel: level });
  const first = [0, 1, 2].map(
    (axis) => (lower[axis] as number) / (factor[axis] as number),
  ) as unknown as Triple;
  expect([...shape].reverse()).toEqual(
    [0, 1, 2].map((axis) => ((upper[axis] as number) - (lower[axis] as number)) / (factor[axis] as number)),
  );
  let from = 0;
  let different = 0;
  for (let z = 0; z < shape[0]; z++)
    for (let y = 0; y < shape[1]; y++)
      for (let x = 0; x < shape[2]; x++)
        if (data[from++] !== valueAt([first[0] + x, first[1] + y, first[2] + z], level)) different++;
  return different;
}

describe("N5", () => {
  const layouts = [
    ["gzipped, cropped at the ends", { chunkShape }, true],
    ["raw, with whole blocks at the ends", { chunkShape, compression: "none", edgeBlocks: "full" }, false],
  ] as const;

  it.each(layouts)("trap 33: %s: every order and data type is read at its place", async (...layout) => {
    const [name, options, isCropped] = layout;
    const place = layouts.findIndex((other) => other[0] === name);
    for (const [number, order] of axisOrders.entries()) {
      for (const dataType of dataTypes.filter((_, i) => isTried(2, i, number, place))) {
        const info = infoOf(dataType, order);
        const { url } = await served(n5Format(options), info);
        const { axes } = await jsonAt<{ axes: Axis[] }>(`${url}attributes.json`);
        expect(axes).toEqual([...axesOf(order)].reverse());
        const valueAt = valuesOf(dataType);
        for (const level of [0, 1, 2]) {
          if (isCropped)
            expect(differences(await readN5(url.slice(0, -1), level), axes, valueAt, level)).toBe(0);
        }
        const dims = ["x", "y", "z"].map((axis) => axes.indexOf(axis as Axis));
        const fetcher = fetcherFor(`${url}%SCALE_DATASET%/${dims.join("_")}`, 11);
        const level = number % 3;
        expect(await fetchedDifferences(fetcher, valueAt, level)).toBe(0);
      }
    }
  });

  it("trap 37: has the axes of project space where the stack's are others", async () => {
    // As of a stack in XZ: its y is project z.
    const info = infoOf("uint8", "yzx", { orientation: "zyx" });
    const { url } = await served(n5Format({ chunkShape }), info);
    const attributes = await jsonAt<Record<string, unknown>>(`${url}s2/attributes.json`);
    expect(attributes).toMatchObject({
      axes: ["x", "z", "y"],
      dimensions: [6, 6, 5],
      downsamplingFactors: [4, 2, 4],
      resolution: [4, 40, 5],
      offset: [400, 800, -600],
    });
    expect(
      await fetchedDifferences(fetcherFor(`${url}%SCALE_DATASET%/0_2_1`, 11), valuesOf("uint8"), 1),
    ).toBe(0);
  });

  it("is a plain dataset where one level is asked for so", async () => {
    const info = infoOf("uint16", "zyx");
    const format = n5Format({ chunkShape, path: "volumes/raw", multiScale: false });
    const { url, files } = await served(format, info, [firstLevel(info)]);
    expect([...files.keys()].filter((path) => path.endsWith(".json"))).toEqual([
      "volumes/raw/attributes.json",
      "attributes.json",
    ]);
    expect(await jsonAt(`${url}attributes.json`)).toEqual({ n5: "2.0.0" });
    const read = await readN5Array(`${url}volumes/raw`);
    expect(differences(read, ["x", "y", "z"], valuesOf("uint16"), 0)).toBe(0);
  });
});

describe("precomputed", () => {
  const layouts = [
    ["chunks", {}],
    ["gzipped chunks", { compression: "gzip" }],
    ["raw labels", { encoding: "raw" }],
    ["shards", { shardShape: [10, 14, 12], compression: "none" }],
    ["gzipped shards", { shardShape: [20, 28, 24] }],
  ] as const;

  it.each(layouts)("trap 33: in %s: every order and data type is read at its place", async (...layout) => {
    const [name, options] = layout;
    const place = layouts.findIndex((other) => other[0] === name);
    for (const [number, order] of axisOrders.entries()) {
      for (const dataType of dataTypes.filter((_, i) => isTried(2, i, number, place))) {
        const { url } = await served(precomputedFormat({ chunkShape, ...options }), infoOf(dataType, order));
        const valueAt = valuesOf(dataType);
        for (const level of [0, 1, 2]) {
          const read = await readPrecomputed(url.slice(0, -1), level);
          expect(differences(read, ["x", "y", "z"], valueAt, level)).toBe(0);
        }
        const fetcher = fetcherFor(`${url}%SCALE_DATASET%/0_1_2`, 14);
        expect(await fetchedDifferences(fetcher, valueAt, number % 3)).toBe(0);
      }
    }
  });

  it("trap 37: has the axes of project space where the stack's are others", async () => {
    const { url } = await served(
      precomputedFormat({ chunkShape }),
      infoOf("uint8", "yzx", { orientation: "zyx" }),
    );
    const { scales } = await jsonAt<{ scales: unknown[] }>(`${url}info`);
    expect(scales[0]).toMatchObject({ size: [23, 17, 11], resolution: [4, 5, 40], chunk_sizes: [[6, 5, 7]] });
    expect(
      differences(await readPrecomputed(url.slice(0, -1), 1), ["x", "y", "z"], valuesOf("uint8"), 1),
    ).toBe(0);
  });
});
