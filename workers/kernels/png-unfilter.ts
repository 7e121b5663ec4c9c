/**
 * Undoes PNG's row filters for sixteen rows at once. Lane j is row j, one byte behind lane j − 1, so that the byte
 * above is the one that the previous lane has just made. At step t, lane j handles byte t − j of its row.
 */

import { transpose16 } from "./png-transpose";

// Vectors of 16 steps. `turned` has the input, and later the output by rows. `made` has the results of the steps,
// `above` the bytes above. The latter two continue for 8 vectors before their start, with those of the previous steps.
const turned: usize = memory.data(16 * 16, 16);
const madeFrom: usize = memory.data(24 * 16, 16);
const aboveFrom: usize = memory.data(24 * 16, 16);
const made: usize = madeFrom + 8 * 16;
const above: usize = aboveFrom + 8 * 16;

const filters: usize = memory.data(16, 16);
/** 16 zeros, 16 ones, 16 zeros. */
const edges: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/**
 * Undoes the filters of `rows` rows, each a filter byte and `rowBytes` bytes. `target` gets the rows without filter
 * bytes. Before it, `rowBytes` + 16 bytes are overwritten with zeros. Reads up to 16 rows after the source. False if a
 * filter does not exist.
 */
export function unfilter(
  source: usize,
  target: usize,
  rowBytes: usize,
  rows: usize,
  pixelBytes: usize,
): bool {
  memory.fill(target - rowBytes - 16, 0, rowBytes + 16);
  for (let row: usize = 0; row < rows; row += 16) {
    const from = source + row * (rowBytes + 1);
    const to = target + row * rowBytes;
    const group = min<u32>(16, <u32>(rows - row));
    let paethOnly = true;
    v128.store(filters, i8x16.splat(0));
    for (let j: usize = 0; j < group; j++) {
      const filter = load<u8>(from + j * (rowBytes + 1));
      if (filter > 4) return false;
      if (filter !== 4) paethOnly = false;
      store<u8>(filters + j, filter);
    }
    unfilterGroup(from + 1, to, rowBytes, group, pixelBytes, paethOnly && pixelBytes === 1);
  }
  return true;
}

function unfilterGroup(
  from: usize,
  to: usize,
  rowBytes: usize,
  group: usize,
  pixelBytes: usize,
  fast: bool,
): void {
  memory.fill(madeFrom, 0, 8 * 16);
  memory.fill(aboveFrom, 0, 8 * 16);
  const rowAbove = to - rowBytes;
  for (let t: usize = 0; t < rowBytes + 15; t += 16) {
    // Row j begins j * (rowBytes + 1) later in the source, and its lane is j bytes behind.
    transpose16(from + t, rowBytes, turned, 16);
    if (fast && t > 0) {
      stepsOfPaeth(rowAbove + t);
    } else {
      steps(rowAbove + t, pixelBytes, t === 0);
      keepLast(made, pixelBytes);
      keepLast(above, pixelBytes);
    }
    if (t > 0 && t + 16 <= rowBytes && group === 16) {
      transpose16(made, 16, to + t, rowBytes - 1);
    } else {
      transpose16(made, 16, turned, 16);
      for (let j: usize = 0; j < group; j++) storeWithin(to + j * rowBytes, rowBytes, t, j);
    }
  }
}

/** Copies the last vectors before the first, where the next steps look for them. */
function keepLast(vectors: usize, count: usize): void {
  for (let at = vectors - count * 16; at < vectors; at += 16) v128.store(at, v128.load(at, 256));
}

/** Stores 16 bytes of row j from t − j on, as far as they lie within the row. */
function storeWithin(row: usize, rowBytes: usize, t: usize, j: usize): void {
  const before = t < j ? j - t : 0;
  const after = t >= rowBytes + j ? 0 : min<u32>(16, <u32>(rowBytes + j - t));
  const mask = v128.and(v128.load(edges + 16 - before), v128.load(edges + 32 - after));
  const at = row + t - j;
  v128.store(at, v128.bitselect(v128.load(turned + j * 16), v128.load(at), mask));
}

/** The bytes above: lane 0 takes it from the row above the group, the other lanes from the lanes before them. */
function bytesAbove(at: usize, last: v128): v128 {
  return i8x16.shuffle(
    v128.load(at - 15),
    last,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    29,
    30,
  );
}

/**
 * The Paeth predictor. `x` is the distance of the corner from the smaller of left and above, `y` its distance to the
 * larger. The result is the larger if that is nearest to left + above − corner, otherwise the smaller, otherwise the
 * corner.
 */
function paeth(left: v128, top: v128, corner: v128): v128 {
  const x = i8x16.sub_sat_u(corner, i8x16.min_u(left, top));
  const y = i8x16.sub_sat_u(i8x16.max_u(left, top), corner);
  const up = v128.and(y, i8x16.le_u(x, i8x16.sub_sat_u(y, x)));
  const down = v128.and(x, i8x16.le_u(y, i8x16.sub_sat_u(x, y)));
  return i8x16.sub(i8x16.add(corner, up), down);
}

/** Does sixteen steps of rows that all have Paeth's filter and pixels of one byte. */
function stepsOfPaeth(rowAbove: usize): void {
  let left = v128.load(made - 16);
  let corner = v128.load(above - 16);
  for (let i: usize = 0; i < 16; i++) {
    const top = bytesAbove(rowAbove + i, left);
    left = i8x16.add(v128.load(turned + i * 16), paeth(left, top, corner));
    v128.store(made + i * 16, left);
    corner = top;
  }
  v128.store(made - 16, left);
  v128.store(above - 16, corner);
}

/** Does sixteen steps of any filters. In the first steps, lanes that have not reached their row yet stay 0. */
function steps(rowAbove: usize, pixelBytes: usize, first: bool): void {
  const filter = v128.load(filters);
  const isLeft = i8x16.eq(filter, i8x16.splat(1));
  const isTop = i8x16.eq(filter, i8x16.splat(2));
  const isMean = i8x16.eq(filter, i8x16.splat(3));
  const isPaeth = i8x16.eq(filter, i8x16.splat(4));
  for (let i: usize = 0; i < 16; i++) {
    const at = i * 16;
    const left = v128.load(made + at - pixelBytes * 16);
    const corner = v128.load(above + at - pixelBytes * 16);
    const top = bytesAbove(rowAbove + i, v128.load(made + at - 16));
    v128.store(above + at, top);
    // The mean of the SIMD instruction is rounded up.
    const odd = v128.and(v128.xor(left, top), i8x16.splat(1));
    const mean = i8x16.sub(i8x16.avgr_u(left, top), odd);
    const predicted = v128.or(
      v128.or(v128.and(left, isLeft), v128.and(top, isTop)),
      v128.or(v128.and(mean, isMean), v128.and(paeth(left, top, corner), isPaeth)),
    );
    const value = i8x16.add(v128.load(turned + at), predicted);
    v128.store(made + at, v128.and(value, v128.load(edges + (first ? 31 - i : 16))));
  }
}
