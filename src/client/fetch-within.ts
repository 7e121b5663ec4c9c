import { shownUrl } from "../../workers/transport/shown-url.js";
import { onAbort } from "../concurrency/on-abort.js";
import { CatmaidApiError } from "../errors.js";
import { jsonDecoder } from "./json-decoder.js";

/** Most bytes of an answer that are read, unpacked: 64 MiB. An endless one would fill the memory. */
export const maxAnswerBytes: number = 64 * 1024 * 1024;

/** A request to CATMAID. */
export interface ApiRequest {
  /** URL without credentials. */
  readonly url: string;
  /** Gets the credentials, as headers. What it throws comes through unchanged. */
  readonly makeHeaders: () => Promise<Readonly<Record<string, string>>>;
  /** Limit for the whole request, credentials and body included, in ms. */
  readonly timeoutMs: number;
  /** Aborts the request. */
  readonly signal: AbortSignal | undefined;
}

/** What came back. */
export interface ApiResponse {
  /** HTTP status. */
  readonly status: number;
  /** The body, as text. */
  readonly body: string;
  /** The credentials that were sent, as headers. */
  readonly headers: Readonly<Record<string, string>>;
}

const maxRedirects = 5;

/**
 * Makes a request and reads its answer. Credentials never leave the origin of the URL: with them, redirects within
 * it are followed by hand, and others are errors. Signal and time limit hold whatever the functions of the caller do.
 */
export async function fetchWithin(fetch: typeof globalThis.fetch, request: ApiRequest): Promise<ApiResponse> {
  const { url, makeHeaders, timeoutMs, signal } = request;
  signal?.throwIfAborted();
  const shown = shownUrl(url);
  const stop = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
  });
  let waitsFor = `the auth function did not give the credentials for ${shown}`;
  const timer = setTimeout(() => {
    stop.abort(new CatmaidApiError(`${waitsFor} within ${timeoutMs} ms`, { url: shown, status: 0 }));
  }, timeoutMs);
  const unlink = signal && onAbort(signal, () => stop.abort(signal.reason));
  try {
    const headers = await Promise.race([makeHeaders(), stopped]);
    stop.signal.throwIfAborted();
    waitsFor = `${shown} did not answer`;
    return await Promise.race([exchange(fetch, url, headers, stop.signal), stopped]);
  } finally {
    clearTimeout(timer);
    unlink?.();
  }
}

async function exchange(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ApiResponse> {
  const shown = shownUrl(url);
  try {
    const response = await follow(fetch, url, headers, signal);
    return { status: response.status, body: await textOf(response, shown, signal), headers };
  } catch (error) {
    if (error instanceof CatmaidApiError) throw error;
    throw new CatmaidApiError(
      `${shown} could not be reached: ${reasonOf(error)}; check the address, and in a browser also the server's CORS headers and the page's connect-src`,
      { url: shown, status: 0, cause: error },
    );
  }
}

/** The body of JSON as text, but no more of it than {@link maxAnswerBytes}. */
async function textOf(response: Response, url: string, signal: AbortSignal): Promise<string> {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  let decoder: TextDecoder | undefined;
  let text = "";
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + (decoder?.decode() ?? "");
    received += value.length;
    // A fetch function of the caller's may pay no heed to the signal.
    if (signal.aborted || received > maxAnswerBytes) {
      await reader.cancel();
      signal.throwIfAborted();
      throw new CatmaidApiError(
        `${url} answered with more than the ${maxAnswerBytes} bytes that are read: ask for less at a time, or check the address`,
        { url, status: response.status },
      );
    }
    decoder ??= jsonDecoder(value);
    text += decoder.decode(value, { stream: true });
  }
}

async function follow(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  const withCredentials = Object.keys(headers).length > 0;
  const init = { headers: { Accept: "application/json", ...headers }, signal };
  if (!withCredentials) return fetch(url, init);
  const shown = shownUrl(url);
  let target = url;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    signal.throwIfAborted();
    const response = await fetch(target, { ...init, redirect: "manual" });
    const redirected =
      response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);
    if (!redirected || response.status === 304) return response;
    await response.body?.cancel();
    const location = response.headers.get("Location");
    const next = location === null ? undefined : new URL(location, target);
    if (next === undefined || next.origin !== new URL(url).origin) {
      const where = next === undefined ? "elsewhere" : `to ${next.origin}`;
      const message = `${shown} redirects ${where}, and credentials are not taken there: give the final address as baseUrl`;
      throw new CatmaidApiError(message, { url: shown, status: response.status });
    }
    if (next.pathname.endsWith("/accounts/login")) {
      const message = `${shown} asks to log in: the credentials that were sent do not suffice`;
      throw new CatmaidApiError(message, { url: shown, status: response.status });
    }
    next.username = "";
    next.password = "";
    target = next.href;
  }
  throw new CatmaidApiError(`${shown} redirects more than ${maxRedirects} times`, { url: shown, status: 0 });
}

/** What a failed fetch says, with the cause that Node hides one level deeper. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  if (cause instanceof Error) {
    const { code } = cause as { code?: unknown };
    return typeof code === "string" && !cause.message.includes(code)
      ? `${code} ${cause.message}`.trim()
      : cause.message;
  }
  return error.message;
}
