/**
 * The Huffman tables of inflate, indexed by the next bits of the stream. Codes longer than the index have a second part
 * of the table, and all second parts have the same size.
 *
 * A literal/length entry has the number of bits to consume in bits 0–5. Then follow:
 * - for literals (the entry is not negative): bits 6–7 how many (1 or 2), bits 8–15 the first, bits 16–23 the second;
 * - for a length (bit 31 is set): bits 26–29 the size of the code, bits 8–16 the base. The other consumed bits are
 *   extra bits;
 * - if bits 31 and 30 are set: with bit 6 a second part (bits 8–24 are its offset), with bit 7 an invalid code,
 *   otherwise the end of the block.
 *
 * A distance entry is like a length, with its base in bits 8–23 (0 if invalid). Bit 31 is set only for a second part.
 */

export const literalBits: u32 = 12;
export const distanceBits: u32 = 9;

const literalRestBits: u32 = 15 - literalBits;
const distanceRestBits: u32 = 15 - distanceBits;

export const literalTable: usize = memory.data(((1 << 12) + 288 * 8) * 4, 64);
export const distanceTable: usize = memory.data(((1 << 9) + 32 * 64) * 4, 64);
export const precodeTable: usize = memory.data((1 << 7) * 4, 64);

/** Code lengths of literals and lengths, then of distances. One byte each. */
export const lengths: usize = memory.data(320 + 64, 16);
export const precodeLengths: usize = memory.data(32, 16);

const literalEntries: usize = memory.data(288 * 4, 16);
const distanceEntries: usize = memory.data(32 * 4, 16);
const precodeEntries: usize = memory.data(19 * 4, 16);
const counts: usize = memory.data(16 * 4, 16);
const offsets: usize = memory.data(17 * 4, 16);
const sorted: usize = memory.data(288 * 2, 16);

const nonLiteral: u32 = 0x80000000;
const special: u32 = 0xc0000000;
const invalidLiteral: u32 = 0xc0000080;

function setUpEntries(): void {
  for (let symbol: u32 = 0; symbol < 288; symbol++) {
    let entry = (symbol << 8) | 64;
    if (symbol > 285) entry = invalidLiteral;
    else if (symbol === 256) entry = special;
    store<u32>(literalEntries + (symbol << 2), entry);
  }
  let base: u32 = 3;
  for (let symbol: u32 = 257; symbol < 285; symbol++) {
    const extra: u32 = symbol < 265 ? 0 : (symbol - 261) >> 2;
    store<u32>(literalEntries + (symbol << 2), nonLiteral | (base << 8) | extra);
    base += 1 << extra;
  }
  store<u32>(literalEntries + (285 << 2), nonLiteral | (258 << 8));
  base = 1;
  for (let symbol: u32 = 0; symbol < 30; symbol++) {
    const extra: u32 = symbol < 4 ? 0 : (symbol - 2) >> 1;
    store<u32>(distanceEntries + (symbol << 2), (base << 8) | extra);
    base += 1 << extra;
  }
  for (let symbol: u32 = 0; symbol < 19; symbol++) store<u32>(precodeEntries + (symbol << 2), symbol << 8);
}

setUpEntries();

/** Builds the table from `literalCount` code lengths at `lengths`. False if they are not a code. */
export function buildLiteralTable(literalCount: u32): bool {
  const pointer = special | 64;
  if (
    !fillTable(
      literalTable,
      literalBits,
      literalRestBits,
      lengths,
      literalCount,
      literalEntries,
      invalidLiteral,
      pointer,
    )
  ) {
    return false;
  }
  pairLiterals();
  return true;
}

/** Builds the table from `distanceCount` code lengths at `from`. False if they are not a code. */
export function buildDistanceTable(from: usize, distanceCount: u32): bool {
  return fillTable(
    distanceTable,
    distanceBits,
    distanceRestBits,
    from,
    distanceCount,
    distanceEntries,
    0,
    nonLiteral,
  );
}

