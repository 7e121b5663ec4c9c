/** The sequences of a block: each is a number of literals and the repetition after them. */

import { damagedData } from "../../damaged-data.js";
import { copyMatch } from "../copy-match.js";
import { bitsAt, streamTop } from "./backward-bits.js";
import type { FseTable } from "./fse-table.js";
import { literalLengthCode, matchLengthCode } from "./sequence-codes.js";

/** The tables that decode the sequences of a block. */
export interface SequenceTables {
  readonly literalLengths: FseTable;
  readonly offsets: FseTable;
  readonly matchLengths: FseTable;
}

/** The last three distances of a frame. */
export type RecentDistances = [first: number, second: number, third: number];

/** For fewer bytes, a loop is faster than `set`. */
const fewestToSet = 96;

/**
 * Reads `sequences` sequences from `[start, end)` of a file and carries them out: appends literals and repetitions to
 * `target`, after its first `written` bytes. Returns the new number of bytes.
 */
export function runSequences(
  view: DataView,
  start: number,
  end: number,
  sequences: number,
  { literalLengths, offsets, matchLengths }: SequenceTables,
  recent: RecentDistances,
  literals: Uint8Array,
  target: Uint8Array,
  written: number,
): number {
  const { base: literalBase, extraBits: literalExtra } = literalLengthCode;
  const { base: matchBase, extraBits: matchExtra } = matchLengthCode;
  const literalView = viewOf(literals);
  const targetView = viewOf(target);
  const first = start * 8;
  let at = streamTop(view, start, end);
  const firstState = ({ stateBits, entries }: FseTable): number => {
    at -= stateBits;
    if (at < first) throw endEarly();
    return entries[bitsAt(view, at, stateBits)] as number;
  };
  let literalEntry = firstState(literalLengths);
  let offsetEntry = firstState(offsets);
  let matchEntry = firstState(matchLengths);
  let used = 0;
  let to = written;
  for (let left = sequences; ; left--) {
    const offsetBits = offsetEntry & 255;
    const matchBits = matchExtra[matchEntry & 255] as number;
    const literalBits = literalExtra[literalEntry & 255] as number;
    let offset = 1 << offsetBits;
    let matchLength = matchBase[matchEntry & 255] as number;
    let literalLength = literalBase[literalEntry & 255] as number;
    if (at - offsetBits - matchBits - literalBits < first) throw endEarly();
    at -= offsetBits;
    offset += offsetBits > 16 ? manyBitsAt(view, at, offsetBits) : bitsAt(view, at, offsetBits);
    if (matchBits + literalBits > 0) {
      at -= matchBits;
      matchLength += bitsAt(view, at, matchBits);
      at -= literalBits;
      literalLength += bitsAt(view, at, literalBits);
    }

    if (literalLength > literals.length - used) throw damagedData("a zstd block has too few literals");
    if (literalLength + matchLength > target.length - to) throw tooLong();
    const stop = used + literalLength;
    if (literalLength > fewestToSet) {
      target.set(literals.subarray(used, stop), to);
      to += literalLength;
      used = stop;
    } else {
      for (; used + 4 <= stop; used += 4, to += 4) targetView.setInt32(to, literalView.getInt32(used));
      while (used < stop) target[to++] = literals[used++] as number;
    }
    const distance = offset > 3 ? newDistance(offset, recent) : recentDistance(offset, literalLength, recent);
    if (distance === 0 || distance > to) throw damagedData("a zstd block reaches back before the first byte");
    if (matchLength < 8) {
      for (const stop = to + matchLength; to < stop; to++) target[to] = target[to - distance] as number;
    } else {
      copyMatch(target, to, distance, matchLength);
      to += matchLength;
    }
    if (left === 1) break;

    const nextLiteralBits = (literalEntry >>> 8) & 255;
    const nextMatchBits = (matchEntry >>> 8) & 255;
    const nextOffsetBits = (offsetEntry >>> 8) & 255;
    if (at - nextLiteralBits - nextMatchBits - nextOffsetBits < first) throw endEarly();
    at -= nextLiteralBits + nextMatchBits;
    const both = bitsAt(view, at, nextLiteralBits + nextMatchBits);
    at -= nextOffsetBits;
    literalEntry = literalLengths.entries[(literalEntry >>> 16) + (both >>> nextMatchBits)] as number;
    matchEntry = matchLengths.entries[(matchEntry >>> 16) + (both & ((1 << nextMatchBits) - 1))] as number;
    offsetEntry = offsets.entries[(offsetEntry >>> 16) + bitsAt(view, at, nextOffsetBits)] as number;
  }
  if (at !== first) throw damagedData("the sequences of a zstd block do not end where they should");
  return appendLiterals(target, to, literals.subarray(used));
}

/** Appends literals to the target. Returns the new number of bytes. */
export function appendLiterals(target: Uint8Array, written: number, literals: Uint8Array): number {
  if (literals.length > target.length - written) throw tooLong();
  target.set(literals, written);
  return written + literals.length;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Reads up to 31 bits. */
function manyBitsAt(view: DataView, at: number, count: number): number {
  return bitsAt(view, at + 16, count - 16) * 65536 + bitsAt(view, at, 16);
}

function newDistance(offset: number, recent: RecentDistances): number {
  recent[2] = recent[1];
  recent[1] = recent[0];
  recent[0] = offset - 3;
  return offset - 3;
}

/** Offsets 1 to 3 mean the last three distances; if no literals come before: the second, the third, the first minus 1. */
function recentDistance(offset: number, literalLength: number, recent: RecentDistances): number {
  const [first, second, third] = recent;
  const which = literalLength === 0 ? offset : offset - 1;
  if (which === 0) return first;
  const distance = which === 1 ? second : which === 2 ? third : first - 1;
  if (which > 1) recent[2] = second;
  recent[1] = first;
  recent[0] = distance;
  return distance;
}

function endEarly(): Error {
  return damagedData("the sequences of a zstd block end early");
}

function tooLong(): Error {
  return damagedData("a zstd block unpacks to more bytes than it should");
}
