import { shownUrl } from "../../workers/transport/shown-url.js";
import { onAbort } from "../concurrency/on-abort.js";
import { CatmaidApiError, thrownError } from "../errors.js";
import type { ApiReply, ApiTransport } from "./api-transport.js";

/** A request to CATMAID. */
export interface ApiRequest {
  /** URL without credentials. */
  readonly url: string;
  /** Gets the credentials, as headers. Its errors are passed on unchanged. */
  readonly makeHeaders: () => Promise<Readonly<Record<string, string>>>;
  /** Limit for the whole request, credentials and body included, in ms. */
  readonly timeoutMs: number;
  /** Aborts the request. */
  readonly signal: AbortSignal | undefined;
}

/** The answer to a request to CATMAID. */
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
 * Makes a request and reads its answer. Credentials never leave the origin of the URL: with credentials, redirects
 * within the origin are followed by hand, and redirects elsewhere are errors. Signal and time limit hold whatever the
 * functions of the caller do.
 */
export async function fetchWithin(transport: ApiTransport, request: ApiRequest): Promise<ApiResponse> {
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
    return await Promise.race([exchange(transport, url, headers, stop.signal), stopped]);
  } finally {
    clearTimeout(timer);
    unlink?.();
  }
}

async function exchange(
  transport: ApiTransport,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ApiResponse> {
  const shown = shownUrl(url);
  try {
    const { status, text } = await follow(transport, url, headers, signal);
    return { status, body: await text(), headers };
  } catch (error) {
    if (error instanceof CatmaidApiError) throw error;
    throw new CatmaidApiError(
      `${shown} could not be reached: ${reasonOf(error)}; check the address, and in a browser also CORS, connect-src, mixed content and local network permission`,
      { url: shown, status: 0, cause: error },
    );
  }
}

async function follow(
  transport: ApiTransport,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ApiReply> {
  const withCredentials = Object.keys(headers).length > 0;
  const shown = shownUrl(url);
  let target = url;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    signal.throwIfAborted();
    const all = { Accept: "application/json", ...headers };
    const reply = await transport({ url: target, headers: all, followsRedirects: !withCredentials, signal });
    if (!reply.isRedirect) return reply;
    await reply.cancel();
    const { location, status } = reply;
    const next = location === null ? undefined : new URL(location, target);
    const staysHere = next?.origin === new URL(url).origin;
    if (next === undefined || (withCredentials && !staysHere)) {
      const where = next === undefined ? "elsewhere" : `to ${next.origin}`;
      const message = `${shown} redirects ${where}, and credentials are not taken there: give the final address as baseUrl`;
      throw new CatmaidApiError(message, { url: shown, status });
    }
    if (withCredentials && next.pathname.endsWith("/accounts/login")) {
      const message = `${shown} asks to log in: the credentials that were sent do not suffice`;
      throw new CatmaidApiError(message, { url: shown, status });
    }
    next.username = "";
    next.password = "";
    target = next.href;
  }
  throw new CatmaidApiError(`${shown} redirects more than ${maxRedirects} times`, { url: shown, status: 0 });
}

/** The message of a failed fetch, with the cause that Node hides one level deeper. */
function reasonOf(error: unknown): string {
  const { message, cause } = thrownError(error);
  if (cause === undefined || cause === null) return message;
  const { code } = cause as { code?: unknown };
  const reason = thrownError(cause).message;
  return typeof code === "string" && !reason.includes(code) ? `${code} ${reason}`.trim() : reason;
}
