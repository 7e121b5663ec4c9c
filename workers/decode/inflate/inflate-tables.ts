/**
 * The Huffman tables of inflate. A table is indexed by the next bits of the stream. Codes longer than the index have a
 * second part of the table, and all second parts have the same size. The arrays are reused for every block.
 *
 * A literal/length entry has, from bit 0, 5 bits for the number of bits to consume. Then follow:
 * - for literals (the entry is not negative): 2 bits for how many (1 or 2), 1 unused bit, 8 bits for the first, 8 for
 *   the second;
 * - for a length (bit 31 is set): 3 bits for the number of extra bits, 9 bits for the base;
 * - for the end of the block bits 31 and 30 are set, for an invalid code bits 31, 30 and 28;
 * - for a second part (bits 31, 30 and 29 are set): 3 bits for its index size, 16 bits for its offset.
 *
 * A distance entry has 5 bits for the number of bits to consume, 4 for the number of extra bits, and 15 for the base (0
 * if the code is invalid). A negative entry points to a second part: 4 bits for its index size, 16 for its offset.
 */

import { damagedData } from "../damaged-data.js";

/** Index size of the literal/length table. */
export const literalTableBits = 12;
/** Index size of the distance table. */
export const distanceTableBits = 10;

const maxCodeBits = 15;
const invalidLiteral = 0xd0000000 | 0;
const invalidDistance = 0;

const literalTable = new Int32Array((1 << literalTableBits) + 288 * (1 << (maxCodeBits - literalTableBits)));
const distanceTable = new Int32Array(
  (1 << distanceTableBits) + 32 * (1 << (maxCodeBits - distanceTableBits)),
);
const precodeTable = new Int32Array(1 << 7);

const literalLengths = new Uint8Array(288);
const distanceLengths = new Uint8Array(32);
const precodeLengths = new Uint8Array(19);
const allLengths = new Uint8Array(320);
const precodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

const literalEntries = literalEntryList();
const distanceEntries = distanceEntryList();
const precodeEntries = Int32Array.from({ length: 19 }, (_, symbol) => symbol << 9);

/** The table of literals and lengths, from the lengths that {@link readCodeLengths} or {@link setFixedLengths} stored. */
export function buildLiteralTable(): Int32Array {
  const pointer = 0xe0000000 | ((maxCodeBits - literalTableBits) << 5);
  fillTable(
    literalTable,
    literalTableBits,
    literalLengths,
    literalEntries,
    invalidLiteral,
    pointer,
    8,
    "literal",
  );
  pairLiterals(literalTable);
  return literalTable;
}

/** The table of distances, from the lengths that {@link readCodeLengths} or {@link setFixedLengths} stored. */
export function buildDistanceTable(): Int32Array {
  const pointer = 0x80000000 | ((maxCodeBits - distanceTableBits) << 5);
  fillTable(
    distanceTable,
    distanceTableBits,
    distanceLengths,
    distanceEntries,
    invalidDistance,
    pointer,
    9,
    "distance",
  );
  return distanceTable;
}

/** Stores the code lengths of a block of fixed codes. */
export function setFixedLengths(): void {
  literalLengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280, 288);
  distanceLengths.fill(5);
}

/** Reads and stores the code lengths of a block of dynamic codes. Returns the position of the first bit after them. */
export function readCodeLengths(view: DataView, start: number, endBit: number): number {
  let at = start;
  const word = view.getUint32(at >>> 3, true) >>> (at & 7);
  const literalCount = (word & 31) + 257;
  const distanceCount = ((word >>> 5) & 31) + 1;
  const precodeCount = ((word >>> 10) & 15) + 4;
  if (literalCount > 286 || distanceCount > 30) throw damagedData("a deflate block has too many codes");
  at += 14;
  precodeLengths.fill(0);
  for (const symbol of precodeOrder.slice(0, precodeCount)) {
    precodeLengths[symbol] = (view.getUint16(at >>> 3, true) >>> (at & 7)) & 7;
    at += 3;
    if (at > endBit) throw damagedData("the deflate stream ends early");
  }
  fillTable(precodeTable, 7, precodeLengths, precodeEntries, -1, 0, 0, "code length");
  const total = literalCount + distanceCount;
  let filled = 0;
  while (filled < total) {
    const bits = view.getUint32(at >>> 3, true) >>> (at & 7);
    const entry = precodeTable[bits & 127] as number;
    if (entry < 0) throw damagedData("a deflate block has an invalid code length");
    const codeBits = entry & 31;
    const symbol = entry >>> 9;
    at += codeBits;
    if (at > endBit) throw damagedData("the deflate stream ends early");
    if (symbol < 16) {
      allLengths[filled++] = symbol;
      continue;
    }
    if (symbol === 16 && filled === 0)
      throw damagedData("a deflate block repeats a code length that is not there");
    const extraBits = symbol === 16 ? 2 : symbol === 17 ? 3 : 7;
    const repeat = (symbol === 18 ? 11 : 3) + ((bits >>> codeBits) & ((1 << extraBits) - 1));
    at += extraBits;
    if (filled + repeat > total) throw damagedData("a deflate block has too many code lengths");
    allLengths.fill(symbol === 16 ? (allLengths[filled - 1] as number) : 0, filled, filled + repeat);
    filled += repeat;
  }
  literalLengths.fill(0).set(allLengths.subarray(0, literalCount));
  distanceLengths.fill(0).set(allLengths.subarray(literalCount, total));
  if (literalLengths[256] === 0) throw damagedData("a deflate block has no end");
  return at;
}

