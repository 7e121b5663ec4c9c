let total = 0;

/** How long this thread has been decoding so far, in ms. During that time it could not notice that something arrived. */
export function busyMs(): number {
  return total;
}

/** Runs work that keeps the thread busy, and counts its time. */
export function whileBusy<T>(work: () => T): T {
  const begun = performance.now();
  try {
    return work();
  } finally {
    total += performance.now() - begun;
  }
}
