/** Finite state entropy codes: the symbol of each state, and the states that may follow it. */

import { damagedData } from "../../damaged-data.js";

/** A table that decodes one kind of symbol. */
export interface FseTable {
  /** Bits of a state. */
  readonly stateBits: number;
  /** For each state: 8 bits for its symbol, 8 for how many bits to read next, 16 for the base that these are added to. */
  readonly entries: Int32Array;
}

/** Makes a table from the frequency of each symbol, as a share of all states. −1 means less than one state. */
export function fseTableOf(frequencies: ArrayLike<number>, stateBits: number): FseTable {
  const size = 1 << stateBits;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(frequencies.length);
  let high = size - 1;
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    const frequency = frequencies[symbol] as number;
    next[symbol] = Math.abs(frequency);
    if (frequency === -1) symbols[high--] = symbol;
  }
  const step = (size >>> 1) + (size >>> 3) + 3;
  let state = 0;
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    for (let i = 0; i < (frequencies[symbol] as number); i++) {
      symbols[state] = symbol;
      do {
        state = (state + step) & (size - 1);
      } while (state > high);
    }
  }
  const entries = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const symbol = symbols[i] as number;
    const count = next[symbol] as number;
    next[symbol] = count + 1;
    const bits = stateBits - (31 - Math.clz32(count));
    entries[i] = symbol | (bits << 8) | (((count << bits) - size) << 16);
  }
  return { stateBits, entries };
}

/** Makes the table of a code with a single symbol. */
export function fseTableOfOne(symbol: number): FseTable {
  return { stateBits: 0, entries: Int32Array.of(symbol) };
}

/** Reads a table from `[start, end)` of a file, and returns where it ends. */
export function readFseTable(
  source: Uint8Array,
  start: number,
  end: number,
  mostStateBits: number,
  mostSymbol: number,
): { readonly table: FseTable; readonly end: number } {
  let at = start * 8;
  // Bits after the end count as 0. If any were used, `at` shows it.
  const byte = (index: number): number => (index < end ? (source[index] as number) : 0);
  const peek = (): number => {
    const index = at >>> 3;
    return (byte(index) | (byte(index + 1) << 8) | (byte(index + 2) << 16)) >>> (at & 7);
  };
  const stateBits = (peek() & 15) + 5;
  if (stateBits > mostStateBits) throw damagedData("an entropy table is too large");
  at += 4;
  const frequencies: number[] = [];
  let left = 1 << stateBits;
  while (left > 0) {
    if (frequencies.length > mostSymbol) throw damagedData("an entropy table has too many symbols");
    // A number from 0 to `left` + 1. The lowest numbers take one bit less.
    const bits = 32 - Math.clz32(left + 1);
    const short = (1 << bits) - 2 - left;
    let value = peek() & ((1 << bits) - 1);
    const low = value & ((1 << (bits - 1)) - 1);
    if (low < short) {
      value = low;
      at += bits - 1;
    } else {
      if (value >= 1 << (bits - 1)) value -= short;
      at += bits;
    }
    const frequency = value - 1;
    frequencies.push(frequency);
    left -= Math.abs(frequency);
    if (frequency === 0) {
      let zeros: number;
      do {
        zeros = peek() & 3;
        at += 2;
        for (let i = 0; i < zeros; i++) frequencies.push(0);
      } while (zeros === 3);
    }
  }
  const tableEnd = (at + 7) >>> 3;
  if (left < 0 || tableEnd > end || frequencies.length > mostSymbol + 1)
    throw damagedData("an entropy table is invalid");
  return { table: fseTableOf(frequencies, stateBits), end: tableEnd };
}
