import type { Corners } from "../tiles/expected-volume.js";

/** An export, as processes are told about it. catpy's driver uses the same names. */
export interface ExportTask {
  /** Stack info. Its only mirror is the one to use. */
  readonly info: object;
  /** The region in scaled space, z, y, x. */
  readonly roi: Corners;
  readonly format: ExportFormat;
  readonly compression: "none" | "gzip" | "zstd";
  /** Path of the export. Nothing exists there yet. */
  readonly path: string;
}

/**
 * `"nothing"` takes the volume as the chunked formats do, but keeps nothing. `"nothing-sharded"` and `"nothing-flat"`
 * do the same for the other formats.
 */
export type ExportFormat =
  | "nothing"
  | "nothing-sharded"
  | "nothing-flat"
  | "hdf5"
  | "ome-zarr"
  | "n5"
  | "sharded"
  | "tiff";

/** Extent of chunks and of shards, z, y, x. */
export const chunkShape = [64, 64, 64] as const;
export const shardShape = [64, 512, 512] as const;

/** h5py's default; zlib's own is 6. */
export const gzipLevel = 4;

/** The default of numcodecs, here and in Python. */
export const zstdLevel = 1;

/** The result of an export. */
export interface ExportAnswer {
  /** Time from before the fetcher is made until the file is complete, in ms. */
  readonly wallMs: number;
  /** User and system time of the process during the export, in ms. */
  readonly cpuMs: number;
}
