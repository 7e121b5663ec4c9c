/** The literals of a block: the bytes that are not repetitions. */

import { damagedData } from "../../damaged-data.js";
import type { FrameTables } from "./frame-tables.js";
import { readHuffmanTable } from "./huffman.js";
import { decodeFourStreams, decodeStream, huffmanStream } from "./huffman-stream.js";

/** The most bytes of literals that a block can have. */
const mostLiterals = 1 << 17;

// Reused, because a block of 64³ voxels needs it several times.
const scratch = new Uint8Array(mostLiterals);

/** The literals of a block, valid until the next block's are read, and where their section ends. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly end: number;
}

/** Reads the literals at the beginning of `[start, end)` of a file. */
export function readLiterals(
  source: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  tables: FrameTables,
): Literals {
  if (start >= end) throw endEarly();
  const first = source[start] as number;
  const kind = first & 3;
  const format = (first >>> 2) & 3;
  if (kind >= 2) return readPacked(source, view, start, end, kind === 2, format, tables);
  const headerBytes = format === 1 ? 2 : format === 3 ? 3 : 1;
  const at = start + headerBytes;
  if (at > end) throw endEarly();
  const field = littleEndian(source, start, headerBytes);
  const size = field >>> (headerBytes === 1 ? 3 : 4);
  const storedBytes = kind === 0 ? size : 1;
  if (size > mostLiterals || at + storedBytes > end) throw endEarly();
  if (kind === 0) return { bytes: source.subarray(at, at + size), end: at + size };
  return { bytes: scratch.subarray(0, size).fill(source[at] as number), end: at + 1 };
}

function readPacked(
  source: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  hasTable: boolean,
  format: number,
  tables: FrameTables,
): Literals {
  const headerBytes = format < 2 ? 3 : format + 2;
  if (start + headerBytes > end) throw endEarly();
  const fieldBits = [10, 10, 14, 18][format] as number;
  // The header has up to 40 bits, too many for shifts.
  const header = littleEndian(source, start, headerBytes) / 16;
  const size = Math.floor(header) % 2 ** fieldBits;
  const packedBytes = Math.floor(header / 2 ** fieldBits);
  let at = start + headerBytes;
  const packedEnd = at + packedBytes;
  if (size > mostLiterals || packedEnd > end) throw endEarly();
  if (hasTable) {
    const read = readHuffmanTable(source, view, at, packedEnd);
    tables.huffman = read.table;
    at = read.end;
  }
  const { huffman } = tables;
  if (huffman === undefined) throw damagedData("literals refer to a code that is not there");
  if (format === 0) {
    decodeStream(view, huffmanStream(view, at, packedEnd, 0, size), huffman, scratch);
  } else {
    const part = (size + 3) >>> 2;
    if (at + 6 > packedEnd || 3 * part > size) throw endEarly();
    const first = at + 6;
    const second = first + view.getUint16(at, true);
    const third = second + view.getUint16(at + 2, true);
    const fourth = third + view.getUint16(at + 4, true);
    if (fourth > packedEnd) throw endEarly();
    const streams = [
      huffmanStream(view, first, second, 0, part),
      huffmanStream(view, second, third, part, 2 * part),
      huffmanStream(view, third, fourth, 2 * part, 3 * part),
      huffmanStream(view, fourth, packedEnd, 3 * part, size),
    ] as const;
    decodeFourStreams(view, streams, huffman, scratch);
  }
  return { bytes: scratch.subarray(0, size), end: packedEnd };
}

function littleEndian(source: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (source[start + i] as number);
  return value;
}

function endEarly(): Error {
  return damagedData("the literals of a zstd block end early");
}
