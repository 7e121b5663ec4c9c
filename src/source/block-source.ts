import type { ByteRange, Codec } from "../../workers/protocol.js";
import type { Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import type { DataType } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { TileIndex } from "../stack/mirror/tile-index.js";

/**
 * What a mirror has of one zoom level. Boxes and `origin` are in voxels of the level **of the stack**, z, y, x; blocks
 * count in the mirror's own array, which may be shifted.
 */
export interface BlockLevel {
  /** What a voxel is. */
  readonly dataType: DataType;
  /** Extent of a block: z, y, x. */
  readonly blockShape: Triple;
  /** The voxel at which block (0, 0, 0) begins; may be negative. */
  readonly origin: Triple;
  /** What of the stack lies on blocks at all, whether the mirror holds it or not. */
  readonly covered: ScaledBox;
  /** What the mirror holds, also beyond the stack. */
  readonly held: ScaledBox;
  /**
   * What a block that is not there means: that it is `"missing"`, or that it is `"empty"`, whose voxels are 0 by the
   * format.
   */
  readonly absent: "missing" | "empty";
}

/** How the blocks of a level are stored. */
export interface BlockStorage {
  /** What they are encoded or compressed with, by the name that the format has for it: `"gzip"`, `"jpeg"`. */
  readonly encoding: string;
  /** Whether files (shards) hold many of them. */
  readonly sharded: boolean;
}

/** Where a block lies in a file that holds many. */
export interface BlockPlaceInFile {
  /** The bytes of the block. */
  readonly range: ByteRange;
  /** The bytes of it and of its neighbours in the file that are wanted too, to be asked for at once. */
  readonly run: ByteRange;
  /** How many blocks of those bytes are wanted, it among them. */
  readonly blocks: number;
}

/**
 * A mirror whose metadata have been read, as a fetch sees it: blocks by their index, and where their bytes are.
 *
 * A new kind of mirror is a new implementation of this.
 */
export interface BlockSource {
  /** The mirror. */
  readonly mirror: StackMirror;
  /** Whether voxels are names of objects, which are never mixed. */
  readonly isLabels: boolean;
  /** What its metadata say that a caller should know, as sentences: levels that disagree with the stack's. */
  readonly warnings: readonly string[];
  /**
   * What it has of a zoom level.
   *
   * @throws InvalidZoomLevelError where it does not have it.
   */
  level(zoomLevel: number): BlockLevel;
  /** How its blocks are decoded at a zoom level. */
  codec(zoomLevel: number): Codec;
  /** How its blocks are stored at a zoom level, for who wants to know. */
  storage(zoomLevel: number): BlockStorage;
  /** The extent of a block, z, y, x, where it may be less than that of its level: at the end of the array. */
  shapeOf?(block: BlockIndex): Triple;
  /** Text that two blocks of the mirror share exactly when they are equal. */
  key(block: BlockIndex): string;
  /** What messages call a block. */
  position(block: BlockIndex): string;
  /** URL of the file that holds a block: absolute, or relative to the page. */
  url(block: BlockIndex): string;
  /**
   * Where in that file a block lies, if the file holds many. May ask for indexes first. `undefined`: it has no such block.
   *
   * @param isWanted - Whether a block will be asked for too. It may be asked once of each: a fetch gives the same function
   *   for all of its blocks.
   */
  locate?(
    block: BlockIndex,
    isWanted: (block: BlockIndex) => boolean,
    signal: AbortSignal,
  ): Promise<BlockPlaceInFile | "whole-file" | undefined>;
  /** The tile that a block is, where the mirror is one of tiles. */
  tile?(block: BlockIndex): TileIndex;
}

/**
 * Asks a mirror for a file, or a part of one, that holds metadata: with its credentials, limits and retries.
 *
 * @returns The bytes; `undefined` where there is no such file.
 * @throws TileFetchError where it cannot be had.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** What a mirror is asked for. */
export interface Question {
  /** URL of the file: absolute, or relative to the page. */
  readonly url: string;
  /** Which part of it. Default: all of it. */
  readonly range?: ByteRange;
  /** What messages call it: "the attributes of zoom level 1". */
  readonly what: string;
  /** Most bytes that it may have. */
  readonly maxBytes: number;
}
