/**
 * The inverse transform of a block of 8 × 8: libjpeg's accurate integer method (islow), exact to the last bit.
 *
 * libjpeg-turbo and the WebAssembly kernel compute in 16-bit lanes. That matters only for extreme blocks: there,
 * coefficients and sums of two wrap, and results of the first pass saturate (or wrap, if only the first row is not
 * zero). Blocks whose coefficients add up to at most {@link calmSum} cannot come near that, and take the fast path.
 */

/** Largest sum of absolute dequantised coefficients for which no value between the passes exceeds 16 bits. */
export const calmSum = 5800;

// Grey values, indexed by the result of the transform, which lies within ±1500 for calm blocks.
const shadeZero = 2048;
const shades: Uint8Array = Uint8Array.from({ length: 2 * shadeZero }, (_, n) => clamp(n - shadeZero));

const workspace = new Int32Array(64);

/** Transforms a block of a single grey value: only its first coefficient is not zero. */
export function flatBlock(dc: number, out: Uint8Array, offset: number, stride: number): void {
  const shade = clamp(((wrap(dc << 2) + 16) >> 5) + 128);
  for (let row = 0, at = offset; row < 8; row++, at += stride) {
    out[at] = shade;
    out[at + 1] = shade;
    out[at + 2] = shade;
    out[at + 3] = shade;
    out[at + 4] = shade;
    out[at + 5] = shade;
    out[at + 6] = shade;
    out[at + 7] = shade;
  }
}

/**
 * Transforms a calm block and clears it.
 *
 * @param block - 64 dequantised coefficients, row by row. Zeros afterwards.
 */
export function calmBlock(block: Int32Array, out: Uint8Array, offset: number, stride: number): void {
  const work = workspace;
  for (let x = 0; x < 8; x++) {
    const c0 = block[x] as number;
    const c1 = block[x + 8] as number;
    const c2 = block[x + 16] as number;
    const c3 = block[x + 24] as number;
    const c4 = block[x + 32] as number;
    const c5 = block[x + 40] as number;
    const c6 = block[x + 48] as number;
    const c7 = block[x + 56] as number;
    block[x] = 0;
    if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) === 0) {
      const even = c0 << 2;
      for (let n = x; n < 64; n += 8) work[n] = even;
      continue;
    }
    block[x + 8] = 0;
    block[x + 16] = 0;
    block[x + 24] = 0;
    block[x + 32] = 0;
    block[x + 40] = 0;
    block[x + 48] = 0;
    block[x + 56] = 0;
    const m = Math.imul(c2 + c6, 4433);
    const e2 = m - Math.imul(c6, 15137);
    const e3 = m + Math.imul(c2, 6270);
    const e0 = ((c0 + c4) << 13) + columnRounding;
    const e1 = ((c0 - c4) << 13) + columnRounding;
    const z5 = Math.imul(c7 + c3 + c5 + c1, 9633);
    const z1 = Math.imul(c7 + c1, -7373);
    const z2 = Math.imul(c5 + c3, -20995);
    const z3 = Math.imul(c7 + c3, -16069) + z5;
    const z4 = Math.imul(c5 + c1, -3196) + z5;
    const o0 = Math.imul(c7, 2446) + z1 + z3;
    const o1 = Math.imul(c5, 16819) + z2 + z4;
    const o2 = Math.imul(c3, 25172) + z2 + z3;
    const o3 = Math.imul(c1, 12299) + z1 + z4;
    const a0 = e0 + e3;
    const a1 = e1 + e2;
    const a2 = e1 - e2;
    const a3 = e0 - e3;
    work[x] = (a0 + o3) >> 11;
    work[x + 8] = (a1 + o2) >> 11;
    work[x + 16] = (a2 + o1) >> 11;
    work[x + 24] = (a3 + o0) >> 11;
    work[x + 32] = (a3 - o0) >> 11;
    work[x + 40] = (a2 - o1) >> 11;
    work[x + 48] = (a1 - o2) >> 11;
    work[x + 56] = (a0 - o3) >> 11;
  }
  for (let y = 0, at = offset; y < 64; y += 8, at += stride) {
    const c0 = work[y] as number;
    const c1 = work[y + 1] as number;
    const c2 = work[y + 2] as number;
    const c3 = work[y + 3] as number;
    const c4 = work[y + 4] as number;
    const c5 = work[y + 5] as number;
    const c6 = work[y + 6] as number;
    const c7 = work[y + 7] as number;
    const m = Math.imul(c2 + c6, 4433);
    const e2 = m - Math.imul(c6, 15137);
    const e3 = m + Math.imul(c2, 6270);
    const e0 = ((c0 + c4) << 13) + rowRounding;
    const e1 = ((c0 - c4) << 13) + rowRounding;
    const z5 = Math.imul(c7 + c3 + c5 + c1, 9633);
    const z1 = Math.imul(c7 + c1, -7373);
    const z2 = Math.imul(c5 + c3, -20995);
    const z3 = Math.imul(c7 + c3, -16069) + z5;
    const z4 = Math.imul(c5 + c1, -3196) + z5;
    const o0 = Math.imul(c7, 2446) + z1 + z3;
    const o1 = Math.imul(c5, 16819) + z2 + z4;
    const o2 = Math.imul(c3, 25172) + z2 + z3;
    const o3 = Math.imul(c1, 12299) + z1 + z4;
    const a0 = e0 + e3;
    const a1 = e1 + e2;
    const a2 = e1 - e2;
    const a3 = e0 - e3;
    out[at] = shades[(a0 + o3) >> 18] as number;
    out[at + 1] = shades[(a1 + o2) >> 18] as number;
    out[at + 2] = shades[(a2 + o1) >> 18] as number;
    out[at + 3] = shades[(a3 + o0) >> 18] as number;
    out[at + 4] = shades[(a3 - o0) >> 18] as number;
    out[at + 5] = shades[(a2 - o1) >> 18] as number;
    out[at + 6] = shades[(a1 - o2) >> 18] as number;
    out[at + 7] = shades[(a0 - o3) >> 18] as number;
  }
}

