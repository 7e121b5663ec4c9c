import { platformTransport } from "#platform-transport";
import { type TileErrorReason, type TileErrorRecord, thrownError } from "../../src/errors.js";
import { busyMs } from "../busy-time.js";
import type { BlockJob } from "../protocol.js";
import { partOf } from "./byte-range.js";
import { nounOf } from "./job-noun.js";
import { retryAfterMs } from "./retry-after.js";
import { shownUrl } from "./shown-url.js";
import { type Transport, TransportFailure } from "./transport.js";

/** The part of a job that concerns the network. */
export type BodyRequest = Pick<
  BlockJob,
  "url" | "range" | "headers" | "codec" | "timeoutMs" | "missingStatuses" | "maxBodyBytes"
>;

/** The outcome of a request. It is never an exception. */
export type FetchOutcome =
  | {
      readonly kind: "body";
      readonly body: Uint8Array;
      readonly contentType: string | undefined;
      /** Returns the memory of the body for reuse. Call it when done with the body. */
      readonly release?: () => void;
    }
  | { readonly kind: "missing"; readonly status: number; readonly bodyBytes: number }
  | { readonly kind: "error"; readonly error: TileErrorRecord };

/** Timers count in 32 bits; a longer limit would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Fetches the bytes of a file within a time limit, which covers the body. After an abort the outcome is meaningless.
 *
 * @param controller - The job's own. It aborts with the job's caller, and here when nothing is left to wait for.
 */
export async function fetchFile(
  request: BodyRequest,
  controller: AbortController,
  transport: Transport = platformTransport,
): Promise<FetchOutcome> {
  // The job may be aborted between being sent here and being begun. Then no request is made.
  if (controller.signal.aborted) return failed(request, "network", "is not wanted any more");
  let timedOut = false;
  const limit = new RequestTimer(request.timeoutMs, () => {
    timedOut = true;
    controller.abort();
  });
  try {
    const { url, headers } = withoutUser(request);
    const { range, maxBodyBytes } = request;
    const answer = await transport({ url, headers, range, maxBodyBytes }, controller.signal);
    const { status, contentType } = answer;
    if (request.missingStatuses.includes(status))
      return { kind: "missing", status, bodyBytes: answer.body.length };
    if (status >= 200 && status < 300) {
      const body = range === undefined ? answer.body : partOf(answer, range);
      return { kind: "body", body, contentType, ...(answer.release && { release: answer.release }) };
    }
    controller.abort(); // Stops the rest of the body.
    return refused(request, status, retryAfterMs(answer.retryAfter, Date.now()));
  } catch (cause) {
    if (timedOut) return failed(request, "timeout", `was not there within ${request.timeoutMs} ms`);
    if (cause instanceof TransportFailure) return failed(request, cause.reason, cause.message);
    return failed(request, "network", `failed: ${thrownError(cause).message}`);
  } finally {
    limit.clear();
  }
}

/** A time limit that does not count the time that the thread spent decoding other tiles. */
class RequestTimer {
  readonly #expired: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limitMs: number, expired: () => void) {
    this.#expired = expired;
    this.#arm(Math.min(limitMs, longestTimerMs));
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    const busyBefore = busyMs();
    this.#timer = setTimeout(() => {
      const busy = busyMs() - busyBefore;
      if (busy >= 1) this.#arm(busy);
      else this.#expired();
    }, ms);
  }
}

function failed({ url, codec }: BodyRequest, reason: TileErrorReason, what: string): FetchOutcome {
  const shown = shownUrl(url);
  const message = `${nounOf(codec)} ${shown} ${what}`;
  return { kind: "error", error: { reason, message, url: shown, status: 0 } };
}

const hints: Readonly<Record<number, string>> = {
  401: "; check the credentials of this mirror (auth)",
  403: "; check the credentials of this mirror (auth), or the headers that it wants (headers)",
  416: ": the file ends before the part that was asked for",
  407: "; check the user and the password in the address of the proxy",
};

function refused({ url, codec }: BodyRequest, status: number, retryAfter: number | undefined): FetchOutcome {
  const shown = shownUrl(url);
  const hint = hints[status] ?? "";
  const message = `${nounOf(codec)} ${shown} was answered with HTTP status ${status}${hint}`;
  const wait = retryAfter === undefined ? {} : { retryAfterMs: retryAfter };
  return { kind: "error", error: { reason: "http", message, url: shown, status, ...wait } };
}

/** `fetch` refuses `https://user:password@host/`. Returns the URL without user and password, and a header instead. */
function withoutUser({ url, headers }: BodyRequest): Pick<BodyRequest, "url" | "headers"> {
  const match = /^(https?:\/\/)([^/?#]*)@(.*)$/is.exec(url);
  if (match === null) return { url, headers };
  const [, scheme = "", userInfo = "", rest = ""] = match;
  const bare = scheme + rest;
  if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization"))
    return { url: bare, headers };
  const bytes = new TextEncoder().encode(decodeURIComponent(userInfo));
  return {
    url: bare,
    headers: { ...headers, Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` },
  };
}
