/** The inverse transform of a block of 8 × 8 in SIMD lanes: libjpeg's accurate integer method (islow), bit for bit. */

/** The block: 64 coefficients of 16 bits, row by row, and one more place for values that are not used. */
export const block: usize = memory.data(144, 64);
/** The quantisation table, in the same order. */
export const quant: usize = memory.data(128, 64);

const work: usize = memory.data(128, 64);

/** Transforms the block into grey values and clears it. */
export function transformBlock(out: usize, stride: usize): void {
  const r0 = i16x8.mul(v128.load(block), v128.load(quant));
  const r1 = v128.load(block, 16);
  const r2 = v128.load(block, 32);
  const r3 = v128.load(block, 48);
  const r4 = v128.load(block, 64);
  const r5 = v128.load(block, 80);
  const r6 = v128.load(block, 96);
  const r7 = v128.load(block, 112);
  const lower = v128.or(v128.or(v128.or(r1, r2), v128.or(r3, r4)), v128.or(v128.or(r5, r6), r7));
  if (v128.any_true(lower)) {
    pass(
      r0,
      i16x8.mul(r1, v128.load(quant, 16)),
      i16x8.mul(r2, v128.load(quant, 32)),
      i16x8.mul(r3, v128.load(quant, 48)),
      i16x8.mul(r4, v128.load(quant, 64)),
      i16x8.mul(r5, v128.load(quant, 80)),
      i16x8.mul(r6, v128.load(quant, 96)),
      i16x8.mul(r7, v128.load(quant, 112)),
      i32x4.splat(1 << 10),
    );
  } else {
    const row = i16x8.shl(r0, 2);
    for (let at: usize = 0; at < 128; at += 16) v128.store(work + at, row);
  }
  clearBlock();
  passRows();
  const p04 = shades(0);
  const p15 = shades(16);
  const p26 = shades(32);
  const p37 = shades(48);
  const p01 = lowBytes(p04, p15);
  const p23 = lowBytes(p26, p37);
  const p45 = highBytes(p04, p15);
  const p67 = highBytes(p26, p37);
  storeFour(out, stride, low(p01, p23), low(p45, p67));
  storeFour(out + (stride << 2), stride, high(p01, p23), high(p45, p67));
}

// The second pass, over the columns that the first one left. The rounding also adds the middle grey.
function passRows(): void {
  const a = v128.load(work);
  const b = v128.load(work, 16);
  const c = v128.load(work, 32);
  const d = v128.load(work, 48);
  const e = v128.load(work, 64);
  const f = v128.load(work, 80);
  const g = v128.load(work, 96);
  const h = v128.load(work, 112);
  const abLow = low(a, b);
  const abHigh = high(a, b);
  const cdLow = low(c, d);
  const cdHigh = high(c, d);
  const efLow = low(e, f);
  const efHigh = high(e, f);
  const ghLow = low(g, h);
  const ghHigh = high(g, h);
  const abcd01 = lowPairs(abLow, cdLow);
  const abcd23 = highPairs(abLow, cdLow);
  const abcd45 = lowPairs(abHigh, cdHigh);
  const abcd67 = highPairs(abHigh, cdHigh);
  const efgh01 = lowPairs(efLow, ghLow);
  const efgh23 = highPairs(efLow, ghLow);
  const efgh45 = lowPairs(efHigh, ghHigh);
  const efgh67 = highPairs(efHigh, ghHigh);
  pass(
    i64x2.shuffle(abcd01, efgh01, 0, 2),
    i64x2.shuffle(abcd01, efgh01, 1, 3),
    i64x2.shuffle(abcd23, efgh23, 0, 2),
    i64x2.shuffle(abcd23, efgh23, 1, 3),
    i64x2.shuffle(abcd45, efgh45, 0, 2),
    i64x2.shuffle(abcd45, efgh45, 1, 3),
    i64x2.shuffle(abcd67, efgh67, 0, 2),
    i64x2.shuffle(abcd67, efgh67, 1, 3),
    i32x4.splat((1 << 17) + (128 << 18)),
  );
}

// Two columns, four apart, as grey values. 11 of the shift's 18 bits are done already.
function shades(at: usize): v128 {
  return i8x16.narrow_i16x8_u(i16x8.shr_s(v128.load(work + at), 7), i16x8.shr_s(v128.load(work + at, 64), 7));
}

// Stores four rows. Their left and right halves still have to be interleaved in pairs.
function storeFour(out: usize, stride: usize, left: v128, right: v128): void {
  const first = lowPairs(left, right);
  const second = highPairs(left, right);
  v128.store64_lane(out, first, 0);
  v128.store64_lane(out + stride, first, 1);
  v128.store64_lane(out + stride * 2, second, 0);
  v128.store64_lane(out + stride * 3, second, 1);
}

/** Transforms a block whose coefficients after the first are all 0, and clears it. */
export function transformFlat(out: usize, stride: usize): void {
  const level = <i32>(<i16>(<i32>load<i16>(block) * <i32>load<i16>(quant)));
  store<i16>(block, 0);
  const shade = i8x16.splat(<i8>(max(-128, min(127, (<i32>(<i16>(level << 2)) + 16) >> 5)) ^ -128));
  for (let row = 0; row < 8; row++) {
    v128.store64_lane(out, shade, 0);
    out += stride;
  }
}

