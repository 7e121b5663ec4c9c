import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TileErrorReason, TileErrorRecord } from "../../../src/errors.js";
import { defaultRetry, isOverload, isRetryable, retryDelayMs } from "../../../src/schedule/retry.js";

const record = (reason: TileErrorReason, status = 0): TileErrorRecord => ({
  reason,
  message: "",
  url: "",
  status,
});

describe("isRetryable", () => {
  test.each([408, 425, 429, 500, 502, 503, 504])("HTTP %i may pass", (status) => {
    expect(isRetryable(record("http", status))).toBe(true);
  });

  test.each([400, 401, 402, 403, 405, 406, 411, 413, 414, 418, 451, 501, 505, 507, 511])(
    "HTTP %i stays",
    (status) => {
      expect(isRetryable(record("http", status))).toBe(false);
    },
  );

  test.each<[TileErrorReason, boolean]>([
    ["network", true],
    ["timeout", true],
    ["not-an-image", true],
    ["corrupt-image", true],
    ["wrong-size", true],
    ["unsupported-image", false],
    ["too-large", false],
    ["redirect", false],
    ["missing", false],
  ])("%s: %s", (reason, retryable) => {
    expect(isRetryable(record(reason, 200))).toBe(retryable);
  });
});

describe("isOverload", () => {
  test("429 and 503 are, other failures are not", () => {
    const overloaded = [400, 408, 429, 500, 502, 503, 504].filter((status) =>
      isOverload(record("http", status)),
    );
    expect(overloaded).toEqual([429, 503]);
    expect(isOverload(record("network", 503))).toBe(false);
    expect(isOverload(record("timeout"))).toBe(false);
  });
});

describe("retryDelayMs", () => {
  test("doubles its bound with each failure, up to the longest delay", () => {
    const options = { attempts: 9, baseDelayMs: 200, maxDelayMs: 1500 };
    const bounds = [1, 2, 3, 4, 5, 60, 2000].map((failures) => retryDelayMs(failures, undefined, options, 1));
    expect(bounds).toEqual([200, 400, 800, 1500, 1500, 1500, 1500]);
  });

  test("is a uniform share of the bound, none included", () => {
    expect([0, 0.25, 0.5].map((random) => retryDelayMs(2, undefined, defaultRetry, random))).toEqual([
      0, 100, 200,
    ]);
  });

  test("is at least what the server asked for, but no more than the longest delay", () => {
    expect(retryDelayMs(1, 7000, defaultRetry, 0)).toBe(7000);
    expect(retryDelayMs(1, 7000, defaultRetry, 0.5)).toBe(7100);
    expect(retryDelayMs(4, 0, defaultRetry, 0.5)).toBe(800);
    expect(retryDelayMs(1, 3_600_000, defaultRetry, 0.5)).toBe(10_000);
  });

  test("property: never negative, never more than the longest delay", () => {
    const options = fc.record({
      attempts: fc.constant(5),
      baseDelayMs: fc.nat(2 ** 31),
      maxDelayMs: fc.nat(2 ** 31),
    });
    const delay = fc.tuple(
      fc.integer({ min: 1, max: 100 }),
      fc.option(fc.nat(), { nil: undefined }),
      options,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    );
    fc.assert(
      fc.property(delay, ([failures, asked, retry, random]) => {
        const ms = retryDelayMs(failures, asked, retry, random);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(retry.maxDelayMs);
      }),
    );
  });
});
