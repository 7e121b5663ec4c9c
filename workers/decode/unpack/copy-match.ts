/** Repeats `length` bytes from `distance` bytes before; the bytes may be among those that it writes. */
export function copyMatch(target: Uint8Array, to: number, distance: number, length: number): void {
  const from = to - distance;
  // A call costs as much as a few dozen bytes.
  if (length < 48) {
    for (let i = 0; i < length; i++) target[to + i] = target[from + i] as number;
  } else if (distance === 1) {
    target.fill(target[from] as number, to, to + length);
  } else {
    // Twice as much each time, as what was written repeats as well.
    let written = Math.min(distance, length);
    target.copyWithin(to, from, from + written);
    while (written < length) {
      const more = Math.min(written, length - written);
      target.copyWithin(to + written, to, to + more);
      written += more;
    }
  }
}
