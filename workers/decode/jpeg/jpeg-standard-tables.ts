/**
 * The Huffman tables of ITU-T T.81, annex K.3. Files that were frames of a Motion JPEG leave them out, and libjpeg takes
 * them for those that a sequential file does not define.
 */

import type { JpegTables } from "./jpeg-tables.js";

// How many codes there are of each length, in hexadecimal; then the symbols.
const dc = ["00010501010101010100000000000000", "00030101010101010101010000000000"].map((counts) =>
  Uint8Array.of(...bytesOf(counts), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
);
const ac = [
  acTable(
    "0002010303020403050504040000017d",
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282",
  ),
  acTable(
    "00020102040403040705040400010277",
    "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f1",
  ),
];

/** Fills the slots 0 (for luminance) and 1 (for colours) where a file defined nothing. */
export function setStandardTables(tables: JpegTables): void {
  for (const [slot, table] of dc.entries()) tables.dc[slot] ??= table;
  for (const [slot, table] of ac.entries()) tables.ac[slot] ??= table;
}

/** Codes of 16 bits are for all symbols that no shorter code is for, in their order: runs of 0–15, sizes of 1–10. */
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
