import type { TileErrorRecord } from "../errors.js";

/** How often and how patiently a failed block is asked for again. */
export interface RetryOptions {
  /**
   * Attempts in all, the first one included. Default: 5. `1` never retries. Answers of 429 and 503 do not count within
   * 5 s of a good answer of the host, up to 32 attempts.
   */
  readonly attempts?: number;
  /** Upper bound of the first delay, in ms; it doubles with each attempt. Default: 200. */
  readonly baseDelayMs?: number;
  /** Upper bound of every delay, one that the server asked for included, in ms. Default: 10 000. */
  readonly maxDelayMs?: number;
}

/**
 * Defaults. An attempt is made up to 5 times within about 3 s: enough for a worker process of the tile server to be
 * replaced, short enough for a dead server to be noticed. The 10-s cap is neuroglancer's.
 */
export const defaultRetry: Required<RetryOptions> = Object.freeze({
  attempts: 5,
  baseDelayMs: 200,
  maxDelayMs: 10_000,
});

/** As many as neuroglancer and TensorStore make: what bounds the attempts that do not count. */
export const mostAttempts = 32;

/** Statuses that a later attempt may turn into a success: RFC 9110's time-out, early, throttled and gateway answers. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether another attempt could succeed. */
export function isRetryable(record: TileErrorRecord): boolean {
  switch (record.reason) {
    case "http":
      return passingStatuses.has(record.status);
    case "network":
    case "timeout":
    case "not-an-image":
    case "corrupt-image":
    case "wrong-size":
      return true;
    default:
      return false;
  }
}

/** Whether the server said that it is asked too much. */
export function isOverload(record: TileErrorRecord): boolean {
  return record.reason === "http" && (record.status === 429 || record.status === 503);
}

/**
 * How long to wait before the next attempt, in ms: exponential with full jitter (a uniform share of the bound, so that
 * the clients of a server that recovers do not come back all at once), on top of what the server asked for, which may
 * be nothing (`Retry-After: 0`, or a date that a client whose clock is fast takes for past).
 *
 * @param failures - How many attempts have failed so far, at least 1.
 * @param random - A number in [0, 1).
 */
export function retryDelayMs(
  failures: number,
  retryAfterMs: number | undefined,
  options: Required<RetryOptions>,
  random: number,
): number {
  const backoff = random * Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** (failures - 1));
  return Math.min(options.maxDelayMs, (retryAfterMs ?? 0) + backoff);
}
