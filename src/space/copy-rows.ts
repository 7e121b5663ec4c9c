import type { VoxelArray } from "./data-type.js";

/** The rows of a box in two arrays; all lengths in elements. */
export interface BoxRows {
  readonly sections: number;
  /** Rows of a section. */
  readonly rows: number;
  /** Voxels of a row. */
  readonly columns: number;
  /** Distances of sections and of rows in the source. */
  readonly slice: number;
  readonly pitch: number;
  /** Distances of sections and of rows in the target. */
  readonly strideZ: number;
  readonly strideY: number;
}

/**
 * Copies a box whose rows are without gaps in both arrays. They hold numbers both, or both bigints.
 *
 * @param from - Where its first row is, and in the target `to`.
 */
export function copyRows(
  source: VoxelArray,
  from: number,
  target: VoxelArray,
  to: number,
  box: BoxRows,
): void {
  if (copyShortRows(source, from, target, to, box)) return;
  // For the compiler all arrays are of bytes: it does not matter which numbers, or bigints, are moved.
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

// In longer rows `set` moves more bytes than its objects cost.
const mostBytes = 64;

/**
 * Copies rows such as those of blocks of 64³ bytes, for each of which `set` would need an object that the collector has to
 * find again: as words, four at a time, in half the time.
 *
 * @returns Whether it did: not where rows are long, begin or end between words, or of two data types or realms.
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
