import { describe, expect, it } from "vitest";
import { type N5Options, n5Format } from "../../../src/out/n5/n5-format.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { type DataType, dataTypes } from "../../../src/space/data-type.js";
import { readN5Block } from "../../support/blocks/read-blocks.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { type DatasetFiles, firstLevel, levelOf } from "../../support/exports/write-dataset.js";
import { writeProjectVolume } from "../../support/model/project-volume.js";

const info = volumeInfo([5, 6, 7], { resolution: [40, 5, 4], position: [800, -600, 400] });
const chunkShape: Triple = [2, 3, 4];

async function written(options: N5Options = {}, volume: VolumeInfo = info): Promise<DatasetFiles> {
  return writeProjectVolume(n5Format({ chunkShape, ...options }), volume, [firstLevel(volume)]);
}

function json(files: DatasetFiles, path: string): unknown {
  return JSON.parse(new TextDecoder().decode(files.get(path)));
}

describe("N5 attributes", () => {
  const place = {
    axes: ["x", "y", "z"],
    units: ["nm", "nm", "nm"],
    resolution: [4, 5, 40],
    offset: [400, -600, 800],
    pixelResolution: { unit: "nm", dimensions: [4, 5, 40] },
  };

  it("trap 45: name the version in the root alone, and the levels as viewers want them", async () => {
    const levels = [firstLevel(info), levelOf(info, [1, 2, 2])];
    const files = await writeProjectVolume(n5Format({ chunkShape, path: "volumes/raw" }), info, levels);
    expect(json(files, "attributes.json")).toEqual({ n5: "2.0.0" });
    expect(json(files, "volumes/raw/attributes.json")).toEqual({
      multiScale: true,
      ...place,
      scales: [
        [1, 1, 1],
        [2, 2, 1],
      ],
      "catmaid-image": expect.objectContaining({
        stack: { id: 1, title: "stack" },
        corner: [800, -600, 400],
      }),
    });
    const array = { blockSize: [4, 3, 2], dataType: "uint8", ...place };
    const compression = { type: "gzip", level: 6, useZlib: false };
    expect(json(files, "volumes/raw/s0/attributes.json")).toEqual({
      ...{ ...array, dimensions: [7, 6, 5], compression, downsamplingFactors: [1, 1, 1] },
    });
    // The voxel size is that of the first level: readers multiply it by the factors.
    expect(json(files, "volumes/raw/s1/attributes.json")).toEqual({
      ...{ ...array, dimensions: [4, 3, 5], compression, downsamplingFactors: [2, 2, 1] },
    });
    const metadata = [...files.keys()].filter((path) => path.endsWith("attributes.json"));
    expect(metadata.at(-1)).toBe("attributes.json");
  });

  it("are all in the root where the root is the dataset", async () => {
    const files = await written({ multiScale: false, compression: "none" });
    expect(json(files, "attributes.json")).toEqual({
      ...{ n5: "2.0.0", ...place, dimensions: [7, 6, 5], blockSize: [4, 3, 2], dataType: "uint8" },
      ...{ compression: { type: "raw" }, downsamplingFactors: [1, 1, 1] },
      "catmaid-image": expect.anything(),
    });
    expect(files.has("0/0/0")).toBe(true);
  });

  it.each([
    [{ kind: "zstd", level: 1 } as const, { type: "zstd", level: 1 }],
    ["blosc", { type: "blosc", cname: "zstd", clevel: 5, shuffle: 1, blocksize: 0, nthreads: 1 }],
  ] as const)("name the compression that the blocks have: %j", async (compression, attribute) => {
    const volume = { ...info, dataType: "uint16" } as const;
    const files = await written({ compression }, volume);
    expect(json(files, "s0/attributes.json")).toMatchObject({ compression: attribute });
  });
});

describe("N5 blocks", () => {
  it("trap 45: hold at the ends what there is of the volume, or by option zeros beyond", async () => {
    const cropped = readN5Block((await written()).get("s0/1/1/2") ?? new Uint8Array(0), "uint8", true);
    expect(cropped.extent).toEqual([3, 3, 1]);
    const full = await written({ edgeBlocks: "full" });
    const { extent, voxels } = readN5Block(full.get("s0/1/1/2") ?? new Uint8Array(0), "uint8", true);
    expect(extent).toEqual([4, 3, 2]);
    const rows = [0, 1, 2].map((row) => [...cropped.voxels.slice(3 * row, 3 * row + 3), 0]);
    expect(voxels).toEqual([...rows.flat(), ...new Array(12).fill(0)]);
  });

  it.each(dataTypes)("keep every value of %s", async (dataType: DataType) => {
    for (const edgeBlocks of ["cropped", "full"] as const)
      expect((await written({ edgeBlocks }, { ...info, dataType })).has("s0/0/0/0")).toBe(true);
  });

  it("that are damaged are found out, not read", async () => {
    const files = await written();
    const level = n5Format({ chunkShape }).layOut(info, [firstLevel(info)]).levels[0];
    const block = files.get("s0/0/0/0") ?? new Uint8Array(0);
    const flipped = block.map((byte, at) => (at === block.length - 2 ? byte ^ 1 : byte));
    for (const damaged of [block.slice(0, -4), flipped, new Uint8Array(0)])
      await expect(level?.decode([0, 0, 0], new Uint8Array(damaged))).rejects.toMatchObject({
        reason: expect.stringMatching(/corrupt-image|not-an-image/),
      });
    // One of the volume's end in the place of a whole one.
    const short = files.get("s0/1/1/2") ?? new Uint8Array(0);
    await expect(level?.decode([0, 0, 0], short)).rejects.toThrow(
      "it has 1 × 3 × 3 voxels, and 2 × 3 × 4 were written",
    );
  });
});

describe("N5 options", () => {
  it.each([
    [{ path: "/raw" }, /path must be a path within the container/],
    [{ path: "a/../b" }, /path must be a path within the container/],
    [{ path: "a//b" }, /path must be a path within the container/],
    [{ edgeBlocks: "padded" }, /edgeBlocks must be one of cropped, full/],
    [{ compression: "lzma" }, /compression must be one of none, gzip, zlib, zstd, blosc/],
    [{ chunkShape: [1, 2] }, /chunkShape must be three whole numbers above 0/],
    [{ multiScale: "no" }, /multiScale must be true or false, got "no"/],
    [{ levels: 3 }, /"levels" is no option of N5/],
  ])("that are none are refused: %j", (options, message) => {
    expect(() => n5Format(options as N5Options)).toThrow(message);
  });

  it("of a plain dataset allow one level", () => {
    const levels = [firstLevel(info), levelOf(info, [1, 2, 2])];
    expect(() => n5Format({ multiScale: false }).layOut(info, levels)).toThrow(
      "with multiScale: false an N5 dataset has one level, and 2 are asked for: leave multiScale out",
    );
  });
});