/** Sets all coefficients to 0. */
export function clearBlock(): void {
  const zero = i16x8.splat(0);
  v128.store(block, zero);
  v128.store(block, zero, 16);
  v128.store(block, zero, 32);
  v128.store(block, zero, 48);
  v128.store(block, zero, 64);
  v128.store(block, zero, 80);
  v128.store(block, zero, 96);
  v128.store(block, zero, 112);
}

// Transforms the columns of eight rows, shifts by 11 bits, and leaves the rows in `work`.
function pass(
  r0: v128,
  r1: v128,
  r2: v128,
  r3: v128,
  r4: v128,
  r5: v128,
  r6: v128,
  r7: v128,
  rounding: v128,
): void {
  // Sums and differences of two wrap to 16 bits, as in libjpeg-turbo.
  const sum = i16x8.add(r0, r4);
  const difference = i16x8.sub(r0, r4);
  const lo04 = low(sum, difference);
  const hi04 = high(sum, difference);
  const lo26 = low(r2, r6);
  const hi26 = high(r2, r6);
  const times = i16x8(8192, 0, 8192, 0, 8192, 0, 8192, 0);
  const otherTimes = i16x8(0, 8192, 0, 8192, 0, 8192, 0, 8192);
  const e0l = i32x4.add(i32x4.dot_i16x8_s(lo04, times), rounding);
  const e0h = i32x4.add(i32x4.dot_i16x8_s(hi04, times), rounding);
  const e1l = i32x4.add(i32x4.dot_i16x8_s(lo04, otherTimes), rounding);
  const e1h = i32x4.add(i32x4.dot_i16x8_s(hi04, otherTimes), rounding);
  const e2l = i32x4.dot_i16x8_s(lo26, i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704));
  const e2h = i32x4.dot_i16x8_s(hi26, i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704));
  const e3l = i32x4.dot_i16x8_s(lo26, i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433));
  const e3h = i32x4.dot_i16x8_s(hi26, i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433));
  const both = i16x8.add(r3, r7);
  const others = i16x8.add(r1, r5);
  const lo = low(both, others);
  const hi = high(both, others);
  const z3 = i16x8(-6436, 9633, -6436, 9633, -6436, 9633, -6436, 9633);
  const z4 = i16x8(9633, 6437, 9633, 6437, 9633, 6437, 9633, 6437);
  const z3l = i32x4.dot_i16x8_s(lo, z3);
  const z3h = i32x4.dot_i16x8_s(hi, z3);
  const z4l = i32x4.dot_i16x8_s(lo, z4);
  const z4h = i32x4.dot_i16x8_s(hi, z4);
  const lo17 = low(r1, r7);
  const hi17 = high(r1, r7);
  const lo35 = low(r3, r5);
  const hi35 = high(r3, r5);

  const k0 = i16x8(-7373, -4927, -7373, -4927, -7373, -4927, -7373, -4927);
  const k1 = i16x8(-20995, -4176, -20995, -4176, -20995, -4176, -20995, -4176);
  const k2 = i16x8(4177, -20995, 4177, -20995, 4177, -20995, 4177, -20995);
  const k3 = i16x8(4926, -7373, 4926, -7373, 4926, -7373, 4926, -7373);
  let ol = i32x4.add(i32x4.dot_i16x8_s(lo17, k3), z4l);
  let oh = i32x4.add(i32x4.dot_i16x8_s(hi17, k3), z4h);
  let el = i32x4.add(e0l, e3l);
  let eh = i32x4.add(e0h, e3h);
  const t0 = shiftedSum(el, eh, ol, oh);
  const t7 = shiftedDifference(el, eh, ol, oh);

  ol = i32x4.add(i32x4.dot_i16x8_s(lo35, k2), z3l);
  oh = i32x4.add(i32x4.dot_i16x8_s(hi35, k2), z3h);
  el = i32x4.add(e1l, e2l);
  eh = i32x4.add(e1h, e2h);
  const t1 = shiftedSum(el, eh, ol, oh);
  const t6 = shiftedDifference(el, eh, ol, oh);

  ol = i32x4.add(i32x4.dot_i16x8_s(lo35, k1), z4l);
  oh = i32x4.add(i32x4.dot_i16x8_s(hi35, k1), z4h);
  el = i32x4.sub(e1l, e2l);
  eh = i32x4.sub(e1h, e2h);
  const t2 = shiftedSum(el, eh, ol, oh);
  const t5 = shiftedDifference(el, eh, ol, oh);

  ol = i32x4.add(i32x4.dot_i16x8_s(lo17, k0), z3l);
  oh = i32x4.add(i32x4.dot_i16x8_s(hi17, k0), z3h);
  el = i32x4.sub(e0l, e3l);
  eh = i32x4.sub(e0h, e3h);
  const t3 = shiftedSum(el, eh, ol, oh);
  const t4 = shiftedDifference(el, eh, ol, oh);

  v128.store(work, t0);
  v128.store(work, t1, 16);
  v128.store(work, t2, 32);
  v128.store(work, t3, 48);
  v128.store(work, t4, 64);
  v128.store(work, t5, 80);
  v128.store(work, t6, 96);
  v128.store(work, t7, 112);
}

function shiftedSum(el: v128, eh: v128, ol: v128, oh: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(el, ol), 11), i32x4.shr_s(i32x4.add(eh, oh), 11));
}

function shiftedDifference(el: v128, eh: v128, ol: v128, oh: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.sub(el, ol), 11), i32x4.shr_s(i32x4.sub(eh, oh), 11));
}

function low(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

function high(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

function lowPairs(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 4, 1, 5);
}

function highPairs(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 6, 3, 7);
}

function lowBytes(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

function highBytes(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
