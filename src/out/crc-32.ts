import type { Bytes } from "../space/bytes.js";
import { hostIsLittleEndian } from "./little-endian.js";

// Each step takes sixteen bytes, read as words, with a table for each byte: five times as fast as byte by byte.
const stepBytes = 16;
const stepWords = 4;
const noWords = new Int32Array(0);

/** The checksum CRC-32 of bytes, which gzip, zip and PNG use. */
export const crc32: (bytes: Bytes) => number = checksum(0xedb88320);

/** The checksum CRC-32C of bytes, which Zarr's shards use. */
export const crc32c: (bytes: Bytes) => number = checksum(0x82f63b78);

function checksum(polynomial: number): (bytes: Bytes) => number {
  let tables: Int32Array | undefined;
  return (bytes) => {
    tables ??= tablesOf(polynomial);
    return checksumBy(tables, bytes);
  };
}

function tablesOf(polynomial: number): Int32Array {
  const tables = new Int32Array(256 * stepBytes);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256] as number;
    tables[i] = (before >>> 8) ^ (tables[before & 255] as number);
  }
  return tables;
}

function checksumBy(tables: Int32Array, bytes: Bytes): number {
  const { buffer, byteOffset, length } = bytes;
  const lead = hostIsLittleEndian ? Math.min(length, -byteOffset & 3) : length;
  const steps = Math.floor((length - lead) / stepBytes);
  const words = steps > 0 ? new Int32Array(buffer, byteOffset + lead, steps * stepWords) : noWords;
  let crc = byBytes(tables, -1, bytes, 0, lead);
  for (let i = 0; i < words.length; i += stepWords) {
    const a = crc ^ (words[i] as number);
    const b = words[i + 1] as number;
    const c = words[i + 2] as number;
    const d = words[i + 3] as number;
    crc =
      (tables[0xf00 + (a & 255)] as number) ^
      (tables[0xe00 + ((a >>> 8) & 255)] as number) ^
      (tables[0xd00 + ((a >>> 16) & 255)] as number) ^
      (tables[0xc00 + (a >>> 24)] as number) ^
      (tables[0xb00 + (b & 255)] as number) ^
      (tables[0xa00 + ((b >>> 8) & 255)] as number) ^
      (tables[0x900 + ((b >>> 16) & 255)] as number) ^
      (tables[0x800 + (b >>> 24)] as number) ^
      (tables[0x700 + (c & 255)] as number) ^
      (tables[0x600 + ((c >>> 8) & 255)] as number) ^
      (tables[0x500 + ((c >>> 16) & 255)] as number) ^
      (tables[0x400 + (c >>> 24)] as number) ^
      (tables[0x300 + (d & 255)] as number) ^
      (tables[0x200 + ((d >>> 8) & 255)] as number) ^
      (tables[0x100 + ((d >>> 16) & 255)] as number) ^
      (tables[d >>> 24] as number);
  }
  return ~byBytes(tables, crc, bytes, lead + words.byteLength, length) >>> 0;
}

function byBytes(tables: Int32Array, before: number, bytes: Bytes, from: number, to: number): number {
  let crc = before;
  for (let at = from; at < to; at++) {
    crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[at] as number)) & 255] as number);
  }
  return crc;
}
