import type { Triple } from "../space/axis-order.js";
import type { Block } from "../space/block.js";
import { type BoxRows, copyRows } from "../space/copy-rows.js";
import type { VoxelArray, Voxels } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";
import type { StridedVolume } from "./strided-volume.js";

// Permuted copies walk through a section in squares of this side, so that both the rows read and the rows written
// stay in the first-level cache: 32 lines of 64 bytes on either side.
const squareSide = 32;

/**
 * Copies the part of a volume that a block serves. Where the block ends before the box, fills the rest.
 *
 * @param first - Where the block's first voxel lies, zyx scaled voxels.
 * @param box - The part, zyx scaled voxels.
 * @param fillValue - A bigint where the volume holds bigints.
 */
export function copyBlock(
  block: Block,
  first: Triple,
  box: ScaledBox,
  volume: StridedVolume,
  fillValue: number | bigint,
): void {
  const [z0, y0, x0] = box.lower;
  const [z1, y1, x1] = box.upper;
  const zEnd = clamp(first[0] + block.shape[0], z0, z1);
  const yEnd = clamp(first[1] + block.shape[1], y0, y1);
  const xEnd = clamp(first[2] + block.shape[2], x0, x1);
  if (zEnd < z1) fillBox({ lower: [zEnd, y0, x0], upper: [z1, y1, x1] }, volume, fillValue);
  if (yEnd < y1) fillBox({ lower: [z0, yEnd, x0], upper: [zEnd, y1, x1] }, volume, fillValue);
  if (xEnd < x1) fillBox({ lower: [z0, y0, xEnd], upper: [zEnd, yEnd, x1] }, volume, fillValue);
  const part: BlockPart = {
    sections: zEnd - z0,
    rows: yEnd - y0,
    columns: xEnd - x0,
    slice: block.shape[1] * block.shape[2],
    pitch: block.shape[2],
    strideZ: volume.stride.z,
    strideY: volume.stride.y,
    strideX: volume.stride.x,
  };
  if (part.rows <= 0 || part.columns <= 0) return;
  const from = (z0 - first[0]) * part.slice + (y0 - first[1]) * part.pitch + (x0 - first[2]);
  const to = indexOf(volume, z0, y0, x0);
  if (part.strideX === 1) copyRows(block.data, from, volume.data, to, part);
  else copySections(block.data, from, volume.data, to, part);
}

/** Sets all voxels of a box; the value is a bigint where the volume holds bigints. */
export function fillBox(box: ScaledBox, volume: StridedVolume, fillValue: number | bigint): void {
  const [z0, y0, x0] = box.lower;
  const [z1, y1, x1] = box.upper;
  // The inner loop runs along the axis whose neighbours lie closest together in memory.
  const axes = [
    { count: z1 - z0, stride: volume.stride.z },
    { count: y1 - y0, stride: volume.stride.y },
    { count: x1 - x0, stride: volume.stride.x },
  ].sort((a, b) => Math.abs(b.stride) - Math.abs(a.stride));
  const [outer, middle, inner] = axes as [Extent, Extent, Extent];
  const start = indexOf(volume, z0, y0, x0);
  const data = volume.data as Uint8Array;
  const value = fillValue as number;
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

/** A part of a block, and how it lies in the volume; lengths in elements. */
interface BlockPart extends BoxRows {
  /** Distance of the voxels of a row in the volume. */
  readonly strideX: number;
}

/** Copies a part whose rows have gaps in the volume. */
function copySections(source: Voxels, from: number, target: VoxelArray, to: number, part: BlockPart): void {
  // Bytes have a loop of their own: a loop that sees arrays of several types is slower for all of them.
  const copy = isBytes(source) && isBytes(target) ? copySquaresOfBytes : copyVoxels;
  // To the compiler all arrays hold bytes: both functions copy other numbers and bigints alike.
  const [reads, writes] = [source as Uint8Array, target as Uint8Array];
  for (let section = 0; section < part.sections; section++) {
    copy(reads, from + section * part.slice, writes, to + section * part.strideZ, part);
  }
}

type CopySection = (
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  part: BlockPart,
) => void;

const copySquaresOfBytes: CopySection = (source, from, target, to, part) => {
  const { rows, columns, pitch, strideY, strideX } = part;
  for (let row0 = 0; row0 < rows; row0 += squareSide) {
    const rowEnd = Math.min(rows, row0 + squareSide);
    for (let column0 = 0; column0 < columns; column0 += squareSide) {
      const columnEnd = Math.min(columns, column0 + squareSide);
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
};

const copyVoxels: CopySection = (source, from, target, to, { rows, columns, pitch, strideY, strideX }) => {
  for (let row = 0; row < rows; row++) {
    const read = from + row * pitch;
    const write = to + row * strideY;
    for (let column = 0; column < columns; column++) {
      target[write + column * strideX] = source[read + column] as number;
    }
  }
};

function isBytes(data: VoxelArray): boolean {
  return data.BYTES_PER_ELEMENT === 1;
}

function indexOf({ offset, stride, lower }: StridedVolume, z: number, y: number, x: number): number {
  return offset + (z - lower[0]) * stride.z + (y - lower[1]) * stride.y + (x - lower[2]) * stride.x;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
