import { InvalidOptionError, InvalidZoomLevelError } from "../../errors.js";
import { checkObject } from "../../options/check-option.js";
import type { Vector3 } from "../../space/axis-order.js";

/**
 * What identifies a tile of a mirror. Positions are in the mirror's own array. Section and level may be any finite
 * numbers, because CATMAID prints them into URLs unchanged; fetched tiles have whole ones.
 */
export interface TileIndexOptions {
  /** Section, in voxels of the zoom level. */
  readonly depth: number;
  /** Row of the tile: its first voxel is at y = row × height. */
  readonly row: number;
  /** Column of the tile: its first voxel is at x = column × width. */
  readonly col: number;
  /** Zoom level. */
  readonly zoomLevel: number;
  /** Height of the mirror's tiles, in pixels. */
  readonly height: number;
  /** Width of the mirror's tiles, in pixels. */
  readonly width: number;
}

/**
 * The position of a tile in a mirror: section, row, column and zoom level, with the tile size that rows and columns are
 * counted in. All are in the mirror's own array; if the mirror has an `offset`, they differ from those of its stack.
 */
export class TileIndex {
  /** Section, in voxels of the zoom level. */
  readonly depth: number;
  /** Row of the tile: its first voxel is at y = row × height. */
  readonly row: number;
  /** Column of the tile: its first voxel is at x = column × width. */
  readonly col: number;
  /** Zoom level. */
  readonly zoomLevel: number;
  /** Height of the mirror's tiles, in pixels. */
  readonly height: number;
  /** Width of the mirror's tiles, in pixels. */
  readonly width: number;

  /**
   * @throws InvalidOptionError for a section that is not finite, a row or column that is not whole, or an invalid size.
   * @throws InvalidZoomLevelError for a zoom level that is not finite.
   */
  constructor(options: TileIndexOptions) {
    checkObject(options, "depth, row, col", "a TileIndex");
    if (!Number.isFinite(options.depth)) {
      throw new InvalidOptionError(`the depth of a tile must be a finite number, got ${options.depth}`);
    }
    this.depth = options.depth + 0;
    this.row = whole("row", options.row);
    this.col = whole("col", options.col);
    if (!Number.isFinite(options.zoomLevel)) {
      throw new InvalidZoomLevelError(
        `the zoom level of a tile must be a finite number, got ${options.zoomLevel}`,
      );
    }
    this.zoomLevel = options.zoomLevel + 0;
    this.height = size("height", options.height);
    this.width = size("width", options.width);
  }

  /** The first voxel of the tile (left, top), in scaled voxels of the mirror's own array. */
  get coords(): Vector3 {
    return { x: this.col * this.width, y: this.row * this.height, z: this.depth };
  }

  /** A text that is the same for two tiles exactly if the tiles are the same. */
  get key(): string {
    return `${this.zoomLevel}/${this.depth}/${this.row}/${this.col}/${this.width}x${this.height}`;
  }

  /** Whether rows and columns of another index are in the same units: the same zoom level and tile size. */
  isComparable(other: TileIndex): boolean {
    return this.zoomLevel === other.zoomLevel && this.height === other.height && this.width === other.width;
  }

  /** Whether another index means the same tile. */
  equals(other: TileIndex): boolean {
    return (
      this.isComparable(other) &&
      this.depth === other.depth &&
      this.row === other.row &&
      this.col === other.col
    );
  }
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value + 0;
  throw new InvalidOptionError(`the ${name} of a tile must be a whole number, got ${value}`);
}

function size(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidOptionError(`the ${name} of a tile must be a positive whole number, got ${value}`);
}
