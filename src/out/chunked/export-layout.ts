import type { VolumeInfo } from "../volume-writer.js";
import type { ChunkedDataset, ChunkFormat, LevelInfo } from "./chunk-format.js";
import { type ExportManifest, exportParameters } from "./export-manifest.js";

/** The layout of an export, before any file exists. */
export interface ExportLayout {
  /** The levels, the volume first. */
  readonly levels: readonly LevelInfo[];
  /** Files of the levels. */
  readonly dataset: ChunkedDataset;
  /** Its parameters must match for another run to resume the export. */
  readonly manifest: ExportManifest;
}

/**
 * Lays an export out. Throws an `InvalidOutError` if the format cannot hold the volume.
 *
 * @param areComputed - Whether the levels after the first are computed; otherwise they are fetched.
 */
export function layOutExport(
  format: ChunkFormat,
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  areComputed: boolean,
): ExportLayout {
  const dataset = format.layOut(info, levels);
  const manifest: ExportManifest = {
    version: 1,
    complete: false,
    parameters: exportParameters(format, info, levels, areComputed),
    mirror: info.mirror,
    metadata: dataset.metadata({}).map(({ path }) => path),
  };
  return { levels, dataset, manifest };
}
