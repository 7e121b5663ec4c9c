/** The Huffman code of literals. */

import { damagedData } from "../../damaged-data.js";
import { BackwardBits } from "./backward-bits.js";
import { readFseTable } from "./fse-table.js";

/** A code of at most 11 bits. */
export interface HuffmanTable {
  /** Bits of the longest code. */
  readonly bits: number;
  /** For each number of so many bits, how long the code is that it begins with, above 8 bits of what that means. */
  readonly entries: Uint16Array;
}

const mostBits = 11;

/** Reads a code from `[start, end)` of a file, and says where it ends. */
export function readHuffmanTable(
  source: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): { readonly table: HuffmanTable; readonly end: number } {
  if (start >= end) throw damagedData("a Huffman code ends early");
  const first = source[start] as number;
  if (first < 128) {
    const tableEnd = start + 1 + first;
    if (tableEnd > end) throw damagedData("a Huffman code ends early");
    return { table: huffmanTableOf(packedWeights(source, view, start + 1, tableEnd)), end: tableEnd };
  }
  const count = first - 127;
  const tableEnd = start + 1 + ((count + 1) >>> 1);
  if (tableEnd > end) throw damagedData("a Huffman code ends early");
  const weights = Array.from({ length: count }, (_, i) => {
    const pair = source[start + 1 + (i >>> 1)] as number;
    return i % 2 === 0 ? pair >>> 4 : pair & 15;
  });
  return { table: huffmanTableOf(weights), end: tableEnd };
}

/** Two states take turns until the bits are used up. */
function packedWeights(source: Uint8Array, view: DataView, start: number, end: number): number[] {
  const { table, end: tableEnd } = readFseTable(source, start, end, 6, mostBits + 1);
  const { entries, stateBits } = table;
  const bits = new BackwardBits(view, tableEnd, end);
  let state = bits.read(stateBits);
  let other = bits.read(stateBits);
  if (bits.isOverrun) throw damagedData("a Huffman code ends early");
  const weights: number[] = [];
  for (;;) {
    const entry = entries[state] as number;
    weights.push(entry & 255);
    const following = (entry >>> 16) + bits.read((entry >>> 8) & 255);
    [state, other] = [other, following];
    if (bits.isOverrun) break;
    if (weights.length > 254) throw damagedData("a Huffman code has too many symbols");
  }
  weights.push((entries[state] as number) & 255);
  return weights;
}

/** The code of weights: each more halves the bits; that of the last symbol is what is left to a power of two. */
function huffmanTableOf(weights: readonly number[]): HuffmanTable {
  if (weights.length > 255) throw damagedData("a Huffman code has too many symbols");
  let sum = 0;
  for (const weight of weights) {
    if (weight > mostBits) throw damagedData("a Huffman code is too long");
    if (weight > 0) sum += 1 << (weight - 1);
  }
  const bits = 32 - Math.clz32(sum);
  const left = (1 << bits) - sum;
  if (sum === 0 || bits > mostBits || (left & (left - 1)) !== 0)
    throw damagedData("a Huffman code is incomplete");
  const all = [...weights, 32 - Math.clz32(left)];
  const entries = new Uint16Array(1 << bits);
  let at = 0;
  for (let weight = 1; weight <= bits; weight++) {
    for (let symbol = 0; symbol < all.length; symbol++) {
      if (all[symbol] !== weight) continue;
      const span = 1 << (weight - 1);
      entries.fill(symbol | ((bits + 1 - weight) << 8), at, at + span);
      at += span;
    }
  }
  return { bits, entries };
}

/** Decodes one stream, `[start, end)` of a file, which must fill `target[from, to)` and be used up. */
export function decodeHuffman(
  view: DataView,
  start: number,
  end: number,
  { bits, entries }: HuffmanTable,
  target: Uint8Array,
  from: number,
  to: number,
): void {
  const last = end > start ? view.getUint8(end - 1) : 0;
  if (last === 0) throw damagedData("a bit stream has no end");
  const first = start * 8;
  const shift = 32 - bits;
  // The bits below `at` are left. Of those that a look-up takes too many are ignored, even of what lies before the stream.
  let at = (end - 1) * 8 + 31 - Math.clz32(last);
  let o = from;
  while (o + 2 <= to && at > first) {
    const top = at - 1;
    const word = view.getUint32((top >> 3) - 3, true) << (7 - (top & 7));
    const one = entries[word >>> shift] as number;
    const two = entries[(word << (one >>> 8)) >>> shift] as number;
    target[o] = one;
    target[o + 1] = two;
    o += 2;
    at -= (one >>> 8) + (two >>> 8);
  }
  if (o < to && at > first) {
    const top = at - 1;
    const word = view.getUint32((top >> 3) - 3, true) << (7 - (top & 7));
    const one = entries[word >>> shift] as number;
    target[o++] = one;
    at -= one >>> 8;
  }
  if (o !== to || at !== first) throw damagedData("literals do not end where they should");
}