// The rounding of the rows also adds the middle grey, and the index of zero in the table of shades.
const columnRounding = 1 << 10;
const rowRounding = (1 << 17) + ((128 + shadeZero) << 18);

/** Like {@link calmBlock}, for any coefficients. */
export function extremeBlock(block: Int32Array, out: Uint8Array, offset: number, stride: number): void {
  const lanes = new Int16Array(8);
  const sums = new Int32Array(8);
  const firstRowOnly = block.subarray(8).every((value) => value === 0);
  for (let x = 0; x < 8; x++) {
    for (let n = 0; n < 8; n++) lanes[n] = block[x + 8 * n] ?? 0;
    transformLanes(lanes, sums);
    for (let n = 0; n < 8; n++) {
      const value = ((sums[n] ?? 0) + columnRounding) >> 11;
      workspace[x + 8 * n] = firstRowOnly ? wrap(value) : Math.min(32767, Math.max(-32768, value));
    }
  }
  block.fill(0);
  for (let y = 0; y < 8; y++) {
    for (let n = 0; n < 8; n++) lanes[n] = workspace[8 * y + n] ?? 0;
    transformLanes(lanes, sums);
    for (let n = 0; n < 8; n++)
      out[offset + stride * y + n] = clamp((((sums[n] ?? 0) + (1 << 17)) >> 18) + 128);
  }
}

// Transforms one line. Sums of two inputs wrap to 16 bits. No other sum exceeds 32 bits.
function transformLanes(lanes: Int16Array, sums: Int32Array): void {
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0] = lanes;
  const e0 = wrap(c0 + c4) * 8192;
  const e1 = wrap(c0 - c4) * 8192;
  const e2 = c2 * 4433 - c6 * 10704;
  const e3 = c2 * 10703 + c6 * 4433;
  const evens = [e0 + e3, e1 + e2, e1 - e2, e0 - e3];
  const s3 = wrap(c7 + c3);
  const s4 = wrap(c5 + c1);
  const z3 = s4 * 9633 - s3 * 6436;
  const z4 = s3 * 9633 + s4 * 6437;
  const odds = [
    c1 * 4926 - c7 * 7373 + z4,
    c3 * 4177 - c5 * 20995 + z3,
    c5 * -4176 - c3 * 20995 + z4,
    c7 * -4927 - c1 * 7373 + z3,
  ];
  for (let n = 0; n < 4; n++) {
    sums[n] = (evens[n] ?? 0) + (odds[n] ?? 0);
    sums[7 - n] = (evens[n] ?? 0) - (odds[n] ?? 0);
  }
}

function wrap(value: number): number {
  return (value << 16) >> 16;
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value));
}
