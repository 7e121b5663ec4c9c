/** What is wrong with a deflate stream. */

import { damagedData } from "../damaged-data.js";

/** What the kernels' `inflate` and `inflateZlib` return, beginning with 0 for nothing. */
const kernelFailures: readonly string[] = [
  "",
  "its zlib header is invalid",
  "the deflate stream ends early",
  "it inflates to more bytes than it should",
  "it inflates to fewer bytes than it should",
  "the deflate stream has an invalid code",
  "its Adler-32 is wrong",
];

/** Throws where a kernel did not return 0. */
export function requireInflated(status: number): void {
  if (status !== 0) throw damagedData(kernelFailures[status] ?? "it cannot be inflated");
}
