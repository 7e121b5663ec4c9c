import type { VoxelArray } from "./data-type.js";

/** The rows of a box in two arrays. All lengths are in elements. */
export interface BoxRows {
  readonly sections: number;
  /** Rows per section. */
  readonly rows: number;
  /** Voxels per row. */
  readonly columns: number;
  /** Distance between sections, and between rows, in the source. */
  readonly slice: number;
  readonly pitch: number;
  /** Distance between sections, and between rows, in the target. */
  readonly strideZ: number;
  readonly strideY: number;
}

/**
 * Copies a box whose rows have no gaps in either array. Both arrays hold numbers, or both hold bigints.
 *
 * @param from - Index of the first voxel in the source. `to` is its index in the target.
 */
export function copyRows(
  source: VoxelArray,
  from: number,
  target: VoxelArray,
  to: number,
  box: BoxRows,
): void {
  if (copyShortRows(source, from, target, to, box)) return;
  // The compiler sees byte arrays here. The copy is the same for every type of number, and for bigints.
  const [reads, writes] = [source as Uint8Array, target as Uint8Array];
  const { sections, rows, columns, slice, pitch, strideZ, strideY } = box;
  const isDense = columns === pitch && columns === strideY;
  const [runs, length] = isDense ? [1, rows * columns] : [rows, columns];
  for (let section = 0; section < sections; section++) {
    for (let run = 0; run < runs; run++) {
      const start = from + section * slice + run * pitch;
      writes.set(reads.subarray(start, start + length), to + section * strideZ + run * strideY);
    }
  }
}

// For longer rows, `set` moves enough bytes to be worth its objects.
const mostBytes = 64;

/**
 * Copies short rows, such as those of blocks of 64³ bytes, as words, four at a time. That takes half the time of `set`,
 * which needs an object for each row that the garbage collector has to free.
 *
 * @returns Whether it copied. It does not if rows are long or not aligned to words, or if the arrays differ in data
 * type or realm.
 */
function copyShortRows(
  source: VoxelArray,
  from: number,
  target: VoxelArray,
  to: number,
  { sections, rows, columns, slice, pitch, strideZ, strideY }: BoxRows,
): boolean {
  const size = source.BYTES_PER_ELEMENT;
  const begins =
    source.byteOffset | target.byteOffset | (size * (from | to | slice | pitch | strideZ | strideY));
  if (size * columns > mostBytes || (size * columns) % 16 !== 0 || begins % 4 !== 0) return false;
  if (source.constructor !== target.constructor) return false;
  const reads = wordsOf(source);
  const writes = wordsOf(target);
  const words = (elements: number): number => (size * elements) / 4;
  const rowWords = words(columns);
  const [readStep, writeStep] = [words(pitch) - rowWords, words(strideY) - rowWords];
  for (let section = 0; section < sections; section++) {
    let read = words(from + section * slice);
    let write = words(to + section * strideZ);
    for (let row = 0; row < rows; row++, read += readStep, write += writeStep) {
      for (const end = read + rowWords; read < end; read += 4, write += 4) {
        writes[write] = reads[read] as number;
        writes[write + 1] = reads[read + 1] as number;
        writes[write + 2] = reads[read + 2] as number;
        writes[write + 3] = reads[read + 3] as number;
      }
    }
  }
  return true;
}

function wordsOf({ buffer, byteOffset, byteLength }: VoxelArray): Uint32Array {
  return new Uint32Array(buffer, byteOffset, Math.floor(byteLength / 4));
}
