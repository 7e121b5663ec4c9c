/** Bit streams that are read from end to start, beginning below the highest 1 of their last byte. */

import { damagedData } from "../../damaged-data.js";

/** The position after the stream `[start, end)`, in bits from the beginning of the file. */
export function streamTop(view: DataView, start: number, end: number): number {
  const last = end > start ? view.getUint8(end - 1) : 0;
  if (last === 0) throw damagedData("a bit stream has no end");
  return (end - 1) * 8 + 31 - Math.clz32(last);
}

/** The bits `[at, at + count)`, at most 25. The file must have four bytes before them. */
export function bitsAt(view: DataView, at: number, count: number): number {
  const top = at + count - 1;
  const word = view.getInt32((top >> 3) - 3, true) << (7 - (top & 7));
  // Two shifts, because a shift by 32 does nothing in JavaScript.
  return (word >>> 1) >>> (31 - count);
}
