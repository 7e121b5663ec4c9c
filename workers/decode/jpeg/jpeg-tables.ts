/** Quantisation and Huffman tables as a JPEG file defines them. */

import { swapBytes } from "../../swap-bytes.js";
import { corrupt } from "./jpeg-failure.js";

/** The four slots of each kind of table. A table that a file defines again is replaced, not changed. */
export interface JpegTables {
  /** Huffman tables of DC coefficients: 16 counts by code length, then the symbols. */
  readonly dc: Uint8Array[];
  /** Huffman tables of AC coefficients. */
  readonly ac: Uint8Array[];
  /** Quantisation tables, 64 values in zigzag order. */
  readonly quant: Uint16Array[];
}

/** Reads a DQT segment. */
export function readQuantTables(segment: Uint8Array, tables: JpegTables): void {
  let position = 0;
  while (position < segment.length) {
    const head = segment[position++] ?? 0;
    const wide = head >> 4;
    const slot = head & 15;
    if (wide > 1 || slot > 3) throw corrupt("a quantisation table of unknown form");
    const size = wide === 1 ? 128 : 64;
    if (position + size > segment.length) throw corrupt("a quantisation table is cut off");
    const bytes = new Uint8Array(segment.subarray(position, position + size));
    if (wide === 1) swapBytes(bytes, 2);
    tables.quant[slot] = new Uint16Array(wide === 1 ? bytes.buffer : bytes);
    position += size;
  }
}

/** Reads a DHT segment. */
export function readHuffmanTables(segment: Uint8Array, tables: JpegTables): void {
  let position = 0;
  while (position < segment.length) {
    const head = segment[position++] ?? 0;
    const kind = head >> 4;
    const slot = head & 15;
    if (kind > 1 || slot > 3) throw corrupt("a Huffman table of unknown form");
    const total = symbolCount(segment, position);
    const end = position + 16 + total;
    if (total > 256 || end > segment.length) throw corrupt("a Huffman table is cut off");
    const table = segment.subarray(position, end);
    if (kind === 0) {
      if (table.subarray(16).some((symbol) => symbol > 15))
        throw corrupt("a Huffman table has a DC size above 15");
      tables.dc[slot] = table;
    } else tables.ac[slot] = table;
    position = end;
  }
}

// Adds up the counts at a position. As libjpeg demands, no length may use the code of all ones.
function symbolCount(segment: Uint8Array, position: number): number {
  let total = 0;
  let code = 0;
  for (let length = 1; length <= 16; length++) {
    const count = segment[position + length - 1] ?? 0;
    total += count;
    code += count;
    if (count > 0 && code >= 1 << length) throw corrupt("a Huffman table has more codes than there are");
    code <<= 1;
  }
  return total;
}

/**
 * The Huffman tables of ITU-T T.81, annex K.3, in slots 0 (for luminance) and 1 (for colours). Files that were frames
 * of a Motion JPEG leave them out. Like libjpeg, sequential files use them for tables that they do not define.
 */
export const standardTables: Readonly<Pick<JpegTables, "dc" | "ac">> = {
  // For each code length the number of codes, in hexadecimal; then the symbols.
  dc: ["00010501010101010100000000000000", "00030101010101010101010000000000"].map((counts) =>
    Uint8Array.of(...bytesOf(counts), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
  ),
  ac: [
    acTable(
      "0002010303020403050504040000017d",
      "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282",
    ),
    acTable(
      "00020102040403040705040400010277",
      "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f1",
    ),
  ],
};

/** Symbols without a shorter code have codes of 16 bits, in ascending order: runs of 0–15, sizes of 1–10. */
function acTable(counts: string, shorter: string): Uint8Array {
  const symbols = new Set(bytesOf(shorter));
  for (let symbol = 0; symbol < 256; symbol++) {
    if ((symbol & 15) > 0 && (symbol & 15) <= 10) symbols.add(symbol);
  }
  return Uint8Array.of(...bytesOf(counts), ...symbols);
}

function bytesOf(hexadecimal: string): number[] {
  return Array.from(hexadecimal.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
