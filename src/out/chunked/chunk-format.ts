import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import type { OutCompression, Pack } from "../packing/pack.js";
import type { VolumeBlock, VolumeInfo } from "../volume-writer.js";

/** A level of a dataset. Triples are in output axis order, slowest first. */
export interface LevelInfo {
  /** Extent in voxels. */
  readonly shape: Triple;
  /** Extent of a voxel, in voxels of the first level. */
  readonly factor: Triple;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  /** The corner of the first voxel in project space, in nm. */
  readonly position: Triple;
  /**
   * How the level was made: fetched at a zoom level, or computed from the level before, as means or as modes (most frequent
   * values). Default: `"fetched"`.
   */
  readonly made?: "fetched" | "mean" | "mode";
}

/** A file of a dataset. */
export interface DatasetFile {
  /** Path below the root, with `/`. */
  readonly path: string;
  /** Content of the file. */
  readonly bytes: Bytes;
}

/** A level in the layout of a format. */
export interface DatasetLevel {
  /** Extent in voxels. */
  readonly shape: Triple;
  /**
   * Extent in voxels of a unit, which is one file: a chunk or a shard. Units at the end of the level hold fewer voxels. Along
   * an axis where the level is shorter than {@link ChunkFormat.unitShape}, this may be shorter too, if the grid stays the same.
   */
  readonly unitShape: Triple;
  /** Path of a file, by its position in the grid of units. */
  path(at: Triple): string;
  /** Encodes the voxels of a file. `block` is clipped at the end of the level. */
  encode(at: Triple, block: VolumeBlock, pack: Pack): Promise<Bytes>;
  /** Called when the bytes of a file are stored, so that their memory can be reused. */
  free?(bytes: Bytes): void;
  /** Decodes a file to the block that `encode` got. Throws a `DecodeFailure` if the file is damaged. */
  decode(at: Triple, bytes: Bytes): Promise<VolumeBlock>;
}

/** A volume in the layout of a format. */
export interface ChunkedDataset {
  /** One for each level that {@link ChunkFormat.layOut} got. */
  readonly levels: readonly DatasetLevel[];
  /**
   * The files that make the chunks a dataset. They are stored last, so that no reader opens an incomplete export.
   *
   * @param fills - How many files of the first level hold filled voxels, by cause. Empty if no voxel is filled.
   */
  metadata(fills: Readonly<Record<string, number>>): readonly DatasetFile[];
}

/** A format that keeps a volume in many files. It is pure: it only lays out and encodes, and stores nothing. */
export interface ChunkFormat {
  /** Name of the format, as on the command line: `"ome-zarr"`. */
  readonly name: string;
  /** The options that affect the files, as plain data. A run that resumes an export must have the same. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Extent in voxels of a file of the first level. It may exceed the volume, which clips it: for whole sections. */
  readonly unitShape: Triple;
  /** The files' compression. The writer checks that it is available before anything is fetched. Default: no check. */
  readonly compression?: OutCompression;
  /**
   * Lays a volume out. Throws an `InvalidOutError` if the format cannot hold the volume, for example its data type or
   * position.
   *
   * @param levels - The first is the volume itself.
   */
  layOut(info: VolumeInfo, levels: readonly LevelInfo[]): ChunkedDataset;
}
