/**
 * Huffman tables prepared for decoding: one look-up of 11 bits yields run, size and, if it fits, the value.
 *
 * An entry holds the number of bits to consume (bits 0–4), a flag for the slow path (bit 5), the run of zeros (bits
 * 6–12) and the signed value (bits 16–31). If the flag is set, bits 16–23 are the symbol and bits 0–4 the length of its
 * code, or 0 if the code is longer than 11 bits (or invalid).
 */

/** Bits of the index of the look-up. */
export const lookupBits = 11;
/** Set in an entry whose value does not fit into the look-up. */
export const slowFlag = 32;
/** The run of an end-of-block entry: so long that no true run is mistaken for it. */
export const endRun = 80;

/** A table prepared for decoding. */
export interface HuffmanDecoder {
  /** Entries by the next 11 bits. */
  readonly lookup: Int32Array;
  /** For each code length, the first 16-bit prefix beyond its codes. */
  readonly limits: Int32Array;
  /** For each code length, the position of its first symbol minus its first code. */
  readonly offsets: Int32Array;
  /** Symbols in the order of their codes, padded to 256. */
  readonly symbols: Uint8Array;
}

/**
 * Prepares a table of the file (16 counts, then symbols). A symbol of a DC table is a size. A symbol of an AC table is
 * a run and a size, and an end of block has the run {@link endRun}. Raw tables yield only symbols.
 */
export function huffmanDecoder(table: Uint8Array, kind: "dc" | "ac" | "raw"): HuffmanDecoder {
  const lookup = new Int32Array(1 << lookupBits).fill(slowFlag);
  const limits = new Int32Array(17);
  const offsets = new Int32Array(17);
  const symbols = new Uint8Array(256);
  symbols.set(table.subarray(16));
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    const count = table[length - 1] ?? 0;
    offsets[length] = next - code;
    for (let n = 0; n < count; n++, code++, next++) {
      if (length <= lookupBits) fillEntries(lookup, code, length, symbols[next] ?? 0, kind);
    }
    limits[length] = code << (16 - length);
    code <<= 1;
  }
  return { lookup, limits, offsets, symbols };
}

function fillEntries(lookup: Int32Array, code: number, length: number, symbol: number, kind: string): void {
  const spare = lookupBits - length;
  const first = code << spare;
  const size = kind === "dc" ? symbol : symbol & 15;
  const run = kind === "dc" ? 0 : symbol >> 4;
  if (kind === "raw" || size > spare || (size === 0 && run > 0 && run < 15)) {
    lookup.fill(length | slowFlag | (symbol << 16), first, first + (1 << spare));
    return;
  }
  const skip = kind === "ac" && symbol === 0 ? endRun : run;
  const each = 1 << (spare - size);
  for (let bits = 0; bits < 1 << size; bits++) {
    const value = size > 0 && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
    const entry = (length + size) | (skip << 6) | (value << 16);
    lookup.fill(entry, first + bits * each, first + (bits + 1) * each);
  }
}

/**
 * Finds a code that the look-up does not hold. Returns its symbol and length as `symbol | length << 8`, or -1 if no
 * code begins with these 16 bits.
 */
export function longCode(decoder: HuffmanDecoder, bits: number): number {
  const { limits, offsets, symbols } = decoder;
  for (let length = lookupBits + 1; length <= 16; length++) {
    if (bits < (limits[length] ?? 0)) {
      return (symbols[((bits >> (16 - length)) + (offsets[length] ?? 0)) & 255] ?? 0) | (length << 8);
    }
  }
  return -1;
}
