import { gzipSync, zlibSync } from "fflate";
import blosc from "numcodecs/blosc";
import zstd from "numcodecs/zstd";
import type { ChunkedDataset, ChunkFormat, LevelInfo } from "../../../src/out/chunked/chunk-format.js";
import type { Pack } from "../../../src/out/packing/pack.js";
import type { VolumeBlock, VolumeInfo } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Bytes } from "../../../src/space/bytes.js";
import { createVoxels, type DataType, elementOf, type Voxels } from "../../../src/space/data-type.js";
import { boxesOf } from "../model/volume-boxes.js";

/** The files of a dataset, by path. */
export type DatasetFiles = Map<string, Bytes>;

/** Packs in the calling thread. */
export const packHere: Pack = async (bytes, compression) => {
  const { level } = { level: undefined, ...compression };
  switch (compression.kind) {
    case "none":
      return bytes;
    case "gzip":
      return new Uint8Array(gzipSync(bytes, { level: (level ?? 6) as 6, mtime: 0 }));
    case "zlib":
      return new Uint8Array(zlibSync(bytes, { level: (level ?? 6) as 6 }));
    case "zstd":
      return new Uint8Array(await zstd.fromConfig({ id: "zstd", level: level ?? 3 }).encode(bytes));
    case "blosc": {
      const shuffle = compression.elementBytes === 1 ? 0 : 1;
      const config = { id: "blosc", cname: "zstd", clevel: level ?? 5, shuffle, blocksize: 0 } as const;
      return new Uint8Array(await blosc.fromConfig(config).encode(bytes));
    }
  }
};

/** The first level of a volume, as the writer of datasets describes it. */
export function firstLevel({ shape, resolution, position }: VolumeInfo): LevelInfo {
  return { shape, resolution, position, factor: [1, 1, 1], made: "fetched" };
}

/** A level of a volume whose voxels are larger by a factor. Voxels at its end may cover less. */
export function levelOf({ shape, resolution, position }: VolumeInfo, factor: Triple): LevelInfo {
  const each = (of: (axis: 0 | 1 | 2) => number): Triple => [of(0), of(1), of(2)];
  return {
    shape: each((axis) => Math.ceil(shape[axis] / factor[axis])),
    resolution: each((axis) => resolution[axis] * factor[axis]),
    position,
    factor,
    made: "mean",
  };
}

/** Writes all levels of a dataset into memory, without a store. */
export async function writeDataset(
  format: ChunkFormat,
  info: VolumeInfo,
  levels: readonly { readonly level: LevelInfo; readonly voxels: Voxels }[],
  fills: Readonly<Record<string, number>> = {},
): Promise<{ readonly dataset: ChunkedDataset; readonly files: DatasetFiles }> {
  const dataset = format.layOut(
    info,
    levels.map(({ level }) => level),
  );
  const files: DatasetFiles = new Map();
  for (const [index, laidOut] of dataset.levels.entries()) {
    const { shape, unitShape } = laidOut;
    for (const box of boxesOf(shape, unitShape, [])) {
      const at = box.lower.map((first, axis) => first / (unitShape[axis] as number)) as unknown as Triple;
      const extent = box.upper.map((end, axis) => end - (box.lower[axis] as number)) as unknown as Triple;
      const block = partOf(levels[index]?.voxels as Voxels, info.dataType, shape, box.lower, extent);
      const name = laidOut.path(at);
      if (files.has(name)) throw new Error(`two files are named ${name}`);
      files.set(name, new Uint8Array(await laidOut.encode(at, block, packHere)));
    }
  }
  for (const { path, bytes } of dataset.metadata(fills)) files.set(path, bytes);
  return { dataset, files };
}

/** A box of a dense volume, copied voxel by voxel, as a view that does not begin at the start of its memory. */
export function partOf(
  voxels: Voxels,
  dataType: DataType,
  shape: Triple,
  lower: Triple,
  extent: Triple,
): VolumeBlock {
  const before = 3;
  const length = extent[0] * extent[1] * extent[2];
  const memory = createVoxels(dataType, before + length + 2);
  // Memory beside the voxels has a value of its own.
  (memory as Uint8Array).fill(elementOf(dataType, 99) as number);
  let to = before;
  for (let i = 0; i < extent[0]; i++)
    for (let j = 0; j < extent[1]; j++)
      for (let k = 0; k < extent[2]; k++)
        memory[to++] = voxels[((lower[0] + i) * shape[1] + lower[1] + j) * shape[2] + lower[2] + k] as never;
  return { data: memory.subarray(before, before + length) as Voxels, shape: extent };
}

/** A dense volume of any data type, with values over its whole range. Neighbouring voxels differ along every axis. */
export function volumeOf(dataType: DataType, shape: Triple, seed = 1): Voxels {
  const voxels = createVoxels(dataType, shape[0] * shape[1] * shape[2]);
  const words = new Uint32Array(2);
  for (let i = 0; i < voxels.length; i++) {
    const value = Math.imul(i + seed, 2654435761) >>> 0;
    words.set([value, Math.imul(value, 40503) >>> 0]);
    voxels[i] = drawnValue(dataType, words) as never;
  }
  return voxels;
}

function drawnValue(dataType: DataType, words: Uint32Array<ArrayBuffer>): number | bigint {
  const [high = 0, low = 0] = words;
  if (dataType === "float32" || dataType === "float64") return (low - 2 ** 31) / 2 ** 20;
  if (dataType === "uint64") return (BigInt(high) << 32n) | BigInt(low);
  if (dataType === "int64") return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
  // A typed array keeps the low bits of a number.
  return high >>> 3;
}
