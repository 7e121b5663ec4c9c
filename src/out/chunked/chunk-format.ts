import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import type { OutCompression, Pack } from "../pack.js";
import type { VolumeBlock, VolumeInfo } from "../volume-writer.js";

/** A level of a dataset. Triples are in output axis order, slowest first. */
export interface LevelInfo {
  /** Extent in voxels. */
  readonly shape: Triple;
  /** Voxels of the first level per voxel of this one. */
  readonly factor: Triple;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  /** The corner of the first voxel in project space, in nm. */
  readonly position: Triple;
  /**
   * How it came about: fetched at a zoom level, or as means or the most frequent values of the level before. Default:
   * `"fetched"`.
   */
  readonly made?: "fetched" | "mean" | "mode";
}

/** A file of a dataset. */
export interface DatasetFile {
  /** Path below the root, with `/`. */
  readonly path: string;
  /** What is in it. */
  readonly bytes: Bytes;
}

/** A level as a format lays it out. */
export interface DatasetLevel {
  /** Extent in voxels. */
  readonly shape: Triple;
  /**
   * What is written as one file: a chunk, or a shard of chunks. Those at the end hold less of the volume. In a level that is
   * smaller than one it may be smaller than {@link ChunkFormat.unitShape}, never where that would change the grid.
   */
  readonly unitShape: Triple;
  /** The path of a file, by its place in the grid of units. */
  path(at: Triple): string;
  /** The bytes of a file. `block` is clipped at the end of the level. */
  encode(at: Triple, block: VolumeBlock, pack: Pack): Promise<Bytes>;
  /** Called when the bytes of a file are stored: their memory may be used for another. */
  free?(bytes: Bytes): void;
  /** The voxels of a file, clipped as they were given. Throws a `DecodeFailure` where it is damaged. */
  decode(at: Triple, bytes: Bytes): Promise<VolumeBlock>;
}

/** A volume as a format lays it out. */
export interface ChunkedDataset {
  /** The levels, as those given. */
  readonly levels: readonly DatasetLevel[];
  /**
   * What makes the files a dataset; stored last, so that what is not complete opens nowhere.
   *
   * @param fills - How many files of the first level hold voxels of the fill value, by the cause; none: the volume has all.
   */
  metadata(fills: Readonly<Record<string, number>>): readonly DatasetFile[];
}

/** A format that keeps a volume in many files. Pure: it stores nothing itself. */
export interface ChunkFormat {
  /** Its name, as on the command line: `"ome-zarr"`. */
  readonly name: string;
  /** The options that decide what it writes, as plain data: what another run must agree with to go on. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Extent of what is a file of the first level. May be longer than the volume, which clips it: a whole section. */
  readonly unitShape: Triple;
  /** What its files are packed with; tried before anything is fetched. Default: nothing that could be missing. */
  readonly compression?: OutCompression;
  /**
   * Lays a volume out. Throws an `InvalidOutError` for what the format has no place for: a data type, a position between
   * its voxels.
   *
   * @param levels - The first is the volume itself.
   */
  layOut(info: VolumeInfo, levels: readonly LevelInfo[]): ChunkedDataset;
}