const counts = new Uint16Array(maxCodeBits + 1);
const offsets = new Uint16Array(maxCodeBits + 2);
const sorted = new Uint16Array(288);

/**
 * Fills a table with `entries[symbol] + code length`. If the codes are incomplete, the rest is `invalid`. Like zlib,
 * this allows incomplete codes only if there are none at all, or a single one of one bit, and never for the code of the
 * code lengths.
 */
function fillTable(
  table: Int32Array,
  tableBits: number,
  lengths: Uint8Array,
  entries: Int32Array,
  invalid: number,
  pointer: number,
  pointerShift: number,
  name: string,
): void {
  counts.fill(0);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  offsets[1] = 0;
  let left = 1;
  let longest = 0;
  for (let length = 1; length <= maxCodeBits; length++) {
    const count = counts[length] as number;
    left = 2 * left - count;
    if (left < 0) throw damagedData(`a deflate block has an over-full ${name} code`);
    if (count > 0) longest = length;
    offsets[length + 1] = (offsets[length] as number) + count;
  }
  if (left > 0 && (longest > 1 || name === "code length")) {
    throw damagedData(`a deflate block has an incomplete ${name} code`);
  }
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    const place = offsets[length] as number;
    sorted[place] = symbol;
    offsets[length] = place + 1;
  }

  let filled = 1;
  let code = 0;
  let next = 0;
  table[0] = table[1] = invalid;
  for (let length = 1; length <= Math.min(tableBits, longest || 1); length++) {
    if (length > 1) table.copyWithin(filled, 0, filled);
    else table[1] = invalid;
    filled <<= 1;
    for (let count = counts[length] as number; count > 0; count--) {
      const symbol = sorted[next++] as number;
      table[code] = (entries[symbol] as number) + length;
      code = nextCode(code, length);
    }
  }
  const mainSize = 1 << tableBits;
  for (; filled < mainSize; filled <<= 1) table.copyWithin(filled, 0, filled);

  const restSize = 1 << (maxCodeBits - tableBits);
  let prefix = -1;
  let part = mainSize - restSize;
  for (let length = tableBits + 1; length <= longest; length++) {
    for (let count = counts[length] as number; count > 0; count--) {
      const symbol = sorted[next++] as number;
      if ((code & (mainSize - 1)) !== prefix) {
        prefix = code & (mainSize - 1);
        part += restSize;
        table[prefix] = pointer | (part << pointerShift);
      }
      const entry = (entries[symbol] as number) + length;
      for (let i = code >>> tableBits; i < restSize; i += 1 << (length - tableBits)) table[part + i] = entry;
      code = nextCode(code, length);
    }
  }
}

/** The code after a bit-reversed code of `length` bits: adds 1 at its highest bit and carries downwards. */
function nextCode(code: number, length: number): number {
  const zeros = ~code & ((1 << length) - 1);
  if (zeros === 0) return 0;
  const bit = 1 << (31 - Math.clz32(zeros));
  return (code & (bit - 1)) | bit;
}

/** Turns entries of one literal into entries of two if the second code lies within the index too. */
function pairLiterals(table: Int32Array): void {
  // The loop runs downwards, because the second look-up has the smaller index and must still find a single literal.
  for (let index = (1 << literalTableBits) - 1; index >= 0; index--) {
    const first = table[index] as number;
    if (first < 0) continue;
    const second = table[index >>> (first & 31)] as number;
    const bits = (first & 31) + (second & 31);
    if (second < 0 || bits > literalTableBits) continue;
    table[index] = ((second & 0xff00) << 8) | (first & 0xff00) | (2 << 5) | bits;
  }
}

function literalEntryList(): Int32Array {
  const entries = new Int32Array(288).fill(invalidLiteral);
  for (let symbol = 0; symbol < 256; symbol++) entries[symbol] = (symbol << 8) | (1 << 5);
  entries[256] = 0xc0000000;
  let base = 3;
  for (let symbol = 257; symbol < 285; symbol++) {
    const extraBits = symbol < 265 ? 0 : (symbol - 261) >> 2;
    entries[symbol] = 0x80000000 | (base << 8) | (extraBits << 5);
    base += 1 << extraBits;
  }
  entries[285] = 0x80000000 | (258 << 8);
  return entries;
}

function distanceEntryList(): Int32Array {
  const entries = new Int32Array(32);
  let base = 1;
  for (let symbol = 0; symbol < 30; symbol++) {
    const extraBits = symbol < 4 ? 0 : (symbol - 2) >> 1;
    entries[symbol] = (base << 9) | (extraBits << 5);
    base += 1 << extraBits;
  }
  return entries;
}
