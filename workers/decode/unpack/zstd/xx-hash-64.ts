/**
 * The low half of xxHash64 (seed 0), which is zstd's checksum. Numbers of 64 bits are pairs of 32, because bigints are
 * a hundred times slower. Each function returns the low half of its result and leaves the high half in `high`.
 */

const [prime1, prime1High] = [0x85ebca87 | 0, 0x9e3779b1 | 0];
const [prime2, prime2High] = [0x27d4eb4f, 0xc2b2ae3d | 0];
const [prime3, prime3High] = [0x9e3779f9 | 0, 0x165667b1];
const [prime4, prime4High] = [0xc2b2ae63 | 0, 0x85ebca77 | 0];
const [prime5, prime5High] = [0x165667c5, 0x27d4eb2f];

let high = 0;

/** The low 32 bits of the hash. */
export function xxHash64Low(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length;
  let at = 0;
  let low: number;
  if (end >= 32) {
    const lanes = new Int32Array(8);
    lanes[0] = add(prime1, prime1High, prime2, prime2High);
    lanes[1] = high;
    lanes.set([prime2, prime2High, 0, 0], 2);
    lanes[6] = negate(prime1, prime1High);
    lanes[7] = high;
    for (; at + 32 <= end; at += 32) {
      for (let lane = 0; lane < 8; lane += 2) {
        const from = at + 4 * lane;
        lanes[lane] = round(
          lanes[lane] as number,
          lanes[lane + 1] as number,
          view.getInt32(from, true),
          view.getInt32(from + 4, true),
        );
        lanes[lane + 1] = high;
      }
    }
    low = sumOfLanes(lanes);
    for (let lane = 0; lane < 8; lane += 2) {
      const hashHigh = high;
      const mixed = round(0, 0, lanes[lane] as number, lanes[lane + 1] as number);
      low = multiply(low ^ mixed, hashHigh ^ high, prime1, prime1High);
      low = add(low, high, prime4, prime4High);
    }
  } else {
    low = prime5;
    high = prime5High;
  }
  low = add(low, high, end, 0);
  for (; at + 8 <= end; at += 8) {
    const hashHigh = high;
    const mixed = round(0, 0, view.getInt32(at, true), view.getInt32(at + 4, true));
    low = rotate(low ^ mixed, hashHigh ^ high, 27);
    low = multiply(low, high, prime1, prime1High);
    low = add(low, high, prime4, prime4High);
  }
  if (at + 4 <= end) {
    const hashHigh = high;
    const mixed = multiply(view.getInt32(at, true), 0, prime1, prime1High);
    low = rotate(low ^ mixed, hashHigh ^ high, 23);
    low = multiply(low, high, prime2, prime2High);
    low = add(low, high, prime3, prime3High);
    at += 4;
  }
  for (; at < end; at++) {
    const hashHigh = high;
    const mixed = multiply(bytes[at] as number, 0, prime5, prime5High);
    low = rotate(low ^ mixed, hashHigh ^ high, 11);
    low = multiply(low, high, prime1, prime1High);
  }
  low = multiply(low ^ (high >>> 1), high ^ 0, prime2, prime2High);
  // Right shifts by 33 and 29, then by 32. Only the low half of the last result is needed.
  low = multiply(low ^ ((low >>> 29) | (high << 3)), high ^ (high >>> 29), prime3, prime3High);
  return (low ^ high) >>> 0;
}

function sumOfLanes(lanes: Int32Array): number {
  const turns = [1, 7, 12, 18];
  let low = 0;
  let sumHigh = 0;
  turns.forEach((bits, lane) => {
    const turned = rotate(lanes[2 * lane] as number, lanes[2 * lane + 1] as number, bits);
    low = add(low, sumHigh, turned, high);
    sumHigh = high;
  });
  return low;
}

function round(low: number, lowHigh: number, word: number, wordHigh: number): number {
  const product = multiply(word, wordHigh, prime2, prime2High);
  const sum = add(low, lowHigh, product, high);
  const turned = rotate(sum, high, 31);
  return multiply(turned, high, prime1, prime1High);
}

function add(a: number, aHigh: number, b: number, bHigh: number): number {
  const low = (a + b) | 0;
  high = (aHigh + bHigh + (low >>> 0 < a >>> 0 ? 1 : 0)) | 0;
  return low;
}

function negate(a: number, aHigh: number): number {
  return add(~a, ~aHigh, 1, 0);
}

/** Rotates to the left by less than 32 bits. */
function rotate(a: number, aHigh: number, bits: number): number {
  high = (aHigh << bits) | (a >>> (32 - bits));
  return (a << bits) | (aHigh >>> (32 - bits));
}

function multiply(a: number, aHigh: number, b: number, bHigh: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const lowest = Math.imul(a0, b0) >>> 0;
  const middle = a1 * b0 + (lowest >>> 16);
  const other = a0 * b1 + (middle % 65536);
  high =
    (a1 * b1 +
      Math.floor(middle / 65536) +
      Math.floor(other / 65536) +
      Math.imul(aHigh, b) +
      Math.imul(a, bHigh)) |
    0;
  return Math.imul(a, b);
}
