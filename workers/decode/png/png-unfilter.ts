/** Undoes PNG's row filters, in plain TypeScript. */

import { DecodeFailure } from "../../../src/errors.js";

/**
 * Undoes the filters of `rows` rows. Each row of `source`, from `sourceStart` on, is a filter byte and `rowBytes`
 * bytes. `target` gets the rows without filter bytes, from its start. `pixelBytes` is the distance to the pixel on the
 * left, at least 1. `source` and `target` must not overlap. Throws a `DecodeFailure` for a filter that PNG does not
 * have.
 */
export function unfilter(
  source: Uint8Array,
  sourceStart: number,
  target: Uint8Array,
  rowBytes: number,
  rows: number,
  pixelBytes: number,
): void {
  paethTable ??= createPaethTable();
  let row = 0;
  while (row < rows) {
    const from = sourceStart + row * (rowBytes + 1);
    const to = row * rowBytes;
    const filter = source[from] as number;
    if (filter === 4 && row > 0 && pixelBytes === 1 && row + 1 < rows && source[from + rowBytes + 1] === 4) {
      unfilterPaethPair(paethTable, source, from + 1, target, to, rowBytes);
      row += 2;
      continue;
    }
    unfilterRow(
      paethTable,
      filter,
      source,
      from + 1,
      target,
      to,
      row === 0 ? 0 : rowBytes,
      rowBytes,
      pixelBytes,
    );
    row++;
  }
}

/** `up` is the distance to the row above. It is 0 if there is none; that row counts as zeros. */
function unfilterRow(
  table: Uint8Array,
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
      const corner = target[i - up - pixelBytes] as number;
      const step = table[paethIndex(left, above, corner)] as number;
      target[i] = (source[i + lag] as number) + corner + step;
    }
  } else {
    throw invalidFilter();
  }
}

/** The failure for a row with a filter that PNG does not have. */
export function invalidFilter(): DecodeFailure {
  return new DecodeFailure("corrupt-image", "the PNG is damaged: a row has a filter that does not exist");
}

/**
 * Undoes the filter of two Paeth rows of one-byte pixels in lock-step. Each pixel depends on the one on its left, so
 * one row is a chain, and the processor works on both chains at once.
 */
function unfilterPaethPair(
  table: Uint8Array,
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  rowBytes: number,
): void {
  const lowerFrom = from + rowBytes + 1;
  const lowerTo = to + rowBytes;
  const aboveTo = to - rowBytes;
  let corner = target[aboveTo] as number;
  let left = ((source[from] as number) + corner) & 255;
  let lowerLeft = ((source[lowerFrom] as number) + left) & 255;
  target[to] = left;
  target[lowerTo] = lowerLeft;
  for (let i = 1; i < rowBytes; i++) {
    const above = target[aboveTo + i] as number;
    const step = table[paethIndex(left, above, corner)] as number;
    const value = ((source[from + i] as number) + corner + step) & 255;
    const lowerStep = table[paethIndex(lowerLeft, value, left)] as number;
    lowerLeft = ((source[lowerFrom + i] as number) + left + lowerStep) & 255;
    target[to + i] = value;
    target[lowerTo + i] = lowerLeft;
    left = value;
    corner = above;
  }
}

/**
 * Paeth's predictor minus the corner, modulo 256, by the distances of above and left from the corner. A table is faster
 * than comparisons, whose results a processor cannot predict in noise.
 */
let paethTable: Uint8Array | undefined;

function createPaethTable(): Uint8Array {
  const table = new Uint8Array(512 * 512);
  for (let above = -255; above <= 255; above++) {
    for (let left = -255; left <= 255; left++) {
      const [toLeft, toAbove, toCorner] = [Math.abs(above), Math.abs(left), Math.abs(left + above)];
      const step = toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : 0;
      table[paethIndex(left, above, 0)] = step;
    }
  }
  return table;
}

/** The index into the table. `left` is added last, because it is known last. */
function paethIndex(left: number, above: number, corner: number): number {
  return ((above - corner + 255) << 9) + 255 - corner + left;
}
