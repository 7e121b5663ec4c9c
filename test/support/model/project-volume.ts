import { expect } from "vitest";
import type { ChunkFormat, LevelInfo } from "../../../src/out/chunked/chunk-format.js";
import { extentOf, unitBox, unitsOf } from "../../../src/out/chunked/unit-grid.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import { type Orientation3D, reorder, type Triple } from "../../../src/space/axis-order.js";
import { createVoxels, type DataType, type Voxels } from "../../../src/space/data-type.js";
import { type DatasetFiles, partOf, writeDataset } from "../exports/write-dataset.js";

/** The value of a voxel of a level, by its place in the level: x, y, z of project space. */
export type ValueAt = (place: Triple, level: number) => number | bigint;

/** Values of a data type over its whole range. Neighbours differ along every axis. */
export function valuesOf(dataType: DataType): ValueAt {
  return ([x, y, z], level) => {
    const value = (x * 7 + y * 31 + z * 101 + level * 13) % 251;
    if (dataType === "uint64") return 2n ** 64n - 1n - BigInt(value) * (2n ** 53n + 1n);
    if (dataType === "int64") return BigInt(value - 125) * (2n ** 55n + 3n);
    if (dataType.startsWith("float")) return value / 8 - 15;
    const unit = 2 ** (Number(/\d+$/.exec(dataType)) - 8);
    return (dataType.startsWith("u") ? value : value - 125) * unit + (unit === 1 ? 0 : value);
  };
}

/**
 * Writes a volume whose voxels depend on their place in project space, and expects that every file can be read back
 * unchanged.
 */
export async function writeProjectVolume(
  format: ChunkFormat,
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  valueAt: ValueAt = valuesOf(info.dataType),
): Promise<DatasetFiles> {
  const filled = levels.map((level, number) => ({
    level,
    voxels: voxelsOf(level.shape, info, (place) => valueAt(place, number)),
  }));
  const { dataset, files } = await writeDataset(format, info, filled);
  for (const [number, level] of dataset.levels.entries()) {
    const { voxels = createVoxels(info.dataType, 0) } = filled[number] ?? {};
    for (const at of unitsOf(level)) {
      const box = unitBox(level, at);
      const read = await level.decode(at, new Uint8Array(files.get(level.path(at)) ?? []));
      const given = partOf(voxels, info.dataType, level.shape, box.lower, extentOf(box));
      if (read.shape.join() !== given.shape.join() || !isSame(read.data, given.data))
        expect.fail(`${level.path(at)} of ${given.shape} voxels is read otherwise, as ${read.shape}`);
    }
  }
  return files;
}

/** The voxels of a level, in the axis order of the volume. */
function voxelsOf(
  shape: Triple,
  { dataType, projectAxes }: VolumeInfo,
  valueAt: (place: Triple) => number | bigint,
): Voxels {
  const order = projectAxes.join("") as Orientation3D;
  const voxels = createVoxels(dataType, shape[0] * shape[1] * shape[2]);
  let to = 0;
  for (let a = 0; a < shape[0]; a++)
    for (let b = 0; b < shape[1]; b++)
      for (let c = 0; c < shape[2]; c++) voxels[to++] = valueAt(reorder([a, b, c], order, "xyz")) as never;
  return voxels;
}

function isSame(a: Voxels, b: Voxels): boolean {
  return a.length === b.length && a.every((value: number | bigint, i: number) => value === b[i]);
}
