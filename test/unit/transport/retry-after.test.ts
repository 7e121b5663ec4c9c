import { expect, test } from "vitest";
import { retryAfterMs } from "../../../workers/transport/retry-after.js";

const now = Date.UTC(1994, 10, 6, 8, 49, 0);

test.each([
  ["0", 0],
  ["120", 120_000],
  [" 5 ", 5000],
  ["Sun, 06 Nov 1994 08:49:37 GMT", 37_000],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 37_000],
  ["Sun, 06 Nov 1994 08:48:00 GMT", 0],
  [undefined, undefined],
  ["", undefined],
  ["-1", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["Someday, we hope", undefined],
])("Retry-After %j is %j ms", (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
