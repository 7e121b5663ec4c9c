const weights: v128 = i8x16(16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);

/** Adler-32 (RFC 1950) of `size` bytes. */
export function adler32(start: usize, size: usize): u32 {
  let a: u32 = 1;
  let b: u32 = 0;
  let at = start;
  const end = start + size;
  while (at < end) {
    // The sums stay below 2 ** 32 for up to 5552 bytes, which is a multiple of 16.
    const stop = min(end, at + 5552);
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    let blocks: u32 = 0;
    for (; at + 16 <= stop; at += 16) {
      const bytes = v128.load(at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      const low = i16x8.extmul_low_i8x16_u(bytes, weights);
      const high = i16x8.extmul_high_i8x16_u(bytes, weights);
      weighted = i32x4.add(weighted, i32x4.extadd_pairwise_i16x8_u(i16x8.add(low, high)));
      blocks++;
    }
    b += a * (blocks << 4) + (sumOf(before) << 4) + sumOf(weighted);
    a += sumOf(sums);
    for (; at < stop; at++) {
      a += <u32>load<u8>(at);
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return (b << 16) | a;
}

function sumOf(lanes: v128): u32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}
