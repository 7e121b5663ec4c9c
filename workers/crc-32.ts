/** CRC-32 and its relatives, sixteen bytes at a time. */

/** Sixteen tables of 256 entries for a polynomial: the CRC of a byte that is followed by 0 to 15 zero bytes. */
export function crcTables(polynomial: number): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let zeros = 0; zeros < 16; zeros++) {
      for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ polynomial;
      tables[256 * zeros + value] = crc;
    }
  }
  return tables;
}

const pngTables = crcTables(0xedb88320);

/**
 * The CRC-32 of `bytes[start, end)`.
 *
 * @param tables - The tables of the polynomial. Default: those of the CRC-32 of PNG, gzip and zip.
 */
export function crc32(bytes: Uint8Array, start: number, end: number, tables: Int32Array = pngTables): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = -1;
  let i = start;
  for (; i + 16 <= end; i += 16) {
    const a = view.getInt32(i, true) ^ crc;
    const b = view.getInt32(i + 4, true);
    const c = view.getInt32(i + 8, true);
    const d = view.getInt32(i + 12, true);
    crc =
      (tables[3840 + (a & 255)] as number) ^
      (tables[3584 + ((a >>> 8) & 255)] as number) ^
      (tables[3328 + ((a >>> 16) & 255)] as number) ^
      (tables[3072 + (a >>> 24)] as number) ^
      (tables[2816 + (b & 255)] as number) ^
      (tables[2560 + ((b >>> 8) & 255)] as number) ^
      (tables[2304 + ((b >>> 16) & 255)] as number) ^
      (tables[2048 + (b >>> 24)] as number) ^
      (tables[1792 + (c & 255)] as number) ^
      (tables[1536 + ((c >>> 8) & 255)] as number) ^
      (tables[1280 + ((c >>> 16) & 255)] as number) ^
      (tables[1024 + (c >>> 24)] as number) ^
      (tables[768 + (d & 255)] as number) ^
      (tables[512 + ((d >>> 8) & 255)] as number) ^
      (tables[256 + ((d >>> 16) & 255)] as number) ^
      (tables[d >>> 24] as number);
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[i] as number)) & 255] as number);
  return ~crc >>> 0;
}
