import type { Codec } from "../../../workers/protocol.js";
import type { BlockIndex } from "../../space/block.js";
import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import { TileIndex } from "../../stack/mirror/tile-index.js";
import type { Stack } from "../../stack/stack.js";
import type { BlockLevel, BlockSource, BlockStorage } from "../block-source.js";
import { isLabelData } from "../labels.js";
import { tileLevelOf } from "./tile-level.js";

/** The data types that the voxels of tiles may have. */
export type TileDataType = "uint8" | "uint16";

/** Whether the voxels of tiles may have a data type. */
export function isTileDataType(dataType: string): dataType is TileDataType {
  return dataType === "uint8" || dataType === "uint16";
}

/** How the voxels of a mirror of tiles are read from its images. */
export interface TileFormat {
  /** The number of bits that a sample may have. Files with fewer bits keep their values. */
  readonly dataType: TileDataType;
  /** The channel of a colour image that is read, from 0, or `"grey"` for its luma. */
  readonly channel: "grey" | number;
}

/** A mirror of tiles: PNG or JPEG files of one section each. The layout of its tile source type gives their URLs. */
export class TileBlockSource implements BlockSource {
  readonly mirror: StackMirror;
  readonly isLabels: boolean;
  readonly warnings: readonly string[] = [];
  readonly #stack: Stack;
  readonly #format: TileFormat;
  readonly #levels = new Map<number, BlockLevel>();

  constructor(stack: Stack, mirror: StackMirror, format: TileFormat) {
    this.mirror = mirror;
    this.isLabels = isLabelData(stack, format.dataType);
    this.#stack = stack;
    this.#format = format;
  }

  level(zoomLevel: number): BlockLevel {
    let level = this.#levels.get(zoomLevel);
    if (level === undefined) {
      // Throws where the layout has no such level.
      this.mirror.generateUrl(this.mirror.getTileIndex({ x: 0, y: 0, z: 0 }, zoomLevel).tileIndex);
      level = {
        dataType: this.#format.dataType,
        absent: "missing",
        ...tileLevelOf(this.#stack, this.mirror, zoomLevel),
      };
      this.#levels.set(zoomLevel, level);
    }
    return level;
  }

  codec(): Codec {
    return { kind: "image", transpose: this.mirror.transposed, ...this.#format };
  }

  storage(): BlockStorage {
    return { encoding: this.mirror.fileExtension, sharded: false };
  }

  key(block: BlockIndex): string {
    return `${block.level}/${block.at.join("/")}`;
  }

  position({ level, at: [section, row, col] }: BlockIndex): string {
    return `tile at section ${section}, row ${row}, column ${col} of zoom level ${level}`;
  }

  url(block: BlockIndex): string {
    return this.mirror.generateUrl(this.tile(block));
  }

  tile({ level, at: [depth, row, col] }: BlockIndex): TileIndex {
    const { tileWidth: width, tileHeight: height } = this.mirror;
    return new TileIndex({ depth, row, col, zoomLevel: level, height, width });
  }
}
