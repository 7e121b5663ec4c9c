import type { VoxelArray } from "../space/data-type.js";
import type { CopySection, SectionPart } from "./copy-block.js";

// In longer rows `set` moves more bytes than its objects cost.
const mostBytes = 64;

/**
 * What copies rows such as those of blocks of 64³ bytes, for each of which `set` would need an object that the collector has to
 * find again: as words, four at a time, in half the time. Arrays are of one data type.
 *
 * @param from - Where the first row of the first section is, and in the target `to`; those of the others follow at `strideZ`.
 * @returns Nothing where rows are long, or begin or end between words.
 */
export function shortRowsCopy(
  source: VoxelArray,
  from: number,
  target: VoxelArray,
  to: number,
  { columns, pitch, strideY, strideZ }: SectionPart,
): CopySection | undefined {
  const size = source.BYTES_PER_ELEMENT;
  const begins = source.byteOffset | target.byteOffset | (size * (from | to | pitch | strideY | strideZ));
  if (size * columns > mostBytes || (size * columns) % 16 !== 0 || begins % 4 !== 0) return undefined;
  const reads = wordsOf(source);
  const writes = wordsOf(target);
  const words = (elements: number): number => (size * elements) / 4;
  const rowWords = words(columns);
  const [readStep, writeStep] = [words(pitch) - rowWords, words(strideY) - rowWords];
  return (_source, firstRead, _target, firstWrite, { rows }) => {
    let read = words(firstRead);
    let write = words(firstWrite);
    for (let row = 0; row < rows; row++, read += readStep, write += writeStep) {
      for (const end = read + rowWords; read < end; read += 4, write += 4) {
        writes[write] = reads[read] as number;
        writes[write + 1] = reads[read + 1] as number;
        writes[write + 2] = reads[read + 2] as number;
        writes[write + 3] = reads[read + 3] as number;
      }
    }
  };
}

function wordsOf({ buffer, byteOffset, byteLength }: VoxelArray): Uint32Array {
  return new Uint32Array(buffer, byteOffset, Math.floor(byteLength / 4));
}
