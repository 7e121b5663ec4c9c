/** The Huffman and move-to-front coding of a bzip2 block. */

import { damagedData } from "../../damaged-data.js";
import type { ForwardBits } from "./forward-bits.js";

const mostCodeBits = 20;
const symbolsPerSelector = 50;

/** The bytes of a block, in the order of the Burrows-Wheeler transform, and how often each value occurs. */
export interface SortedBytes {
  readonly sorted: Uint32Array;
  readonly counts: Uint32Array;
}

/** Reads symbols up to the end of a block. */
export function readSymbols(bits: ForwardBits, mostBytes: number): SortedBytes {
  const front = readUsedBytes(bits);
  const codeCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (front.length === 0 || codeCount < 2 || codeCount > 6 || selectorCount === 0)
    throw damagedData("a bzip2 block has an invalid header");
  const selectors = readSelectors(bits, selectorCount, codeCount);
  const codes = Array.from({ length: codeCount }, () => readCode(bits, front.length + 2));

  const endSymbol = front.length + 1;
  const sorted = new Uint32Array(mostBytes);
  const counts = new Uint32Array(256);
  let size = 0;
  let run = 0;
  let runUnit = 1;
  for (let group = 0; ; group++) {
    const code = codes[selectors[group] ?? -1];
    if (code === undefined) throw damagedData("a bzip2 block has too few selectors");
    for (let i = 0; i < symbolsPerSelector; i++) {
      const symbol = readSymbol(bits, code);
      if (symbol < 2) {
        // The two symbols are digits of a run length, in bijective base 2.
        run += runUnit << symbol;
        runUnit *= 2;
        if (run > mostBytes) throw tooLong();
        continue;
      }
      if (run > 0) {
        if (run > mostBytes - size) throw tooLong();
        const byte = front[0] as number;
        sorted.fill(byte, size, size + run);
        counts[byte] = (counts[byte] as number) + run;
        size += run;
        run = 0;
        runUnit = 1;
      }
      if (symbol === endSymbol) return { sorted: sorted.subarray(0, size), counts };
      if (size === mostBytes) throw tooLong();
      const place = symbol - 1;
      const byte = front[place] as number;
      front.copyWithin(1, 0, place);
      front[0] = byte;
      counts[byte] = (counts[byte] as number) + 1;
      sorted[size++] = byte;
    }
  }
}

function readUsedBytes(bits: ForwardBits): Uint8Array {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >>> group)) === 0) continue;
    const members = bits.read(16);
    for (let i = 0; i < 16; i++) if ((members & (0x8000 >>> i)) !== 0) used.push(16 * group + i);
  }
  return Uint8Array.from(used);
}

function readSelectors(bits: ForwardBits, count: number, codeCount: number): Uint8Array {
  const front = [0, 1, 2, 3, 4, 5];
  return Uint8Array.from({ length: count }, () => {
    let place = 0;
    while (bits.read(1) !== 0) place += 1;
    if (place >= codeCount) throw damagedData("a bzip2 block has an invalid selector");
    const [selector] = front.splice(place, 1) as [number];
    front.unshift(selector);
    return selector;
  });
}

/** A Huffman code. For each length: the first number beyond its codes, and where its symbols begin. */
interface Code {
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint16Array;
}

function readCode(bits: ForwardBits, symbolCount: number): Code {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    while (bits.read(1) !== 0) {
      length += bits.read(1) === 0 ? 1 : -1;
      if (length < 1 || length > mostCodeBits) break;
    }
    if (length < 1 || length > mostCodeBits) throw damagedData("a bzip2 block has an invalid code");
    lengths[symbol] = length;
  }
  // Numbers are compared at the full length of 20 bits.
  const limits = new Int32Array(mostCodeBits + 1);
  const offsets = new Int32Array(mostCodeBits + 1);
  const symbols = new Uint16Array(symbolCount);
  let next = 0;
  let place = 0;
  for (let size = 1; size <= mostCodeBits; size++) {
    offsets[size] = place - next;
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      if (lengths[symbol] !== size) continue;
      symbols[place++] = symbol;
      next += 1;
    }
    if (next > 1 << size) throw damagedData("a bzip2 block has an over-full code");
    limits[size] = next << (mostCodeBits - size);
    next <<= 1;
  }
  return { limits, offsets, symbols };
}

function readSymbol(bits: ForwardBits, { limits, offsets, symbols }: Code): number {
  const word = bits.peek(mostCodeBits);
  let size = 1;
  while (word >= (limits[size] as number)) {
    size += 1;
    if (size > mostCodeBits) throw damagedData("a bzip2 block has an invalid code");
  }
  bits.skip(size);
  return symbols[(offsets[size] as number) + (word >>> (mostCodeBits - size))] as number;
}

function tooLong(): Error {
  return damagedData("a bzip2 block has more bytes than it should");
}
