/** The codes of lengths and offsets that zstd predefines. */

import { type FseTable, fseTableOf } from "./fse-table.js";

/** How lengths or offsets are coded: the meaning of each symbol, and the table for blocks without one. */
export interface SequenceCode {
  readonly mostStateBits: number;
  readonly preset: FseTable;
  /** The smallest number that each symbol stands for. */
  readonly base: Int32Array;
  /** How many extra bits are added to that number. */
  readonly extraBits: Uint8Array;
}

/** Numbers of literals before a match. */
export const literalLengthCode: SequenceCode = sequenceCode(
  9,
  6,
  [
    4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
    -1, -1,
  ],
  0,
  [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
);

/** Lengths of matches in bytes. */
export const matchLengthCode: SequenceCode = sequenceCode(
  9,
  6,
  [1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1],
  3,
  [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
);

/** Offsets: 2 to the power of the symbol, plus that many extra bits. */
export const offsetCode: SequenceCode = sequenceCode(
  8,
  5,
  [1, 1, 1, 1, 1, 1, 2, 2, 2, ...Array<number>(15).fill(1), -1, -1, -1, -1, -1],
  1,
  Array.from({ length: 31 }, (_, symbol) => symbol),
);

function zeros(count: number): number[] {
  return Array<number>(count).fill(0);
}

function sequenceCode(
  mostStateBits: number,
  presetBits: number,
  frequencies: readonly number[],
  first: number,
  extraBits: readonly number[],
): SequenceCode {
  const base = new Int32Array(extraBits.length);
  let next = first;
  extraBits.forEach((bits, symbol) => {
    base[symbol] = next;
    next += 2 ** bits;
  });
  return {
    mostStateBits,
    preset: fseTableOf(frequencies, presetBits),
    base,
    extraBits: Uint8Array.from(extraBits),
  };
}
