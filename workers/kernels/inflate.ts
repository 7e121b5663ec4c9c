/** Inflates a deflate stream (RFC 1951) or a zlib stream (RFC 1950) of known size. It is as strict as zlib. */

import { adler32 } from "./inflate-adler";
import {
  buildDistanceTable,
  buildLiteralTable,
  buildPrecodeTable,
  distanceBits,
  distanceTable,
  lengths,
  literalBits,
  literalTable,
  precodeLengths,
  precodeTable,
} from "./inflate-tables";

// Return values of `inflate` and `inflateZlib`. `inflate-failure.ts` has their messages.
const done: i32 = 0;
const badHeader: i32 = 1;
const endsEarly: i32 = 2;
const tooLong: i32 = 3;
const tooShort: i32 = 4;
const badCode: i32 = 5;
const badAdler: i32 = 6;

const precodeOrder: usize = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);

// The stream. The low 6 bits of `bits` are the number of valid bits in `buffer`; `at` is the byte after them.
let buffer: u64 = 0;
let bits: u32 = 0;
let at: usize = 0;
let written: usize = 0;

/** First byte after the deflate stream that was inflated last. */
export function deflateEnd(): usize {
  return position();
}

/** First byte after the output of that stream. */
export function inflatedEnd(): usize {
  return written;
}

/** Like `inflate`, with the header and the checksum around the deflate stream. */
export function inflateZlib(start: usize, end: usize, target: usize, least: usize, most: usize): i32 {
  if (end - start < 6) return badHeader;
  const header = ((<u32>load<u8>(start)) << 8) | <u32>load<u8>(start + 1);
  if ((header & 0x0f00) !== 0x0800 || header >> 12 > 7 || header % 31 !== 0 || (header & 0x20) !== 0)
    return badHeader;
  const status = inflate(start + 2, end - 4, target, least, most);
  if (status !== done) return status;
  return bswap<u32>(load<u32>(position())) === adler32(target, written - target) ? done : badAdler;
}

/**
 * Inflates the deflate stream at the beginning of `[start, dataEnd)` to `target`: at least `least` bytes, at most
 * `most`. Both need 64 bytes more. Those of the source are read; those of the target are overwritten, by up to 16 bytes
 * after a match of 258.
 */
export function inflate(start: usize, dataEnd: usize, target: usize, least: usize, most: usize): i32 {
  buffer = 0;
  bits = 0;
  at = start;
  written = target;
  let last = false;
  while (!last) {
    refill();
    last = (buffer & 1) !== 0;
    const kind = <u32>(buffer >> 1) & 3;
    consume(3);
    let status = badCode;
    if (kind === 0) {
      status = copyStored(dataEnd, target + most);
    } else if (kind === 1 ? useFixedCodes() : kind === 2 ? readCodes(dataEnd) : false) {
      status = inflateBlock(dataEnd, target, target + most);
    }
    if (status !== done) return status;
    if (position() > dataEnd) return endsEarly;
  }
  return written - target < least ? tooShort : done;
}
// Fills the buffer to at least 56 bits, with a load of 8 bytes from `at`.
/** Fills the buffer to at least 56 bits. Reads up to 8 bytes after them. */
function refill(): void {
  buffer |= load<u64>(at) << bits;
  at += 7 - ((bits >> 3) & 7);
  bits |= 56;
}

function consume(count: u32): void {
  buffer >>= count;
  bits -= count;
}

/** The first byte that has no consumed bits. */
function position(): usize {
  return at - ((bits & 63) >> 3);
}

function copyStored(dataEnd: usize, targetEnd: usize): i32 {
  const from = position();
  if (from + 4 > dataEnd) return endsEarly;
  const length = <u32>load<u16>(from);
  if ((length ^ load<u16>(from, 2)) !== 0xffff) return badCode;
  if (from + 4 + length > dataEnd) return endsEarly;
  if (written + length > targetEnd) return tooLong;
  memory.copy(written, from + 4, length);
  written += length;
  at = from + 4 + length;
  buffer = 0;
  bits = 0;
  return done;
}

function useFixedCodes(): bool {
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return buildLiteralTable(288) && buildDistanceTable(lengths + 288, 32);
}

function readCodes(dataEnd: usize): bool {
  const literalCount = (<u32>buffer & 31) + 257;
  const distanceCount = (<u32>(buffer >> 5) & 31) + 1;
  const precodeCount = (<u32>(buffer >> 10) & 15) + 4;
  if (literalCount > 286 || distanceCount > 30) return false;
  consume(14);
  memory.fill(precodeLengths, 0, 19);
  for (let i: u32 = 0; i < precodeCount; i++) {
    refill();
    store<u8>(precodeLengths + load<u8>(precodeOrder + i), <u8>(<u32>buffer & 7));
    consume(3);
  }
  if (!buildPrecodeTable()) return false;
  const total = literalCount + distanceCount;
  let filled: u32 = 0;
  while (filled < total) {
    refill();
    if (at > dataEnd + 16) return false;
    const entry = load<u32>(precodeTable + ((<u32>buffer & 127) << 2));
    const symbol = (entry >> 8) & 31;
    consume(entry & 63);
    if (symbol < 16) {
      store<u8>(lengths + filled, <u8>symbol);
      filled++;
      continue;
    }
    if (symbol === 16 && filled === 0) return false;
    const extra: u32 = symbol === 16 ? 2 : symbol === 17 ? 3 : 7;
    const repeat: u32 = (symbol === 18 ? 11 : 3) + (<u32>buffer & ((1 << extra) - 1));
    consume(extra);
    if (filled + repeat > total) return false;
    memory.fill(lengths + filled, symbol === 16 ? load<u8>(lengths + filled - 1) : 0, repeat);
    filled += repeat;
  }
  if (load<u8>(lengths, 256) === 0) return false;
  return buildLiteralTable(literalCount) && buildDistanceTable(lengths + literalCount, distanceCount);
}

