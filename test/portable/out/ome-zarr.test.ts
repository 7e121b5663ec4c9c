import { describe, expect, it, test } from "vitest";
import { computedLevels } from "../../../src/out/chunked/levels/computed-levels.js";
import type { CompressionName } from "../../../src/out/packing/compression-option.js";
import { type OmeZarrOptions, omeZarrFormat } from "../../../src/out/zarr/ome-zarr-format.js";
import { axesOf, axisOrders, type Triple, toOrder } from "../../../src/space/axis-order.js";
import { dataTypes } from "../../../src/space/data-type.js";
import { readLevel } from "../../support/exports/export-volume.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { exportDataset } from "../../support/readers/exported-dataset.js";
import { readByZarrita } from "../../support/readers/read-by-zarrita.js";

/** Odd, and no multiple of any chunk. */
const shape: Triple = [7, 11, 13];
const chunkShape: Triple = [4, 3, 5];

const layouts: readonly { readonly title: string; readonly options: OmeZarrOptions }[] = [
  { title: "0.4", options: { version: "0.4", chunkShape } },
  { title: "0.5", options: { version: "0.5", chunkShape } },
  { title: "0.5 with shards", options: { chunkShape, shardShape: [8, 6, 10] } },
  { title: "0.5 with one shard", options: { chunkShape, shardShape: [40, 30, 50] } },
  { title: "0.5 with shards of one chunk", options: { chunkShape, shardShape: chunkShape } },
];

describe.each(layouts)("an OME-Zarr $title", ({ options }) => {
  const zarr = options.version === "0.4" ? "v2" : "v3";

  test.each(axisOrders.flatMap((orientation) => dataTypes.map((dataType) => ({ orientation, dataType }))))(
    "has the voxels of $dataType in the order $orientation, as zarrita reads them",
    async ({ orientation, dataType }) => {
      const info = volumeInfo(toOrder({ z: shape[0], y: shape[1], x: shape[2] }, orientation), {
        orientation,
        dataType,
      });
      const { files, voxels } = await exportDataset(omeZarrFormat({ ...options, compression: "none" }), info);
      const read = await readByZarrita(files, "0", zarr);
      expect(read).toMatchObject({ shape: info.shape, dataType, data: voxels });
      if (zarr === "v3") expect(read.dimensionNames).toEqual(axesOf(orientation));
    },
  );

  const packings: readonly CompressionName[] = ["none", "gzip", "zstd", "blosc"];
  test.each(
    packings.flatMap((compression) =>
      (["uint8", "int16", "uint64", "float32"] as const).map((dataType) => ({ compression, dataType })),
    ),
  )("packs $dataType by $compression, as zarrita and we unpack it", async ({ compression, dataType }) => {
    const info = volumeInfo(shape, { dataType });
    const format = omeZarrFormat({ ...options, compression });
    const { store, files, voxels } = await exportDataset(format, info);
    expect((await readByZarrita(files, "0", zarr)).data).toEqual(voxels);
    expect(await readLevel(store, format, info, computedLevels(info, 1), 0)).toEqual(voxels);
  });

  it("has levels that are computed of what was written", async () => {
    const info = volumeInfo(shape, { dataType: "uint16", resolution: [8, 4, 4] });
    const format = omeZarrFormat(options);
    const { store, files } = await exportDataset(format, info, 3);
    const levels = computedLevels(info, 3);
    for (const [index, level] of levels.entries()) {
      const read = await readByZarrita(files, String(index), zarr);
      expect(read.shape).toEqual(level.shape);
      expect(read.data).toEqual(await readLevel(store, format, info, levels, index));
    }
  });
});

test.each<OmeZarrOptions>([{ version: "0.4" }, { version: "0.5" }, { shardShape: [128, 128, 128] }])(
  "a volume that is smaller than a chunk or a shard along an axis is not padded there: %j",
  async (options) => {
    const info = volumeInfo([1, 70, 3], { dataType: "uint16" });
    const { files, voxels } = await exportDataset(omeZarrFormat({ ...options, compression: "none" }), info);
    const read = await readByZarrita(files, "0", options.version === "0.4" ? "v2" : "v3");
    expect(read.data).toEqual(voxels);
    expect(read.chunks).toEqual([1, 64, 3]);
    const written = [...files].filter(([path]) => /\d$/.test(path));
    const bytes = written.reduce((sum, [, file]) => sum + file.length, 0);
    // Two chunks, and in a shard the index.
    expect(bytes).toBe(2 * 64 * 3 * 2 + (options.shardShape ? 2 * 16 + 4 : 0));
  },
);
