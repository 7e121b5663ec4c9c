/** The tables of ITU-T T.81: zigzag order, and Annex K's tables of luminance. */

/** Row-major position of the n-th coefficient. */
export const zigzag: readonly number[] = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
];

// K.1, row by row.
const luminance: readonly number[] = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/** Quantisation steps for a quality of 1 to 100 as libjpeg scales them, in zigzag order. */
export function quantisation(quality: number): readonly number[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return zigzag.map((position) => {
    const step = Math.floor(((luminance[position] ?? 0) * scale + 50) / 100);
    return Math.min(Math.max(step, 1), 255);
  });
}

/** A Huffman table as in a file: the number of codes of each length, and their symbols. */
export interface HuffmanTable {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

/** K.3: sizes of DC differences. */
export const dcTable: HuffmanTable = {
  counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
  symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

// K.5: runs and sizes of AC coefficients.
const acSymbols = `
  01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a34353637
  38393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3
  a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa`;

/** K.5: runs and sizes of AC coefficients. */
export const acTable: HuffmanTable = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
  symbols: (acSymbols.match(/[0-9a-f]{2}/g) ?? []).map((byte) => Number.parseInt(byte, 16)),
};

/** A code and its length in bits, per symbol. */
export interface HuffmanCodes {
  readonly code: Uint16Array;
  readonly length: Uint8Array;
}

/** The codes of a table. */
export function codesOf({ counts, symbols }: HuffmanTable): HuffmanCodes {
  const code = new Uint16Array(256);
  const length = new Uint8Array(256);
  let next = 0;
  let n = 0;
  for (const [index, count] of counts.entries()) {
    for (const symbol of symbols.slice(n, n + count)) {
      code[symbol] = next++;
      length[symbol] = index + 1;
    }
    n += count;
    next <<= 1;
  }
  return { code, length };
}