function lookUp(word: u64): u64 {
  return <u64>load<u32>(literalTable + ((<u32>word & ((1 << literalBits) - 1)) << 2));
}

/** Inflates up to the block's end. Meanwhile the state of the stream is in local variables. */
function inflateBlock(dataEnd: usize, target: usize, targetEnd: usize): i32 {
  let word = buffer;
  let valid = bits;
  let from = at;
  let to = written;
  const fromEnd = dataEnd + 8;
  let status = endsEarly;
  word |= load<u64>(from) << valid;
  from += 7 - ((valid >> 3) & 7);
  valid |= 56;
  let entry = lookUp(word);
  while (from <= fromEnd) {
    if (to > targetEnd) {
      status = tooLong;
      break;
    }
    word |= load<u64>(from) << valid;
    from += 7 - ((valid >> 3) & 7);
    valid |= 56;
    if (<i32>entry >= 0) {
      store<u16>(to, <u16>(entry >> 8));
      to += <usize>(entry >> 6) & 3;
      word >>= entry;
      valid -= <u32>entry;
      entry = lookUp(word);
      if (<i32>entry >= 0) {
        store<u16>(to, <u16>(entry >> 8));
        to += <usize>(entry >> 6) & 3;
        word >>= entry;
        valid -= <u32>entry;
        entry = lookUp(word);
        if (<i32>entry >= 0) {
          store<u16>(to, <u16>(entry >> 8));
          to += <usize>(entry >> 6) & 3;
          word >>= entry;
          valid -= <u32>entry;
          entry = lookUp(word);
          continue;
        }
      }
      word |= load<u64>(from) << valid;
      from += 7 - ((valid >> 3) & 7);
      valid |= 56;
    }
    if ((entry & 0x40000000) !== 0) {
      if ((entry & 64) !== 0) {
        const rest = <u32>(word >> literalBits) & ((1 << (15 - literalBits)) - 1);
        entry = <u64>load<u32>(literalTable + (((<u32>(entry >> 8) & 0xffff) + rest) << 2));
        if (<i32>entry >= 0) {
          store<u8>(to, <u8>(entry >> 8));
          to++;
          word >>= entry;
          valid -= <u32>entry;
          entry = lookUp(word);
          continue;
        }
      }
      if ((entry & 0x40000000) !== 0) {
        word >>= entry;
        valid -= <u32>entry;
        status = (entry & 128) !== 0 ? badCode : done;
        break;
      }
    }
    const length = (<usize>(entry >> 8) & 0x1ff) + extraOf(word, entry);
    word >>= entry;
    valid -= <u32>entry;
    entry = <u64>load<u32>(distanceTable + ((<u32>word & ((1 << distanceBits) - 1)) << 2));
    if (<i32>entry < 0) {
      const rest = <u32>(word >> distanceBits) & ((1 << (15 - distanceBits)) - 1);
      entry = <u64>load<u32>(distanceTable + (((<u32>(entry >> 8) & 0xffff) + rest) << 2));
    }
    const distance = (<usize>(entry >> 8) & 0xffff) + extraOf(word, entry);
    word >>= entry;
    valid -= <u32>entry;
    // An invalid code has distance 0, and `distance - 1` then wraps around.
    if (distance - 1 >= to - target) {
      status = badCode;
      break;
    }
    word |= load<u64>(from) << valid;
    from += 7 - ((valid >> 3) & 7);
    valid |= 56;
    entry = lookUp(word);
    copyMatch(to, distance, length);
    to += length;
  }
  buffer = word;
  bits = valid;
  at = from;
  written = to;
  return status === done && to > targetEnd ? tooLong : status;
}

/** The extra bits, which are the last of the consumed bits, after the code. */
function extraOf(word: u64, entry: u64): usize {
  return <usize>((word & ~((<u64>-1) << entry)) >> ((entry >> 26) & 15));
}

/** May write up to 15 bytes too many. They are overwritten later, or lie after the output. */
function copyMatch(to: usize, distance: usize, length: usize): void {
  const stop = to + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(to - distance));
      to += 16;
    } while (to < stop);
  } else if (distance === 1) {
    const byte = v128.load8_splat(to - 1);
    do {
      v128.store(to, byte);
      to += 16;
    } while (to < stop);
  } else {
    do {
      store<u8>(to, load<u8>(to - distance));
      to++;
    } while (to < stop);
  }
}
