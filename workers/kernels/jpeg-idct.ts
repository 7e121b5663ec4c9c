/** The inverse transform of a block of 8 × 8 in SIMD lanes: libjpeg's accurate integer method (islow), to the last bit. */

/** The block: 64 coefficients of 16 bits, row by row, and one place more for what is of no use. */
export const block: usize = memory.data(144, 64);
/** The quantisation table, in the same order. */
export const quant: usize = memory.data(128, 64);

const work: usize = memory.data(128, 64);

/** Transforms the block into grey values and clears it. */
export function transformBlock(out: usize, stride: usize): void {
  pass(
    i16x8.mul(v128.load(block), v128.load(quant)),
    i16x8.mul(v128.load(block, 16), v128.load(quant, 16)),
    i16x8.mul(v128.load(block, 32), v128.load(quant, 32)),
    i16x8.mul(v128.load(block, 48), v128.load(quant, 48)),
    i16x8.mul(v128.load(block, 64), v128.load(quant, 64)),
    i16x8.mul(v128.load(block, 80), v128.load(quant, 80)),
    i16x8.mul(v128.load(block, 96), v128.load(quant, 96)),
    i16x8.mul(v128.load(block, 112), v128.load(quant, 112)),
    i32x4.splat(1 << 10),
  );
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

// The second pass, over the columns of what the first one left; the middle grey is added with the rounding.
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

// Two columns, four apart, as grey values: of the shift by 18 bits, 11 are done.
function shades(at: usize): v128 {
  return i8x16.narrow_i16x8_u(i16x8.shr_s(v128.load(work + at), 7), i16x8.shr_s(v128.load(work + at, 64), 7));
}

// Four rows, whose left and right halves are interleaved no more than this.
function storeFour(out: usize, stride: usize, left: v128, right: v128): void {
  const first = lowPairs(left, right);
  const second = highPairs(left, right);
  v128.store64_lane(out, first, 0);
  v128.store64_lane(out + stride, first, 1);
  v128.store64_lane(out + stride * 2, second, 0);
  v128.store64_lane(out + stride * 3, second, 1);
}

/** Transforms a block of which only the first coefficient is not zero, and clears it. */
export function transformFlat(out: usize, stride: usize): void {
  const level = <i32>(<i16>(<i32>load<i16>(block) * <i32>load<i16>(quant)));
  store<i16>(block, 0);
  const shade = i8x16.splat(<i8>(max(-128, min(127, (level + 4) >> 3)) ^ -128));
  for (let row = 0; row < 8; row++) {
    v128.store64_lane(out, shade, 0);
    out += stride;
  }
}

/** Makes all coefficients zero. */
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

// Transforms the columns of eight rows, shifts by 11 bits and leaves the rows in `work`.
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
  const lo04 = low(r0, r4);
  const hi04 = high(r0, r4);
  const lo26 = low(r2, r6);
  const hi26 = high(r2, r6);
  const e0l = i32x4.add(
    i32x4.dot_i16x8_s(lo04, i16x8(8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192)),
    rounding,
  );
  const e0h = i32x4.add(
    i32x4.dot_i16x8_s(hi04, i16x8(8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192)),
    rounding,
  );
  const e1l = i32x4.add(
    i32x4.dot_i16x8_s(lo04, i16x8(8192, -8192, 8192, -8192, 8192, -8192, 8192, -8192)),
    rounding,
  );
  const e1h = i32x4.add(
    i32x4.dot_i16x8_s(hi04, i16x8(8192, -8192, 8192, -8192, 8192, -8192, 8192, -8192)),
    rounding,
  );
  const e2l = i32x4.dot_i16x8_s(lo26, i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704));
  const e2h = i32x4.dot_i16x8_s(hi26, i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704));
  const e3l = i32x4.dot_i16x8_s(lo26, i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433));
  const e3h = i32x4.dot_i16x8_s(hi26, i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433));
  const lo13 = low(r1, r3);
  const hi13 = high(r1, r3);
  const lo57 = low(r5, r7);
  const hi57 = high(r5, r7);

  let f = i16x8(11363, 9633, 11363, 9633, 11363, 9633, 11363, 9633);
  let g = i16x8(6437, 2260, 6437, 2260, 6437, 2260, 6437, 2260);
  let ol = twoDots(lo13, lo57, f, g);
  let oh = twoDots(hi13, hi57, f, g);
  let el = i32x4.add(e0l, e3l);
  let eh = i32x4.add(e0h, e3h);
  const t0 = shiftedSum(el, eh, ol, oh);
  const t7 = shiftedDifference(el, eh, ol, oh);

  f = i16x8(9633, -2259, 9633, -2259, 9633, -2259, 9633, -2259);
  g = i16x8(-11362, -6436, -11362, -6436, -11362, -6436, -11362, -6436);
  ol = twoDots(lo13, lo57, f, g);
  oh = twoDots(hi13, hi57, f, g);
  el = i32x4.add(e1l, e2l);
  eh = i32x4.add(e1h, e2h);
  const t1 = shiftedSum(el, eh, ol, oh);
  const t6 = shiftedDifference(el, eh, ol, oh);

  f = i16x8(6437, -11362, 6437, -11362, 6437, -11362, 6437, -11362);
  g = i16x8(2261, 9633, 2261, 9633, 2261, 9633, 2261, 9633);
  ol = twoDots(lo13, lo57, f, g);
  oh = twoDots(hi13, hi57, f, g);
  el = i32x4.sub(e1l, e2l);
  eh = i32x4.sub(e1h, e2h);
  const t2 = shiftedSum(el, eh, ol, oh);
  const t5 = shiftedDifference(el, eh, ol, oh);

  f = i16x8(2260, -6436, 2260, -6436, 2260, -6436, 2260, -6436);
  g = i16x8(9633, -11363, 9633, -11363, 9633, -11363, 9633, -11363);
  ol = twoDots(lo13, lo57, f, g);
  oh = twoDots(hi13, hi57, f, g);
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

function twoDots(a: v128, b: v128, f: v128, g: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(a, f), i32x4.dot_i16x8_s(b, g));
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
