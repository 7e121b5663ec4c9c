import type { TileErrorRecord } from "../errors.js";

/** How often and how patiently a failed block is asked for again. */
export interface RetryOptions {
  /**
   * Most attempts, including the first. Default: 5. `1` never retries. An answer of 429 or 503 within 5 s of a good
   * answer of the host does not count, up to 32 attempts.
   */
  readonly attempts?: number;
  /** Upper bound of the first delay, in ms; it doubles with each attempt. Default: 200. */
  readonly baseDelayMs?: number;
  /** Upper bound of every delay, including a delay that the server asks for, in ms. Default: 10 000. */
  readonly maxDelayMs?: number;
}

/**
 * Defaults. The delays between 5 attempts add up to at most 3 s: enough for a tile server to replace a worker process,
 * and short enough to notice a dead server. The 10-s cap is neuroglancer's.
 */
export const defaultRetry: Required<RetryOptions> = Object.freeze({
  attempts: 5,
  baseDelayMs: 200,
  maxDelayMs: 10_000,
});

/** Most attempts, including those that do not count: as many as neuroglancer and TensorStore make. */
export const mostAttempts = 32;

/**
 * Statuses after which a later attempt may succeed: time-outs, too early (RFC 8470), too many requests (RFC 6585), and
 * errors of the server or a gateway (RFC 9110).
 */
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

/** Whether the server said that it gets too many requests. */
export function isOverload(record: TileErrorRecord): boolean {
  return record.reason === "http" && (record.status === 429 || record.status === 503);
}

/**
 * How long to wait before the next attempt, in ms: the delay that the server asked for, plus an exponential delay with
 * full jitter (a uniform share of the bound, so that the clients of a recovering server do not return all at once). The
 * server's delay may be 0: `Retry-After: 0`, or a date that is past by a client's fast clock.
 *
 * @param failures - How many attempts failed in a row, or how often the host was overloaded in a row; at least 1.
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
