/** Undoes PNG's row filters, in plain TypeScript. */

import { DecodeFailure } from "../src/errors.js";

/**
 * Undoes the filters of `rows` rows. Each row of `source`, from `sourceStart`, is a filter byte and `rowBytes` bytes;
 * `target` gets the rows without filter bytes, from its start. `pixelBytes` is the distance to the pixel on the left,
 * at least 1. The two must not overlap. Throws a `DecodeFailure` on a filter that PNG does not have.
 */
export function unfilter(
  source: Uint8Array,
  sourceStart: number,
  target: Uint8Array,
  rowBytes: number,
  rows: number,
  pixelBytes: number,
): void {
  let row = 0;
  while (row < rows) {
    const from = sourceStart + row * (rowBytes + 1);
    const to = row * rowBytes;
    const filter = source[from] as number;
    if (filter === 4 && row > 0 && pixelBytes === 1 && row + 1 < rows && source[from + rowBytes + 1] === 4) {
      unfilterPaethPair(source, from + 1, target, to, rowBytes);
      row += 2;
      continue;
    }
    unfilterRow(filter, source, from + 1, target, to, row === 0 ? 0 : rowBytes, rowBytes, pixelBytes);
    row++;
  }
}

/** `up` is the distance to the row above, or 0 where there is none, which counts as a row of zeros. */
function unfilterRow(
  filter: number,
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  up: number,
  rowBytes: number,
  pixelBytes: number,
): void {
  const end = to + rowBytes;
  const first = Math.min(to + pixelBytes, end);
  const lag = from - to;
  let i = to;
  if (filter === 0 || (filter === 2 && up === 0)) {
    target.set(source.subarray(from, from + rowBytes), to);
  } else if (filter === 1 || (filter === 4 && up === 0)) {
    for (; i < first; i++) target[i] = source[i + lag] as number;
    for (; i < end; i++) target[i] = (source[i + lag] as number) + (target[i - pixelBytes] as number);
  } else if (filter === 2) {
    for (; i < end; i++) target[i] = (source[i + lag] as number) + (target[i - up] as number);
  } else if (filter === 3 && up === 0) {
    for (; i < first; i++) target[i] = source[i + lag] as number;
    for (; i < end; i++) target[i] = (source[i + lag] as number) + ((target[i - pixelBytes] as number) >> 1);
  } else if (filter === 3) {
    for (; i < first; i++) target[i] = (source[i + lag] as number) + ((target[i - up] as number) >> 1);
    for (; i < end; i++) {
      const sum = (target[i - pixelBytes] as number) + (target[i - up] as number);
      target[i] = (source[i + lag] as number) + (sum >> 1);
    }
  } else if (filter === 4) {
    for (; i < first; i++) target[i] = (source[i + lag] as number) + (target[i - up] as number);
    for (; i < end; i++) {
      const left = target[i - pixelBytes] as number;
      const above = target[i - up] as number;
      target[i] = (source[i + lag] as number) + paeth(left, above, target[i - up - pixelBytes] as number);
    }
  } else {
    throw invalidFilter();
  }
}

/** The failure of a row with a filter that PNG does not have. */
export function invalidFilter(): DecodeFailure {
  return new DecodeFailure("corrupt-image", "the PNG is damaged: a row has a filter that does not exist");
}

/**
 * Two Paeth rows of one-byte pixels in lock-step, the second one pixel behind: each pixel waits for the one on its
 * left, and the processor does both chains at once.
 */
function unfilterPaethPair(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  rowBytes: number,
): void {
  const upper = from;
  const lower = from + rowBytes + 1;
  let aboveLeft = target[to - rowBytes] as number;
  let left = ((source[upper] as number) + aboveLeft) & 255;
  target[to] = left;
  let lowerLeft = (source[lower] as number) + left;
  lowerLeft &= 255;
  target[to + rowBytes] = lowerLeft;
  for (let i = 1; i < rowBytes; i++) {
    const above = target[to - rowBytes + i] as number;
    const value = ((source[upper + i] as number) + paeth(left, above, aboveLeft)) & 255;
    target[to + i] = value;
    lowerLeft = ((source[lower + i] as number) + paeth(lowerLeft, value, left)) & 255;
    target[to + rowBytes + i] = lowerLeft;
    left = value;
    aboveLeft = above;
  }
}

/**
 * PNG's Paeth predictor without branches, which noise would mispredict. With `low` and `high` the smaller and the
 * larger of left and above: `high` where it is nearest to left + above − corner, then `low`, then the corner.
 */
function paeth(left: number, above: number, corner: number): number {
  const difference = left - above;
  const negative = difference & (difference >> 31);
  const low = above + negative;
  const high = left - negative;
  let below = corner - low;
  let beyond = high - corner;
  below &= ~(below >> 31);
  beyond &= ~(beyond >> 31);
  return corner + (beyond & ~((beyond - 2 * below) >> 31)) - (below & ~((below - 2 * beyond) >> 31));
}
