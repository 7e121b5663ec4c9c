import type { VolumeInfo } from "../volume-writer.js";
import type { ChunkedDataset, ChunkFormat, LevelInfo } from "./chunk-format.js";
import { type ExportManifest, exportParameters } from "./export-manifest.js";

/** An export as it will be, before anything of it is there. */
export interface ExportLayout {
  /** The levels, the volume first. */
  readonly levels: readonly LevelInfo[];
  /** Their files. */
  readonly dataset: ChunkedDataset;
  /** What another run must agree with to go on. */
  readonly manifest: ExportManifest;
}

/**
 * Lays an export out. Throws an `InvalidOutError` for what the format has no place for.
 *
 * @param areComputed - Whether the levels after the first are computed; otherwise they come from the server.
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
