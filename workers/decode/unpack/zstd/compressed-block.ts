/** A compressed block: literals, and sequences that say how many of them come before which repetition. */

import { damagedData } from "../../damaged-data.js";
import { copyMatch } from "../copy-match.js";
import { BackwardBits } from "./backward-bits.js";
import {
  type FrameTables,
  literalLengthCode,
  matchLengthCode,
  offsetCode,
  type SequenceCode,
} from "./frame-tables.js";
import { type FseTable, fseTableOfOne, readFseTable } from "./fse-table.js";
import { type Literals, readLiterals } from "./literals.js";

/**
 * Unpacks the block `[start, end)` of a file to `target`, of which the first `written` bytes are there, and says how many
 * there are then.
 */
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
    return append(target, written, literals.bytes);
  }
  if (at >= end) throw damagedData("a zstd block ends early");
  const modes = source[at++] as number;
  if ((modes & 3) !== 0) throw damagedData("a zstd block has an invalid header");
  const readTable = (code: SequenceCode, mode: number, last: FseTable | undefined): FseTable => {
    const read = tableOf(source, at, end, code, mode & 3, last);
    at = read.end;
    return read.table;
  };
  tables.literalLengths = readTable(literalLengthCode, modes >>> 6, tables.literalLengths);
  tables.offsets = readTable(offsetCode, modes >>> 4, tables.offsets);
  tables.matchLengths = readTable(matchLengthCode, modes >>> 2, tables.matchLengths);
  return runSequences(new BackwardBits(view, at, end), sequences, literals, target, written, {
    lengths: tables.literalLengths,
    offsets: tables.offsets,
    matches: tables.matchLengths,
    recent: tables.recent,
  });
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

interface SequenceTables {
  readonly lengths: FseTable;
  readonly offsets: FseTable;
  readonly matches: FseTable;
  readonly recent: [number, number, number];
}

function runSequences(
  bits: BackwardBits,
  sequences: number,
  { bytes: literals }: Literals,
  target: Uint8Array,
  start: number,
  { lengths, offsets, matches, recent }: SequenceTables,
): number {
  let lengthState = bits.read(lengths.stateBits);
  let offsetState = bits.read(offsets.stateBits);
  let matchState = bits.read(matches.stateBits);
  let used = 0;
  let to = start;
  for (let left = sequences; left > 0; left--) {
    const lengthEntry = lengths.entries[lengthState] as number;
    const offsetEntry = offsets.entries[offsetState] as number;
    const matchEntry = matches.entries[matchState] as number;
    const offsetSymbol = offsetEntry & 255;
    const offset = (2 ** offsetSymbol + bits.readMany(offsetSymbol)) >>> 0;
    const matchLength =
      (matchLengthCode.base[matchEntry & 255] as number) +
      bits.read(matchLengthCode.extraBits[matchEntry & 255] as number);
    const literalLength =
      (literalLengthCode.base[lengthEntry & 255] as number) +
      bits.read(literalLengthCode.extraBits[lengthEntry & 255] as number);
    if (left > 1) {
      lengthState = (lengthEntry >>> 16) + bits.read((lengthEntry >>> 8) & 255);
      matchState = (matchEntry >>> 16) + bits.read((matchEntry >>> 8) & 255);
      offsetState = (offsetEntry >>> 16) + bits.read((offsetEntry >>> 8) & 255);
    }
    if (bits.isOverrun) throw damagedData("the sequences of a zstd block end early");
    if (literalLength > literals.length - used) throw damagedData("a zstd block has too few literals");
    if (literalLength + matchLength > target.length - to) throw tooLong();
    for (const stop = used + literalLength; used < stop; ) target[to++] = literals[used++] as number;
    const distance = distanceOf(offset, literalLength, recent);
    if (distance === 0 || distance > to) throw damagedData("a zstd block reaches back before the first byte");
    copyMatch(target, to, distance, matchLength);
    to += matchLength;
  }
  if (!bits.isRead) throw damagedData("the sequences of a zstd block do not end where they should");
  return append(target, to, literals.subarray(used));
}

/** The first three offsets mean the last three distances, or the next of them where no literals come before. */
function distanceOf(offset: number, literalLength: number, recent: [number, number, number]): number {
  const [first, second, third] = recent;
  if (offset > 3) {
    recent[2] = second;
    recent[1] = first;
    recent[0] = offset - 3;
    return recent[0];
  }
  const which = literalLength === 0 ? offset : offset - 1;
  if (which === 0) return first;
  const distance = which === 1 ? second : which === 2 ? third : first - 1;
  if (which > 1) recent[2] = second;
  recent[1] = first;
  recent[0] = distance;
  return distance;
}

function append(target: Uint8Array, written: number, bytes: Uint8Array): number {
  if (bytes.length > target.length - written) throw tooLong();
  target.set(bytes, written);
  return written + bytes.length;
}

function tooLong(): Error {
  return damagedData("a zstd block unpacks to more bytes than it should");
}
