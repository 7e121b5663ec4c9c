/** Unpacks a compressed block: literals, and sequences that say how many literals come before which repetition. */

import { damagedData } from "../../damaged-data.js";
import type { FrameTables } from "./frame-tables.js";
import { type FseTable, fseTableOfOne, readFseTable } from "./fse-table.js";
import { readLiterals } from "./literals.js";
import { literalLengthCode, matchLengthCode, offsetCode, type SequenceCode } from "./sequence-codes.js";
import { appendLiterals, runSequences } from "./sequences.js";

/** Unpacks the block `[start, end)` of a file to `target`, after its first `written` bytes. Returns the new size. */
export function unpackCompressedBlock(
  source: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  target: Uint8Array,
  written: number,
  tables: FrameTables,
): number {
  const literals = readLiterals(source, view, start, end, tables);
  let at = literals.end;
  if (at >= end) throw damagedData("a zstd block ends early");
  let sequences = source[at++] as number;
  if (sequences >= 128) {
    if (at + (sequences === 255 ? 2 : 1) > end) throw damagedData("a zstd block ends early");
    if (sequences === 255) {
      sequences = view.getUint16(at, true) + 0x7f00;
      at += 2;
    } else {
      sequences = ((sequences - 128) << 8) | (source[at++] as number);
    }
  }
  if (sequences === 0) {
    if (at !== end) throw damagedData("something follows the literals of a zstd block");
    return appendLiterals(target, written, literals.bytes);
  }
  if (at >= end) throw damagedData("a zstd block ends early");
  const modes = source[at++] as number;
  if ((modes & 3) !== 0) throw damagedData("a zstd block has an invalid header");
  const readTable = (code: SequenceCode, mode: number, last: FseTable | undefined): FseTable => {
    const read = tableOf(source, at, end, code, mode & 3, last);
    at = read.end;
    return read.table;
  };
  const literalLengths = readTable(literalLengthCode, modes >>> 6, tables.literalLengths);
  const offsets = readTable(offsetCode, modes >>> 4, tables.offsets);
  const matchLengths = readTable(matchLengthCode, modes >>> 2, tables.matchLengths);
  const codes = { literalLengths, offsets, matchLengths };
  Object.assign(tables, codes);
  return runSequences(view, at, end, sequences, codes, tables.recent, literals.bytes, target, written);
}

function tableOf(
  source: Uint8Array,
  start: number,
  end: number,
  { preset, mostStateBits, base }: SequenceCode,
  mode: number,
  last: FseTable | undefined,
): { readonly table: FseTable; readonly end: number } {
  const mostSymbol = base.length - 1;
  switch (mode) {
    case 0:
      return { table: preset, end: start };
    case 1: {
      const symbol = start < end ? (source[start] as number) : 255;
      if (symbol > mostSymbol) throw damagedData("a zstd block has an invalid code");
      return { table: fseTableOfOne(symbol), end: start + 1 };
    }
    case 2:
      return readFseTable(source, start, end, mostStateBits, mostSymbol);
    default:
      if (last === undefined) throw damagedData("sequences refer to a code that is not there");
      return { table: last, end: start };
  }
}
