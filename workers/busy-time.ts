let total = 0;

/** How long this thread has been decoding so far, in ms: time in which nothing that arrived could be noticed. */
export function busyMs(): number {
  return total;
}

/** Runs something that keeps the thread busy. */
export function whileBusy<T>(work: () => T): T {
  const begun = performance.now();
  try {
    return work();
  } finally {
    total += performance.now() - begun;
  }
}
