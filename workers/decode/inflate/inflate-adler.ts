/** Adler-32 (RFC 1950) of the first `size` bytes. */
export function adler32(bytes: Uint8Array, size: number): number {
  let a = 1;
  let b = 0;
  let i = 0;
  while (i < size) {
    // `b` stays below 2 ** 32 for up to 5552 bytes. Half of that keeps it an int32.
    const stop = Math.min(size, i + 2768);
    for (; i + 8 <= stop; i += 8) {
      const p = bytes[i] as number;
      const q = bytes[i + 1] as number;
      const r = bytes[i + 2] as number;
      const s = bytes[i + 3] as number;
      const t = bytes[i + 4] as number;
      const u = bytes[i + 5] as number;
      const v = bytes[i + 6] as number;
      const w = bytes[i + 7] as number;
      b = (b + 8 * a + 8 * p + 7 * q + 6 * r + 5 * s + 4 * t + 3 * u + 2 * v + w) | 0;
      a = (a + p + q + r + s + t + u + v + w) | 0;
    }
    for (; i < stop; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
