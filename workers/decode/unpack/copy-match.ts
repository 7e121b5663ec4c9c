/** Repeats `length` bytes from `distance` bytes before. The source may overlap the bytes that are written. */
export function copyMatch(target: Uint8Array, to: number, distance: number, length: number): void {
  const from = to - distance;
  // For fewer bytes, a loop is faster than a call.
  if (length < 48) {
    for (let i = 0; i < length; i++) target[to + i] = target[from + i] as number;
  } else if (distance === 1) {
    target.fill(target[from] as number, to, to + length);
  } else {
    // What was written repeats as well, so each step copies twice as much.
    let written = Math.min(distance, length);
    target.copyWithin(to, from, from + written);
    while (written < length) {
      const more = Math.min(written, length - written);
      target.copyWithin(to + written, to, to + more);
      written += more;
    }
  }
}
