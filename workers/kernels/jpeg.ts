/**
 * Decodes the Y plane of a baseline JPEG scan from entropy-coded data to grey values.
 *
 * The caller has read and checked the headers, but the data may be anything. Every write is bounded by construction: a
 * block has 64 places and one for surplus values, blocks are counted, and each byte of data is stored once.
 */

import { block, clearBlock, quant, transformBlock, transformFlat } from "./jpeg-idct";
import { reverseSegment, streamEnd } from "./jpeg-stream";
import { endStep, firstLength, longCode, prepareTable, slowEntry, tableAt } from "./jpeg-tables";

// The result for any fault. `../decode/jpeg/decode-jpeg.ts` then finds out what is wrong, if anything.
const failed: i32 = -1;

// Padding for reads beyond the end: more than any unit of blocks can take.
const padding: usize = 4096;

// The place of each coefficient in the block, in bytes. Look-ups can lead beyond the 64 places, to unused ones.
const places: usize = memory.data(256, 64);

function setUpPlaces(): void {
  memory.fill(places, 128, 256);
  let k = places;
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    for (let n = max(0, diagonal - 7); n <= min(7, diagonal); n++) {
      const at = (diagonal & 1) === 0 ? 8 * (diagonal - n) + n : 8 * n + diagonal - n;
      store<u8>(k++, <u8>(2 * at));
    }
  }
}

/**
 * Decodes a scan of Y alone, or of Y, Cb and Cr interleaved.
 *
 * @param data - `length` bytes after the scan header, up to the end of the file.
 * @param out - Grey values, row by row. Must have room for whole units: `8 * h * across` per row, `8 * v * down` rows.
 * @param work - 128 bytes of quantisation table (16 bits each, as in the file), four Huffman tables of 272 bytes
 * (counts, symbols, zeros; DC and AC of Y, DC and AC of Cb and Cr), then room for `length` + 4224 bytes.
 * @param across - Units per row. There are `down` rows of units.
 * @param interval - Units between restart markers; 0 for none.
 * @param h - Blocks of Y in a row of a unit. There are `v` rows of blocks.
 * @param colours - Blocks of Cb and Cr in a unit; 0 for grey.
 * @param width - Width of the image, in pixels. Parts of units beyond the image, to the right and below, are cut off.
 * @returns Position in the data of the marker that ends the scan, or a negative number for a fault.
 */
export function decodeJpegScan(
  data: usize,
  length: usize,
  out: usize,
  work: usize,
  across: i32,
  down: i32,
  interval: i32,
  h: i32,
  v: i32,
  colours: i32,
  width: usize,
  height: usize,
): i32 {
  if (load<u8>(places, 1) === 0) setUpPlaces();
  for (let k: usize = 0; k < 64; k++) {
    store<u16>(quant + <usize>load<u8>(places + k), load<u16>(work + 2 * k));
  }
  prepareTable(0, work + 128);
  prepareTable(1, work + 400);
  if (colours > 0) {
    prepareTable(2, work + 672);
    prepareTable(3, work + 944);
  }
  clearBlock();
  const end = data + length;
  const top = work + 1216 + padding + length;
  const units = across * down;
  const each = interval === 0 ? units : interval;
  let from = data;
  let restarts = 0;
  for (let first = 0; first < units; first += each) {
    if (first > 0) {
      let marker = streamEnd;
      while (marker < end && load<u8>(marker) === 255) marker++;
      if (marker >= end) return failed;
      if (load<u8>(marker) !== 0xd0 + (restarts & 7)) return failed;
      restarts++;
      from = marker + 1;
    }
    const bytes = reverseSegment(from, end, top);
    if (streamEnd === 0) return failed;
    if (decodeUnits(top, bytes, out, first, min(units, first + each), across, h, v, colours) < 0)
      return failed;
  }
  const stride = <usize>(8 * h * across);
  if (stride > width) {
    for (let row: usize = 1; row < height; row++) memory.copy(out + row * width, out + row * stride, width);
  }
  return <i32>(streamEnd - data);
}

