import type { Corners } from "../tiles/expected-volume.js";

/** What is exported, as processes are told; catpy's driver knows the same words. */
export interface ExportTask {
  /** Stack info; its only mirror is the one to ask. */
  readonly info: object;
  /** In scaled space, z, y, x. */
  readonly roi: Corners;
  readonly format: ExportFormat;
  readonly compression: "none" | "gzip" | "zstd";
  /** Where it goes; there is nothing yet. */
  readonly path: string;
}

/** `"nothing"` takes the volume as the chunked formats do and keeps none of it; `"nothing-sharded"`, `"nothing-flat"`: as the others do. */
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

/** As h5py has by default; zlib's own is 6. */
export const gzipLevel = 4;

/** numcodecs' usual one, here and in Python. */
export const zstdLevel = 1;

/** What came of it. */
export interface ExportAnswer {
  /** From before the fetcher is made until the file is complete, in ms. */
  readonly wallMs: number;
  /** User and system time of the process meanwhile, in ms. */
  readonly cpuMs: number;
}
