import type { Bytes } from "../space/bytes.js";

// Signed numbers of 32 bits, as all sums below, which the engine computes in half the time.
const prime1 = 0x9e3779b1 | 0;
const prime2 = 0x85ebca77 | 0;
const prime3 = 0xc2b2ae3d | 0;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;

/** Four words, one for each of the sums. */
const stripeBytes = 16;

/**
 * The checksum XXH32 of bytes, with seed 0. It is several times as fast as a CRC in JavaScript. It also tells apart files
 * that contain their own CRC, such as PNGs: all of those of one length have the same CRC-32.
 *
 * Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxh32(bytes: Bytes): number {
  const { length } = bytes;
  const words = new DataView(bytes.buffer, bytes.byteOffset, length);
  let at = 0;
  let hash = prime5;
  if (length >= stripeBytes) {
    let a = (prime1 + prime2) | 0;
    let b = prime2;
    let c = 0;
    let d = -prime1 | 0;
    for (const end = length - (length % stripeBytes); at < end; at += stripeBytes) {
      a = summed(a, words.getInt32(at, true));
      b = summed(b, words.getInt32(at + 4, true));
      c = summed(c, words.getInt32(at + 8, true));
      d = summed(d, words.getInt32(at + 12, true));
    }
    hash = rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18);
  }
  hash += length;
  for (; at + 4 <= length; at += 4) {
    hash = Math.imul(rotated(hash + Math.imul(words.getInt32(at, true), prime3), 17), prime4);
  }
  for (; at < length; at++) {
    hash = Math.imul(rotated(hash + Math.imul(bytes[at] as number, prime5), 11), prime1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Combines checksums into one: the XXH32 of the list of them. */
export function xxh32Of(checksums: readonly number[]): number {
  const bytes = new DataView(new ArrayBuffer(4 * checksums.length));
  checksums.forEach((value, i) => {
    bytes.setUint32(4 * i, value);
  });
  return xxh32(new Uint8Array(bytes.buffer));
}

function summed(sum: number, word: number): number {
  return Math.imul(rotated((sum + Math.imul(word, prime2)) | 0, 13), prime1);
}

/** Rotates the lowest 32 bits of a value to the left. */
function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
