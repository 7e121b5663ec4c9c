import type { Codec } from "../../workers/protocol.js";
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
}

/** Where the bytes of a block are. */
export interface BlockAddress {
  /** Absolute URL, or one relative to the page. */
  readonly url: string;
  /** Which part of that file. Default: all of it. */
  readonly range?: { readonly offset: number; readonly length: number };
}

/**
 * A mirror, as a fetch sees it: blocks by their index, and where their bytes are. It asks nothing itself.
 *
 * A new kind of mirror is a new implementation of this.
 */
export interface BlockSource {
  /** The mirror. */
  readonly mirror: StackMirror;
  /**
   * What it has of a zoom level.
   *
   * @throws InvalidZoomLevelError where it does not have it.
   */
  level(zoomLevel: number): BlockLevel;
  /** How its blocks are decoded at a zoom level. */
  codec(zoomLevel: number): Codec;
  /** Text that two blocks of the mirror share exactly when they are equal. */
  key(block: BlockIndex): string;
  /** What messages call a block. */
  position(block: BlockIndex): string;
  /** Where the bytes of a block are. */
  locate(block: BlockIndex): BlockAddress;
  /** The tile that a block is, where the mirror is one of tiles. */
  tile?(block: BlockIndex): TileIndex;
}
