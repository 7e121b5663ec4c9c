const factors = [0x239b961b, 0xab0e9789] as const;

/** The lower 64 bits of murmurhash3_x86_128 with seed 0, of a number's 8 bytes, lowest byte first. */
export function murmurHash(key: bigint): bigint {
  const low = Number(key & 0xffffffffn);
  const high = Number((key >> 32n) & 0xffffffffn);
  // A key of 8 bytes is all tail: there are no whole blocks to mix in first, and the length of the key starts the rest.
  const length = 8;
  let first = Math.imul(rotated(Math.imul(low, factors[0]), 15), factors[1]) ^ length;
  let second = Math.imul(rotated(Math.imul(high, factors[1]), 16), 0x38b34ae5) ^ length;
  let rest = length;
  first = (first + second + 2 * rest) | 0;
  second = (second + first) | 0;
  rest = (rest + first) | 0;
  first = mixed(first);
  second = mixed(second);
  rest = mixed(rest);
  first = (first + second + 2 * rest) | 0;
  second = (second + first) | 0;
  return (BigInt(second >>> 0) << 32n) | BigInt(first >>> 0);
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function mixed(word: number): number {
  let mixing = word ^ (word >>> 16);
  mixing = Math.imul(mixing, 0x85ebca6b);
  mixing ^= mixing >>> 13;
  mixing = Math.imul(mixing, 0xc2b2ae35);
  return mixing ^ (mixing >>> 16);
}