// Decodes units `first` to `last` (exclusive), between two restart markers.
function decodeUnits(
  top: usize,
  bytes: usize,
  out: usize,
  first: i32,
  last: i32,
  across: i32,
  h: i32,
  v: i32,
  colours: i32,
): i32 {
  const stride = <usize>(8 * h * across);
  const shades = h * v;
  const blocks = shades + colours;
  const origin = top - 8;
  const limit = (<isize>bytes) << 3;
  let level = 0;
  // The next bits are the highest of `bits`, `count` of them are loaded, and `at` is where to load more.
  let bits: u64 = 0;
  let count: u64 = 0;
  let at = origin;
  let unitX = first % across;
  let corner = out + <usize>((first / across) * 8 * v) * stride + <usize>(unitX * 8 * h);
  for (let unit = first; unit < last; unit++) {
    let target = corner;
    let blockX = h;
    for (let n = 0; n < blocks; n++) {
      const table = tableAt(n < shades ? 0 : 2);
      const ac = tableAt(n < shades ? 1 : 3);
      bits |= load<u64>(at) >> count;
      at -= <usize>((63 - count) >> 3);
      count |= 56;
      let entry = load<u64>(table + ((<usize>(bits >> 53)) << 3));
      let difference = <i32>(<i16>(entry >> 32));
      if ((entry & slowEntry) !== 0) {
        let used = entry & 63;
        let size = (entry >> 32) & 255;
        if (used === 0) {
          const symbol = longCode(table, bits);
          if (symbol < 0) return failed;
          used = symbol >> 8;
          size = symbol & 255;
        }
        bits <<= used;
        difference = size === 0 ? 0 : signed(bits, size);
        entry = size;
        count -= used;
      }
      bits <<= entry & 63;
      count -= entry & 63;
      if (n < shades) {
        level += difference;
        store<i16>(block, <i16>level);
      }

      let k = 1;
      // Where the last look-up began, in the block and in the data.
      let start = 1;
      let before = bits;
      do {
        bits |= load<u64>(at) >> count;
        at -= <usize>((63 - count) >> 3);
        count |= 56;
        entry = load<u64>(ac + ((<usize>(bits >> 53)) << 3));
        if ((entry & slowEntry) === 0) {
          start = k;
          before = bits;
          bits <<= entry & 63;
          count -= entry & 63;
          k = putValues(k, entry);
          if (k >= 64) break;
          entry = load<u64>(ac + ((<usize>(bits >> 53)) << 3));
          if ((entry & slowEntry) !== 0) continue;
          start = k;
          before = bits;
          bits <<= entry & 63;
          count -= entry & 63;
          k = putValues(k, entry);
          continue;
        }
        let used = entry & 63;
        let symbol = <i32>(entry >> 32) & 255;
        if (used === 0) {
          symbol = longCode(ac, bits);
          if (symbol < 0) return failed;
          used = symbol >> 8;
        }
        bits <<= used;
        count -= used;
        const size = <u64>(symbol & 15);
        const run = (symbol >> 4) & 15;
        start = 64;
        if (size === 0) {
          if (run === 0) k += endStep;
          else if (run === 15) k += 16;
          else return failed;
        } else {
          k += run;
          store<u16>(block + <usize>load<u8>(places + <usize>k), <u16>signed(bits, size));
          bits <<= size;
          count -= size;
          k++;
        }
      } while (k < 64);
      if (k !== 64 && <u32>(k - endStep - 1) > 62) {
        // Either the first of two values ends the block and the second belongs to the next, or there are too many
        // values.
        if (start + (<i32>(entry >> 8) & 255) !== 63) return failed;
        const used = firstLength(ac, before);
        bits = before << used;
        count += (entry & 63) - used;
      }

      if (n < shades) {
        if (k === endStep + 1) transformFlat(target, stride);
        else transformBlock(target, stride);
        target += 8;
        if (--blockX === 0) {
          blockX = h;
          target += 8 * (stride - <usize>h);
        }
      } else if (k !== endStep + 1) clearBlock();
    }
    if (<isize>((origin - at) << 3) - <isize>count > limit) return failed;
    corner += <usize>(8 * h);
    if (++unitX === across) {
      unitX = 0;
      corner += <usize>(8 * v - 1) * stride;
    }
  }
  const used = <isize>((origin - at) << 3) - <isize>count;
  if ((used + 7) >> 3 === <isize>bytes) return 0;
  // Some encoders pad data that end at a byte border with a whole byte of ones.
  return used + 8 === limit && load<u8>(top - bytes) === 0xff ? 0 : failed;
}

// Puts the two values of an entry into the block. Returns the place after them.
function putValues(k: i32, entry: u64): i32 {
  const steps = <i32>entry;
  store<u16>(block + <usize>load<u8>(places + <usize>(k + ((steps >> 8) & 255))), <u16>(entry >> 32));
  store<u16>(block + <usize>load<u8>(places + <usize>(k + ((steps >> 16) & 255))), <u16>(entry >> 48));
  return k + (steps >>> 24);
}

// The signed value that the highest `size` bits stand for.
function signed(bits: u64, size: u64): i32 {
  const value = <i32>(bits >> (64 - size));
  return value < 1 << (<i32>size - 1) ? value - (1 << (<i32>size)) + 1 : value;
}
