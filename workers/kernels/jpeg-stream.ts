/**
 * Removes the stuffed bytes from entropy-coded data, and stores the data backwards. The next eight bytes can then be
 * loaded as one number whose highest byte is the first.
 */

/** Position of the next marker, or 0 if the data end before one. */
export let streamEnd: usize = 0;

/**
 * Stores the data from `from` up to the next marker backwards below `top`, the first byte highest.
 *
 * @returns The number of bytes. Also sets {@link streamEnd}.
 */
export function reverseSegment(from: usize, end: usize, top: usize): usize {
  const stuffing = i8x16.splat(-1);
  let at = from;
  let to = top;
  streamEnd = 0;
  while (at < end) {
    const bytes = v128.load(at);
    v128.store(to - 16, i8x16.shuffle(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    const found = i8x16.bitmask(i8x16.eq(bytes, stuffing));
    if (found === 0) {
      at += 16;
      to -= 16;
      continue;
    }
    const before = <usize>ctz(found);
    at += before;
    to -= before;
    if (at + 1 >= end) return 0;
    if (load<u8>(at, 1) !== 0) {
      streamEnd = at;
      return top - to;
    }
    to--;
    at += 2;
  }
  return 0;
}
