/** Reads the Huffman code of literals from a block. */

import { damagedData } from "../../damaged-data.js";
import { bitsAt, streamTop } from "./backward-bits.js";
import { readFseTable } from "./fse-table.js";

/** A code of at most 11 bits. */
export interface HuffmanTable {
  /** Bits of the longest code. */
  readonly bits: number;
  /** For each number of `bits` bits: the symbol of the code at its beginning (8 bits), and above it the code's length. */
  readonly entries: Uint16Array;
}

const mostBits = 11;

/** Reads a code from `[start, end)` of a file, and returns where it ends. */
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

/** Reads weights that are packed with two states, which alternate until the bits are used up. */
function packedWeights(source: Uint8Array, view: DataView, start: number, end: number): number[] {
  const { table, end: tableEnd } = readFseTable(source, start, end, 6, mostBits + 1);
  const { entries, stateBits } = table;
  const first = tableEnd * 8;
  let at = streamTop(view, tableEnd, end) - 2 * stateBits;
  if (at < first) throw damagedData("a Huffman code ends early");
  let state = bitsAt(view, at + stateBits, stateBits);
  let other = bitsAt(view, at, stateBits);
  const weights: number[] = [];
  for (;;) {
    const entry = entries[state] as number;
    weights.push(entry & 255);
    const count = (entry >>> 8) & 255;
    at -= count;
    if (at < first) break;
    if (weights.length > 254) throw damagedData("a Huffman code has too many symbols");
    [state, other] = [other, (entry >>> 16) + bitsAt(view, at, count)];
  }
  weights.push((entries[other] as number) & 255);
  return weights;
}

/** Makes a code from weights: weight + 1 means one bit less. The last symbol fills the code up to a power of two. */
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
