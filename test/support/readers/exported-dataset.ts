import type { ChunkFormat } from "../../../src/out/chunked/chunk-format.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import type { Voxels } from "../../../src/space/data-type.js";
import { exportVolume } from "../exports/export-volume.js";
import { type DatasetFiles, volumeOf } from "../exports/write-dataset.js";

/** A dataset that was exported into memory. */
export interface ExportedDataset {
  readonly store: MemoryStore;
  /** The files that readers use, in the order in which they were stored. */
  readonly files: DatasetFiles;
  /** The voxels of the first level. */
  readonly voxels: Voxels;
}

/** Exports drawn voxels with `levels` levels. The levels after the first are computed. */
export async function exportDataset(
  format: ChunkFormat,
  info: VolumeInfo,
  levels = 1,
): Promise<ExportedDataset> {
  const store = new MemoryStore();
  const voxels = volumeOf(info.dataType, info.shape);
  await exportVolume({ store, format, data: voxels, shape: info.shape, info, levels });
  const files: DatasetFiles = new Map();
  for (const path of store.paths) {
    if (!path.startsWith(".catmaid-image/")) files.set(path, (await store.get(path)) ?? new Uint8Array());
  }
  return { store, files, voxels };
}
