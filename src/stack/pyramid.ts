import type { Vector3 } from "../space/axis-order.js";

/** The size of the tiles of a level. */
export interface TileSize {
  /** Width, in pixels. */
  readonly tileWidth: number;
  /** Height, in pixels. */
  readonly tileHeight: number;
}

/**
 * The coarsest zoom level of a stack that does not declare it, as CATMAID estimates it: the first at which the longer
 * side fits the smallest tile side of all mirrors. (CATMAID compares the side minus 1: 513 pixels fit a tile of 512.)
 */
export function estimateMaxZoomLevel(dimension: Vector3, mirrors: readonly TileSize[]): number {
  const sides = mirrors
    .flatMap(({ tileWidth, tileHeight }) => [tileWidth, tileHeight])
    .filter((side) => side >= 0);
  if (sides.length === 0) return 0;
  const smallest = sides.reduce((a, b) => Math.min(a, b));
  const levels = Math.ceil(Math.log2(Math.max(dimension.x - 1, dimension.y - 1) / smallest));
  return Number.isFinite(levels) ? Math.max(0, levels) : 0;
}

/** How many voxels a level has per axis. The last one may lie partly outside the stack. */
export function levelExtentOf(dimension: Vector3, factor: Vector3): Vector3 {
  return {
    x: Math.ceil(dimension.x / factor.x),
    y: Math.ceil(dimension.y / factor.y),
    z: Math.ceil(dimension.z / factor.z),
  };
}

/**
 * How many sections a level has. If the factor is not a whole number, this may be one less than the extent of the
 * level, since the last section would stand for none of the stack.
 */
export function levelDepthOf(depth: number, factor: number): number {
  const extent = Math.ceil(depth / factor);
  return sourceSection(extent - 1, factor) < depth ? extent : extent - 1;
}

/**
 * The last column and row of tiles that CATMAID asks for at a level: the last ones that whole voxels of the level
 * reach. −1 if the stack is smaller than one voxel of the level.
 */
export function lastTileOf(
  dimension: Vector3,
  factor: Vector3,
  { tileWidth, tileHeight }: TileSize,
): { readonly col: number; readonly row: number } {
  return {
    col: Math.floor((dimension.x / factor.x - 1) / tileWidth),
    row: Math.floor((dimension.y / factor.y - 1) / tileHeight),
  };
}

/**
 * The section of level 0 that a section of another level stands for. CATMAID divides a section by the factor and rounds
 * down; this is the first one with that result. If a level has more sections than level 0, it is the one that contains
 * the level's section.
 */
export function sourceSection(levelSection: number, factor: number): number {
  if (factor < 1) return Math.floor(levelSection * factor);
  let section = Math.ceil(levelSection * factor);
  // If the factor is not a whole number, rounding may put the product off by one section.
  while (Math.floor((section - 1) / factor) >= levelSection) section--;
  while (Math.floor(section / factor) < levelSection) section++;
  return section;
}
