import type { ByteRange, Codec } from "../../workers/protocol.js";
import type { Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import type { DataType } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { TileIndex } from "../stack/mirror/tile-index.js";

/**
 * What a mirror has at one zoom level. Boxes and `origin` are z, y, x in voxels of the level **of the stack**. Blocks
 * are counted in the mirror's own array, which may be shifted.
 */
export interface BlockLevel {
  /** The number type of a voxel. */
  readonly dataType: DataType;
  /** Extent of a block: z, y, x. */
  readonly blockShape: Triple;
  /** The voxel at which block (0, 0, 0) begins; may be negative. */
  readonly origin: Triple;
  /** The part of the stack that blocks cover, whether or not the mirror holds those blocks. */
  readonly covered: ScaledBox;
  /** The part that the mirror holds. It may reach beyond the stack. */
  readonly held: ScaledBox;
  /** What an absent block means: it is `"missing"`, or it is `"empty"`, and its voxels are 0 by the format. */
  readonly absent: "missing" | "empty";
}

/** How the blocks of a level are stored. */
export interface BlockStorage {
  /** How blocks are encoded or compressed, by the format's own name: `"gzip"`, `"jpeg"`. */
  readonly encoding: string;
  /** Whether a file (a shard) holds many blocks. */
  readonly sharded: boolean;
}

/** Where a block lies in a file that holds many blocks. */
export interface BlockPlaceInFile {
  /** The bytes of the block. */
  readonly range: ByteRange;
  /** The bytes to ask for at once: those of the block and of its neighbours in the file that are wanted too. */
  readonly run: ByteRange;
  /** How many wanted blocks lie in `run`, including this one. */
  readonly blocks: number;
}

/**
 * A mirror as a fetch sees it, with its metadata already read: blocks by their index, and where their bytes are.
 *
 * A new kind of mirror is a new implementation of this interface.
 */
export interface BlockSource {
  /** The mirror. */
  readonly mirror: StackMirror;
  /** Whether voxels are names of objects. Those are never mixed. */
  readonly isLabels: boolean;
  /** What a caller should know about the metadata, as sentences: levels that disagree with the stack's, for example. */
  readonly warnings: readonly string[];
  /**
   * What the mirror has at a zoom level.
   *
   * @throws InvalidZoomLevelError if the mirror lacks the level.
   */
  level(zoomLevel: number): BlockLevel;
  /** How blocks of a zoom level are decoded. */
  codec(zoomLevel: number): Codec;
  /** How blocks of a zoom level are stored. Only descriptions of the mirror use it. */
  storage(zoomLevel: number): BlockStorage;
  /** Extent of a block, z, y, x, for mirrors whose last blocks are smaller than the level's `blockShape`. */
  shapeOf?(block: BlockIndex): Triple;
  /** A text that is the same for two blocks of the mirror exactly if the blocks are the same. */
  key(block: BlockIndex): string;
  /** How messages name a block. */
  position(block: BlockIndex): string;
  /** URL of the file that holds a block: absolute, or relative to the page. */
  url(block: BlockIndex): string;
  /**
   * Finds a block in a file that holds many. This may ask for indexes first. The result is `undefined` if there is no
   * such block.
   *
   * @param isWanted - Whether the fetch needs another block too. A fetch passes the same function for all of its
   * blocks, so that the source may ask it only once for each block.
   */
  locate?(
    block: BlockIndex,
    isWanted: (block: BlockIndex) => boolean,
    signal: AbortSignal,
  ): Promise<BlockPlaceInFile | "whole-file" | undefined>;
  /** The tile of a block, for mirrors of tiles. */
  tile?(block: BlockIndex): TileIndex;
}

/**
 * Asks a mirror for a file that holds metadata, or for a part of one. The mirror's credentials, limits and retries
 * apply.
 *
 * @returns The bytes; `undefined` if there is no such file.
 * @throws TileFetchError if the request fails.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** A file, or a part of one, to ask a mirror for. */
export interface Question {
  /** URL of the file: absolute, or relative to the page. */
  readonly url: string;
  /** The part of the file. Default: the whole file. */
  readonly range?: ByteRange;
  /** How messages name the file: "the attributes of zoom level 1". */
  readonly what: string;
  /** The most bytes that the answer may have. */
  readonly maxBytes: number;
}
