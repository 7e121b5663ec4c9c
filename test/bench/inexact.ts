import type { BenchCheck } from "./bench-case.js";

/** Says by how much pictures are off that need not be exact. */
export function inexact(found: readonly Uint8Array[], expected: readonly Uint8Array[]): BenchCheck {
  let pixels = 0;
  let different = 0;
  let most = 0;
  for (const [n, grey] of expected.entries()) {
    const other = found[n] ?? new Uint8Array(0);
    if (other.length !== grey.length) return { verdict: "differs", note: "in size" };
    pixels += grey.length;
    for (let i = 0; i < grey.length; i++) {
      const off = Math.abs((grey[i] as number) - (other[i] as number));
      if (off > 0) different++;
      if (off > most) most = off;
    }
  }
  const share = ((100 * different) / pixels).toFixed(1);
  return { verdict: "inexact", note: `${share} % of the pixels by up to ${most}` };
}