/** Builds the table from the 19 code lengths at `precodeLengths`. False if they are not a complete code. */
export function buildPrecodeTable(): bool {
  return fillTable(precodeTable, 7, 0, precodeLengths, 19, precodeEntries, 0, 0);
}

/**
 * Fills a table. Like zlib, it refuses incomplete codes, except no code at all and a single code of one bit. With
 * `restBits` 0, which means the code of the code lengths, it refuses those too.
 */
function fillTable(
  table: usize,
  tableBits: u32,
  restBits: u32,
  from: usize,
  symbolCount: u32,
  entries: usize,
  invalid: u32,
  pointer: u32,
): bool {
  memory.fill(counts, 0, 64);
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const at = counts + ((<u32>load<u8>(from + symbol)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  store<u32>(counts, 0);
  let left: i32 = 1;
  let longest: u32 = 0;
  let place: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const count = load<u32>(counts + (length << 2));
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
    if (count !== 0) longest = length;
    store<u32>(offsets + (length << 2), place);
    place += count;
  }
  if (left > 0 && (longest > 1 || restBits === 0)) return false;
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const length = <u32>load<u8>(from + symbol);
    if (length === 0) continue;
    const at = offsets + (length << 2);
    const index = load<u32>(at);
    store<u16>(sorted + (index << 1), <u16>symbol);
    store<u32>(at, index + 1);
  }

  let code: u32 = 0;
  let next = sorted;
  let filled: u32 = 1;
  store<u32>(table, invalid);
  for (let length: u32 = 1; length <= tableBits; length++) {
    memory.copy(table + (filled << 2), table, filled << 2);
    if (length === 1) store<u32>(table + 4, invalid);
    filled <<= 1;
    for (let count = load<u32>(counts + (length << 2)); count > 0; count--) {
      store<u32>(table + (code << 2), entryOf(entries, next, length));
      next += 2;
      code = nextCode(code, length);
    }
  }

  const mask = filled - 1;
  const restSize: u32 = 1 << restBits;
  let prefix: u32 = -1;
  let part = filled - restSize;
  for (let length = tableBits + 1; length <= longest; length++) {
    for (let count = load<u32>(counts + (length << 2)); count > 0; count--) {
      if ((code & mask) !== prefix) {
        prefix = code & mask;
        part += restSize;
        store<u32>(table + (prefix << 2), pointer | (part << 8));
      }
      const entry = entryOf(entries, next, length);
      const step: u32 = 1 << (length - tableBits);
      for (let i = code >> tableBits; i < restSize; i += step) store<u32>(table + ((part + i) << 2), entry);
      next += 2;
      code = nextCode(code, length);
    }
  }
  return true;
}

function entryOf(entries: usize, at: usize, length: u32): u32 {
  const symbol = <u32>load<u16>(at);
  const entry = load<u32>(entries + (symbol << 2)) + length;
  // An entry of a literal has no room for the size of its code, and does not need it.
  return (entry & 192) === 64 && <i32>entry >= 0 ? entry : entry + (length << 26);
}

/** The code after a bit-reversed code of `length` bits: adds 1 at its highest bit and carries downwards. */
function nextCode(code: u32, length: u32): u32 {
  const zeros = ~code & ((1 << length) - 1);
  if (zeros === 0) return 0;
  const bit: u32 = 1 << (31 - clz(zeros));
  return (code & (bit - 1)) | bit;
}

/** Turns entries of one literal into entries of two if the second code lies within the index too. */
function pairLiterals(): void {
  // The loop runs downwards, because the second look-up has the smaller index and must still find a single literal.
  for (let index: i32 = (1 << literalBits) - 1; index >= 0; index--) {
    const at = literalTable + ((<u32>index) << 2);
    const first = load<u32>(at);
    if (<i32>first < 0) continue;
    const second = load<u32>(literalTable + ((<u32>index >> (first & 63)) << 2));
    const bits = (first & 63) + (second & 63);
    if (<i32>second < 0 || bits > literalBits) continue;
    store<u32>(at, ((second & 0xff00) << 8) | (first & 0xff00) | 128 | bits);
  }
}
