/** Interleaves the first eight bytes of two rows. */
function low(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** Interleaves the last eight bytes of two rows. */
function high(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/**
 * Transposes 16 × 16 bytes. The strides are the distances between rows. Rows of the upper half are interleaved with
 * rows of the lower half four times. Each time rotates the bits of (row, column) by one.
 */
export function transpose16(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  const a0 = v128.load(from);
  const a1 = v128.load(from + 1 * fromStride);
  const a2 = v128.load(from + 2 * fromStride);
  const a3 = v128.load(from + 3 * fromStride);
  const a4 = v128.load(from + 4 * fromStride);
  const a5 = v128.load(from + 5 * fromStride);
  const a6 = v128.load(from + 6 * fromStride);
  const a7 = v128.load(from + 7 * fromStride);
  const a8 = v128.load(from + 8 * fromStride);
  const a9 = v128.load(from + 9 * fromStride);
  const a10 = v128.load(from + 10 * fromStride);
  const a11 = v128.load(from + 11 * fromStride);
  const a12 = v128.load(from + 12 * fromStride);
  const a13 = v128.load(from + 13 * fromStride);
  const a14 = v128.load(from + 14 * fromStride);
  const a15 = v128.load(from + 15 * fromStride);

  const b0 = low(a0, a8);
  const b1 = high(a0, a8);
  const b2 = low(a1, a9);
  const b3 = high(a1, a9);
  const b4 = low(a2, a10);
  const b5 = high(a2, a10);
  const b6 = low(a3, a11);
  const b7 = high(a3, a11);
  const b8 = low(a4, a12);
  const b9 = high(a4, a12);
  const b10 = low(a5, a13);
  const b11 = high(a5, a13);
  const b12 = low(a6, a14);
  const b13 = high(a6, a14);
  const b14 = low(a7, a15);
  const b15 = high(a7, a15);

  const c0 = low(b0, b8);
  const c1 = high(b0, b8);
  const c2 = low(b1, b9);
  const c3 = high(b1, b9);
  const c4 = low(b2, b10);
  const c5 = high(b2, b10);
  const c6 = low(b3, b11);
  const c7 = high(b3, b11);
  const c8 = low(b4, b12);
  const c9 = high(b4, b12);
  const c10 = low(b5, b13);
  const c11 = high(b5, b13);
  const c12 = low(b6, b14);
  const c13 = high(b6, b14);
  const c14 = low(b7, b15);
  const c15 = high(b7, b15);

  const d0 = low(c0, c8);
  const d1 = high(c0, c8);
  const d2 = low(c1, c9);
  const d3 = high(c1, c9);
  const d4 = low(c2, c10);
  const d5 = high(c2, c10);
  const d6 = low(c3, c11);
  const d7 = high(c3, c11);
  const d8 = low(c4, c12);
  const d9 = high(c4, c12);
  const d10 = low(c5, c13);
  const d11 = high(c5, c13);
  const d12 = low(c6, c14);
  const d13 = high(c6, c14);
  const d14 = low(c7, c15);
  const d15 = high(c7, c15);

  const e0 = low(d0, d8);
  const e1 = high(d0, d8);
  const e2 = low(d1, d9);
  const e3 = high(d1, d9);
  const e4 = low(d2, d10);
  const e5 = high(d2, d10);
  const e6 = low(d3, d11);
  const e7 = high(d3, d11);
  const e8 = low(d4, d12);
  const e9 = high(d4, d12);
  const e10 = low(d5, d13);
  const e11 = high(d5, d13);
  const e12 = low(d6, d14);
  const e13 = high(d6, d14);
  const e14 = low(d7, d15);
  const e15 = high(d7, d15);

  v128.store(to, e0);
  v128.store(to + 1 * toStride, e1);
  v128.store(to + 2 * toStride, e2);
  v128.store(to + 3 * toStride, e3);
  v128.store(to + 4 * toStride, e4);
  v128.store(to + 5 * toStride, e5);
  v128.store(to + 6 * toStride, e6);
  v128.store(to + 7 * toStride, e7);
  v128.store(to + 8 * toStride, e8);
  v128.store(to + 9 * toStride, e9);
  v128.store(to + 10 * toStride, e10);
  v128.store(to + 11 * toStride, e11);
  v128.store(to + 12 * toStride, e12);
  v128.store(to + 13 * toStride, e13);
  v128.store(to + 14 * toStride, e14);
  v128.store(to + 15 * toStride, e15);
}
