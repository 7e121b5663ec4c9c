/**
 * Huffman tables prepared for decoding. They are kept from file to file, because most files of a server have the same.
 *
 * One look-up of 11 bits yields up to two AC coefficients. An entry holds the number of bits to consume (bits 0–5), a
 * flag for the slow path (bit 6), the places of both values relative to the current one (bits 8–15 and 16–23), by how
 * much both advance the place (bits 24–31), and the values (bits 32–47 and 48–63). If the flag is set, bits 32–39 are
 * the symbol and bits 0–5 the length of its code, or 0 if the code is longer than 11 bits (or invalid).
 */

/** Flag of an entry whose value does not fit into the look-up. */
export const slowEntry: u64 = 64;
/** How far an end of block advances the place: too far to be mistaken for coefficients. */
export const endStep: i32 = 113;

const lookupBits: i32 = 11;
const entries: i32 = 2048;
// As in the file: 16 counts, then up to 256 symbols.
const specBytes: i32 = 272;
// The layout of a table: entries, the bits that the first value of each consumes, and the data of the slow path.
const lengthsAt: usize = 16384;
const limitsAt: usize = 18432;
const offsetsAt: usize = 18504;
const specAt: usize = 18576;
const symbolsAt: usize = 18592;
const readyAt: usize = 18848;
const tableBytes: usize = 18864;

const tables: usize = memory.data(75456, 64);
const singles: usize = memory.data(16384, 64);

/** The address of a table, 0–3. Even numbers are for DC coefficients, odd ones for AC. */
export function tableAt(slot: usize): usize {
  return tables + slot * tableBytes;
}

/** Prepares a table of a file (272 bytes, padded with zeros), unless the slot has the same table already. */
export function prepareTable(slot: usize, spec: usize): void {
  const table = tableAt(slot);
  if (load<u8>(table, readyAt) !== 0 && isSame(table + specAt, spec)) return;
  store<u8>(table, 0, readyAt);
  memory.copy(table + specAt, spec, specBytes);
  const dc = (slot & 1) === 0;
  fillSingles(table, spec, dc);
  for (let bits = 0; bits < entries; bits++) {
    const entry = load<u64>(singles + (bits << 3));
    store<u8>(table + bits, <u8>(entry & 63), lengthsAt);
    store<u64>(table + (bits << 3), dc ? entry : withNext(entry, bits));
  }
  store<u8>(table, 1, readyAt);
}

/** How many bits the first of an entry's two values consumes. */
export function firstLength(table: usize, bits: u64): u64 {
  return load<u8>(table + <usize>(bits >> 53), lengthsAt);
}

/** Finds a code that the look-up does not hold: its symbol, and its length from bit 8 on; -1 if there is none. */
export function longCode(table: usize, bits: u64): i32 {
  const prefix = <i32>(bits >> 48);
  for (let length = lookupBits + 1; length <= 16; length++) {
    if (prefix < load<i32>(table + (length << 2), limitsAt)) {
      const at = (prefix >> (16 - length)) + load<i32>(table + (length << 2), offsetsAt);
      return <i32>load<u8>(table + (at & 255), symbolsAt) | (length << 8);
    }
  }
  return -1;
}

function isSame(a: usize, b: usize): bool {
  for (let n: usize = 0; n < 272; n += 8) {
    if (load<u64>(a + n) !== load<u64>(b + n)) return false;
  }
  return true;
}

// Fills in the codes of the table one by one, and the data of the slow path.
function fillSingles(table: usize, spec: usize, dc: bool): void {
  for (let bits = 0; bits < entries; bits++) store<u64>(singles + (bits << 3), slowEntry);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    store<i32>(table + (length << 2), next - code, offsetsAt);
    for (let n: i32 = load<u8>(spec + length - 1); n > 0; n--) {
      const symbol: i32 = load<u8>(spec + 16 + (next & 255));
      if (length <= lookupBits) fillCode(code, length, symbol, dc);
      code++;
      next++;
    }
    store<i32>(table + (length << 2), code << (16 - length), limitsAt);
    code <<= 1;
  }
}

// Fills all entries that begin with one code. The caller guarantees that codes do not overlap.
function fillCode(code: i32, length: i32, symbol: i32, dc: bool): void {
  const spare = lookupBits - length;
  const size = dc ? symbol : symbol & 15;
  const run = dc ? 0 : symbol >> 4;
  const first = (code << spare) & (entries - 1);
  if (size > spare || (size === 0 && run > 0 && run < 15)) {
    fill(first, 1 << spare, slowEntry | <u64>length | ((<u64>symbol) << 32));
    return;
  }
  const end = !dc && symbol === 0;
  const place = end ? endStep - 1 : run;
  const step = end ? endStep : run + 1;
  const each = 1 << (spare - size);
  for (let bits = 0; bits < 1 << size; bits++) {
    const value = size > 0 && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
    const head = (length + size) | (place << 8) | ((end ? place : step) << 16) | (step << 24);
    fill(first + bits * each, each, <u64>(<u32>head) | ((<u64>(value & 0xffff)) << 32));
  }
}

function fill(first: i32, count: i32, entry: u64): void {
  for (let n = first; n < first + count && n < entries; n++) store<u64>(singles + (n << 3), entry);
}

// Adds the value that follows to an entry, if there is one and it fits.
function withNext(entry: u64, bits: i32): u64 {
  const used = <i32>(entry & 63);
  const step = <i32>(entry >> 24) & 255;
  if ((entry & slowEntry) !== 0 || step === endStep) return entry;
  const next = load<u64>(singles + (((bits << used) & (entries - 1)) << 3));
  const both = used + <i32>(next & 63);
  if ((next & slowEntry) !== 0 || both > lookupBits) return entry;
  const place = step + (<i32>(next >> 8) & 255);
  const head = both | (<i32>entry & 0xff00) | (place << 16) | ((step + (<i32>(next >> 24) & 255)) << 24);
  return <u64>(<u32>head) | (entry & 0xffff00000000) | ((next & 0xffff00000000) << 16);
}
