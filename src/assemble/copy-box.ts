import type { ScaledBox } from "../plan/block-plan.js";
import type { VoxelArray } from "../space/voxel-array.js";
import { isByteArray } from "../space/voxel-array.js";
import type { StridedVolume } from "./strided-volume.js";

/** Pixels of one section: a tile, or what is left of two after blending. */
export interface TilePixels {
  /** Grey values, row by row. */
  readonly data: Uint8Array;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
}

// Permuted copies walk through the tile in squares of this side, so that both the rows read and the rows written
// stay in the first-level cache: 32 lines of 64 bytes on either side.
const blockSide = 32;

/**
 * Copies the part of a section that a tile serves. A tile that is shorter than the box leaves the rest as fill.
 *
 * @param box - One section deep, zyx scaled voxels.
 * @param top - Row of the tile's first pixel, in scaled voxels.
 * @param left - Column of the tile's first pixel, in scaled voxels.
 */
export function copyTile(
  tile: TilePixels,
  top: number,
  left: number,
  box: ScaledBox,
  volume: StridedVolume,
  fillValue: number,
): void {
  const [z, y0, x0] = box.lower;
  const [zEnd, y1, x1] = box.upper;
  const yEnd = Math.max(y0, Math.min(y1, top + tile.height));
  const xEnd = Math.max(x0, Math.min(x1, left + tile.width));
  if (yEnd < y1) fillBox({ lower: [z, yEnd, x0], upper: [zEnd, y1, x1] }, volume, fillValue);
  if (xEnd < x1) fillBox({ lower: [z, y0, xEnd], upper: [zEnd, yEnd, x1] }, volume, fillValue);
  const rows = yEnd - y0;
  const columns = xEnd - x0;
  if (rows <= 0 || columns <= 0) return;
  const from = (y0 - top) * tile.width + (x0 - left);
  const to = indexOf(volume, z, y0, x0);
  const { data } = volume;
  const { x: strideX, y: strideY } = volume.stride;
  if (strideX === 1) copyRows(tile.data, from, tile.width, data, to, strideY, rows, columns);
  else if (isByteArray(data))
    copyBlocks(tile.data, from, tile.width, data, to, strideY, strideX, rows, columns);
  else copyNumbers(tile.data, from, tile.width, data, to, strideY, strideX, rows, columns);
}

/** Sets all voxels of a box. */
export function fillBox(box: ScaledBox, volume: StridedVolume, value: number): void {
  const [z0, y0, x0] = box.lower;
  const [z1, y1, x1] = box.upper;
  // Innermost along the axis whose neighbours lie closest together in memory.
  const axes = [
    { count: z1 - z0, stride: volume.stride.z },
    { count: y1 - y0, stride: volume.stride.y },
    { count: x1 - x0, stride: volume.stride.x },
  ].sort((a, b) => Math.abs(b.stride) - Math.abs(a.stride));
  const [outer, middle, inner] = axes as [Extent, Extent, Extent];
  const start = indexOf(volume, z0, y0, x0);
  const { data } = volume;
  for (let i = 0; i < outer.count; i++) {
    for (let j = 0; j < middle.count; j++) {
      const from = start + i * outer.stride + j * middle.stride;
      if (inner.stride === 1) data.fill(value, from, from + inner.count);
      else for (let k = 0; k < inner.count; k++) data[from + k * inner.stride] = value;
    }
  }
}

interface Extent {
  readonly count: number;
  readonly stride: number;
}

function indexOf({ offset, stride, lower }: StridedVolume, z: number, y: number, x: number): number {
  return offset + (z - lower[0]) * stride.z + (y - lower[1]) * stride.y + (x - lower[2]) * stride.x;
}

function copyRows(
  source: Uint8Array,
  from: number,
  pitch: number,
  target: VoxelArray,
  to: number,
  strideY: number,
  rows: number,
  columns: number,
): void {
  if (columns === pitch && columns === strideY) {
    target.set(source.subarray(from, from + rows * columns), to);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const start = from + row * pitch;
    target.set(source.subarray(start, start + columns), to + row * strideY);
  }
}

function copyBlocks(
  source: Uint8Array,
  from: number,
  pitch: number,
  target: Uint8Array | Uint8ClampedArray,
  to: number,
  strideY: number,
  strideX: number,
  rows: number,
  columns: number,
): void {
  for (let row0 = 0; row0 < rows; row0 += blockSide) {
    const rowEnd = Math.min(rows, row0 + blockSide);
    for (let column0 = 0; column0 < columns; column0 += blockSide) {
      const columnEnd = Math.min(columns, column0 + blockSide);
      for (let column = column0; column < columnEnd; column++) {
        let read = from + row0 * pitch + column;
        let write = to + row0 * strideY + column * strideX;
        for (let row = row0; row < rowEnd; row++) {
          target[write] = source[read] as number;
          read += pitch;
          write += strideY;
        }
      }
    }
  }
}

// As copyBlocks, in a loop of its own: were that one to see other arrays than of bytes, it would be slower for all.
function copyNumbers(
  source: Uint8Array,
  from: number,
  pitch: number,
  target: VoxelArray,
  to: number,
  strideY: number,
  strideX: number,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    const read = from + row * pitch;
    const write = to + row * strideY;
    for (let column = 0; column < columns; column++) {
      target[write + column * strideX] = source[read + column] as number;
    }
  }
}
