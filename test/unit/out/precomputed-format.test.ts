import { describe, expect, it } from "vitest";
import {
  type PrecomputedOptions,
  precomputedFormat,
} from "../../../src/out/precomputed/precomputed-format.js";
import { readShard } from "../../../src/out/precomputed/read-shard.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { firstLevel, levelOf } from "../../support/exports/write-dataset.js";
import { writeProjectVolume } from "../../support/model/project-volume.js";

const place: Partial<VolumeInfo> = { resolution: [40, 4, 4], position: [800, -600, 400] };

function layOut(options: PrecomputedOptions, info: VolumeInfo, ...factors: readonly Triple[]) {
  return precomputedFormat(options).layOut(info, [
    firstLevel(info),
    ...factors.map((factor) => levelOf(info, factor)),
  ]);
}

function infoJson(options: PrecomputedOptions, info: VolumeInfo, ...factors: readonly Triple[]) {
  const [file] = layOut(options, info, ...factors).metadata({});
  expect(file?.path).toBe("info");
  return JSON.parse(new TextDecoder().decode(file?.bytes));
}

describe("the info of a precomputed volume", () => {
  it("has x, y, z, and for each level the first voxel from the origin of project space", () => {
    const info = volumeInfo([20, 200, 100], place);
    expect(infoJson({}, info, [1, 2, 2])).toEqual({
      "@type": "neuroglancer_multiscale_volume",
      type: "image",
      data_type: "uint8",
      num_channels: 1,
      scales: [
        {
          key: "4_4_40",
          size: [100, 200, 20],
          resolution: [4, 4, 40],
          voxel_offset: [100, -150, 20],
          chunk_sizes: [[64, 64, 64]],
          encoding: "raw",
        },
        {
          key: "8_8_40",
          size: [50, 100, 20],
          resolution: [8, 8, 40],
          voxel_offset: [50, -75, 20],
          chunk_sizes: [[64, 64, 64]],
          encoding: "raw",
        },
      ],
      "catmaid-image": expect.objectContaining({ zoomLevel: 0, corner: [800, -600, 400], filled: {} }),
    });
  });

  it("says of labels that they are, and how they are compressed, unless raw ones are asked for", () => {
    const labels = volumeInfo([8, 8, 8], { ...place, dataType: "uint64", isLabels: true });
    const scale = { encoding: "compressed_segmentation", compressed_segmentation_block_size: [8, 8, 8] };
    expect(infoJson({}, labels)).toMatchObject({
      type: "segmentation",
      data_type: "uint64",
      scales: [scale],
    });
    expect(infoJson({ encoding: "raw" }, labels).scales[0].encoding).toBe("raw");
    const grey = volumeInfo([8, 8, 8], { ...place, dataType: "uint16" });
    expect(() => layOut({ encoding: "compressed_segmentation" }, grey)).toThrow(
      "compressed_segmentation has uint32 or uint64 voxels only, not uint16",
    );
  });

  it("names plain chunks by their voxels, packed ones as servers of packed files want them", () => {
    const info = volumeInfo([20, 200, 100], place);
    const chunkShape = [16, 64, 64];
    expect(layOut({ chunkShape }, info).levels[0]?.path([1, 3, 1])).toBe("4_4_40/164-200_42-50_36-40");
    expect(layOut({ chunkShape, compression: "gzip" }, info).levels[0]?.path([0, 0, 0])).toBe(
      "4_4_40/100-164_-150--86_20-36.gz",
    );
  });
});

describe("a precomputed volume that does not begin with a whole voxel", () => {
  const between = volumeInfo([20, 200, 100], { ...place, position: [800, -600, 402] });

  it("trap 39: is refused in one sentence, or moved to the nearest if asked", () => {
    expect(() => layOut({}, between)).toThrow(
      "a precomputed volume that begins at 402 nm along x would begin at voxel 100.5 of level 0: precomputed has whole voxels " +
        'from the origin of project space only; offset: "nearest" moves it by half a voxel at most',
    );
    expect(infoJson({ offset: "nearest" }, between).scales[0].voxel_offset).toEqual([101, -150, 20]);
  });

  it("trap 39: at a coarser level alone is told where to begin", () => {
    const info = volumeInfo([20, 200, 100], place);
    expect(() => layOut({}, info, [1, 2, 2], [1, 4, 4])).toThrow(
      "would begin at voxel -37.5 of level 2: begin the region where 4 voxels along y make one of that level, or take fewer levels",
    );
  });

  it("but for what decimals lose is taken for one that does", () => {
    const info = volumeInfo([2, 2, 2], {
      resolution: [0.1, 0.7, 3.3],
      position: [0.30000000000000004, 2.1, -0],
    });
    expect(infoJson({}, info).scales[0].voxel_offset).toEqual([0, 3, 3]);
  });
});

describe("what precomputed cannot hold", () => {
  it.each(["int64", "float64"] as const)("is refused by name: %s", (dataType) => {
    const info = volumeInfo([2, 2, 2], { ...place, dataType });
    expect(() => layOut({}, info)).toThrow(`precomputed has no voxels of ${dataType}`);
  });

  it.each([
    [{ compression: "zstd" }, /compression must be one of none, gzip/],
    [{ shardShape: [64, 64, 192] }, /shardShape must be 1, 2, 4, 8 … chunks of 64 × 64 × 64 along each axis/],
    [{ shardShape: [32, 64, 64] }, /shardShape must be/],
    [{ encoding: "jpeg" }, /encoding must be one of raw, compressed_segmentation/],
    [{ offset: "floor" }, /offset must be one of exact, nearest/],
    [{ chunkSize: [1, 1, 1] }, /"chunkSize" is no option of precomputed/],
    [{ chunkShape: [0, 1, 1] }, /chunkShape must be three whole numbers above 0/],
  ])("are options such as %j", (options, message) => {
    expect(() => precomputedFormat(options as PrecomputedOptions)).toThrow(message);
  });
});

describe("a shard", () => {
  const info = volumeInfo([5, 6, 7], place);
  const format = precomputedFormat({ chunkShape: [2, 2, 2], shardShape: [4, 4, 4], compression: "none" });

  it("that is damaged is found out, not read", async () => {
    const files = await writeProjectVolume(format, info, [firstLevel(info)]);
    const level = format.layOut(info, [firstLevel(info)]).levels[0];
    const whole = files.get(level?.path([0, 0, 0]) ?? "") ?? new Uint8Array(0);
    for (const length of [0, 15, 20, whole.length - 1]) {
      await expect(level?.decode([0, 0, 0], whole.slice(0, length))).rejects.toThrow(
        /the shard .*damaged|lacks/,
      );
    }
    const lost = whole.slice();
    // The first minishard: from 0 to 0, which is none.
    lost.fill(0, 0, 16);
    await expect(level?.decode([0, 0, 0], lost)).rejects.toThrow("the shard lacks chunk 0");
    expect(() => readShard(whole, 2)).toThrow(/damaged/);
  });
});
