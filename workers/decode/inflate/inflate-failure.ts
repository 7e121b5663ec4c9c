/** The failures of inflating. */

import { damagedData } from "../damaged-data.js";

/** What the numbers mean that the kernels' `inflate` and `inflateZlib` return. 0 means success. */
const kernelFailures: readonly string[] = [
  "",
  "its zlib header is invalid",
  "the deflate stream ends early",
  "it inflates to more bytes than it should",
  "it inflates to fewer bytes than it should",
  "the deflate stream has an invalid code",
  "its Adler-32 is wrong",
];

/** Throws a failure unless the kernel returned 0. */
export function requireInflated(status: number): void {
  if (status !== 0) throw damagedData(kernelFailures[status] ?? "it cannot be inflated");
}
