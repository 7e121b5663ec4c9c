import type { VoxelArray } from "../space/data-type.js";

/** Rows in two arrays; all lengths in elements. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  /** Distance of rows in the source, and in the target. */
  readonly pitch: number;
  readonly strideY: number;
}

// In longer rows `set` moves more bytes than its objects cost.
const mostBytes = 64;

/**
 * Copies rows such as those of blocks of 64³ bytes, for each of which `set` would need an object that the collector has to
 * find again: as words, four at a time, in half the time. Arrays are of one data type.
 *
 * @returns Whether it did: not where rows are long, or begin or end between words.
 */
export function copyShortRows(
  source: VoxelArray,
  from: number,
  target: VoxelArray,
  to: number,
  { rows, columns, pitch, strideY }: Rows,
): boolean {
  const size = source.BYTES_PER_ELEMENT;
  const begins = source.byteOffset | target.byteOffset | (size * (from | to | pitch | strideY));
  if (size * columns > mostBytes || (size * columns) % 16 !== 0 || begins % 4 !== 0) return false;
  const reads = wordsOf(source);
  const writes = wordsOf(target);
  const words = (elements: number): number => (size * elements) / 4;
  const rowWords = words(columns);
  for (let row = 0; row < rows; row++) {
    let read = words(from + row * pitch);
    let write = words(to + row * strideY);
    for (const end = read + rowWords; read < end; read += 4, write += 4) {
      writes[write] = reads[read] as number;
      writes[write + 1] = reads[read + 1] as number;
      writes[write + 2] = reads[read + 2] as number;
      writes[write + 3] = reads[read + 3] as number;
    }
  }
  return true;
}

function wordsOf({ buffer, byteOffset, byteLength }: VoxelArray): Uint32Array {
  return new Uint32Array(buffer, byteOffset, Math.floor(byteLength / 4));
}
