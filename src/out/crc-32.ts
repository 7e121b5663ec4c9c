import type { Bytes } from "../space/bytes.js";

// One table for each byte of a step: eight bytes at a time take a third of the time.
const stepBytes = 8;

/** The checksum CRC-32 of bytes, as gzip, zip and PNG have it. */
export const crc32: (bytes: Bytes) => number = checksum(0xedb88320);

/**
 * The checksum CRC-32C of bytes, as Zarr and cloud storage have it. It tells gzip files apart, which CRC-32 does not: with
 * their own CRC-32 at their end they may all come to the same.
 */
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
  let crc = -1;
  let at = 0;
  for (const last = bytes.length - stepBytes; at <= last; at += stepBytes) {
    const low =
      crc ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24));
    crc =
      (tables[0x700 + (low & 255)] as number) ^
      (tables[0x600 + ((low >>> 8) & 255)] as number) ^
      (tables[0x500 + ((low >>> 16) & 255)] as number) ^
      (tables[0x400 + (low >>> 24)] as number) ^
      (tables[0x300 + (bytes[at + 4] as number)] as number) ^
      (tables[0x200 + (bytes[at + 5] as number)] as number) ^
      (tables[0x100 + (bytes[at + 6] as number)] as number) ^
      (tables[bytes[at + 7] as number] as number);
  }
  for (; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[at] as number)) & 255] as number);
  }
  return ~crc >>> 0;
}
