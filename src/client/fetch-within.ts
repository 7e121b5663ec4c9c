import { CatmaidApiError } from "../errors.js";

/** A request to CATMAID. */
export interface ApiRequest {
  /** URL without credentials. */
  readonly url: string;
  /** Credentials, as headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Limit for the whole request, in ms. */
  readonly timeoutMs: number;
  /** Aborts the request. */
  readonly signal: AbortSignal | undefined;
}

const maxRedirects = 5;

/**
 * Makes a request and reads its answer. Credentials never leave the origin of the URL: with them, redirects within
 * it are followed by hand, and others are errors.
 */
export async function fetchWithin(
  fetch: typeof globalThis.fetch,
  request: ApiRequest,
): Promise<{ status: number; body: string }> {
  const { url, timeoutMs, signal } = request;
  const stop = new AbortController();
  const forward = () => stop.abort(signal?.reason);
  const late = new CatmaidApiError(`${url} did not answer within ${timeoutMs} ms`, { url, status: 0 });
  const timer = setTimeout(() => stop.abort(late), timeoutMs);
  signal?.addEventListener("abort", forward);
  try {
    const response = await follow(fetch, request, stop.signal);
    return { status: response.status, body: await response.text() };
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    if (error instanceof CatmaidApiError) throw error;
    throw new CatmaidApiError(
      `${url} could not be reached: ${reasonOf(error)}; check the address, and in a browser also the server's CORS headers`,
      { url, status: 0, cause: error },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", forward);
  }
}

async function follow(
  fetch: typeof globalThis.fetch,
  { url, headers }: ApiRequest,
  signal: AbortSignal,
): Promise<Response> {
  const withCredentials = Object.keys(headers).length > 0;
  const init = { headers: { Accept: "application/json", ...headers }, signal };
  if (!withCredentials) return fetch(url, init);
  let target = url;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const response = await fetch(target, { ...init, redirect: "manual" });
    const redirected =
      response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);
    if (!redirected || response.status === 304) return response;
    await response.body?.cancel();
    const location = response.headers.get("Location");
    const next = location === null ? undefined : new URL(location, target);
    if (next === undefined || next.origin !== new URL(url).origin) {
      const where = next === undefined ? "elsewhere" : `to ${next.origin}`;
      const message = `${url} redirects ${where}, and credentials are not taken there: give the final address as baseUrl`;
      throw new CatmaidApiError(message, { url, status: response.status });
    }
    if (next.pathname.endsWith("/accounts/login")) {
      const message = `${url} asks to log in: the credentials that were sent do not suffice`;
      throw new CatmaidApiError(message, { url, status: response.status });
    }
    next.username = "";
    next.password = "";
    target = next.href;
  }
  throw new CatmaidApiError(`${url} redirects more than ${maxRedirects} times`, { url, status: 0 });
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
