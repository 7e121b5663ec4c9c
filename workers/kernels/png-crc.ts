/** 16 tables of 256 entries: the CRC of a byte that is followed by 0 to 15 zero bytes. */
const tables: usize = memory.data(16 * 256 * 4, 64);

function setUpTables(): void {
  for (let value: u32 = 0; value < 256; value++) {
    let crc = value;
    for (let table: u32 = 0; table < 16; table++) {
      for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320 & -(crc & 1));
      store<u32>(tables + (((table << 8) + value) << 2), crc);
    }
  }
}

setUpTables();

function crcOf(table: u32, word: u32, shift: u32): u32 {
  return load<u32>(tables + (table << 10) + (((word >> shift) & 255) << 2));
}

function crcOfWord(table: u32, word: u32): u32 {
  return (
    crcOf(table + 3, word, 0) ^
    crcOf(table + 2, word, 8) ^
    crcOf(table + 1, word, 16) ^
    crcOf(table, word, 24)
  );
}

/** CRC-32 as in PNG. */
export function crc32(start: usize, size: usize): u32 {
  let crc: u32 = -1;
  let at = start;
  const end = start + size;
  for (; at + 16 <= end; at += 16) {
    crc =
      crcOfWord(12, load<u32>(at) ^ crc) ^
      crcOfWord(8, load<u32>(at, 4)) ^
      crcOfWord(4, load<u32>(at, 8)) ^
      crcOfWord(0, load<u32>(at, 12));
  }
  for (; at < end; at++) crc = (crc >> 8) ^ load<u32>(tables + (((crc ^ load<u8>(at)) & 255) << 2));
  return ~crc;
}
