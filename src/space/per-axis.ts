/** Calls a function for each axis, and returns the three results. */
export function perAxis<T>(of: (axis: 0 | 1 | 2) => T): readonly [T, T, T] {
  return [of(0), of(1), of(2)];
}
