import { shownUrl } from "../../workers/transport/shown-url.js";
import { CatmaidApiError } from "../errors.js";
import { jsonDecoder } from "./json-decoder.js";

/** Most bytes of an answer that are read, after decompression: 64 MiB. An endless one would fill the memory. */
export const maxAnswerBytes: number = 64 * 1024 * 1024;

/** One request to CATMAID. */
export interface ApiTransportRequest {
  /** Absolute URL without credentials. */
  readonly url: string;
  /** Request headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the transport may follow redirects, wherever they lead. It may also leave them all to its caller. */
  readonly followsRedirects: boolean;
  /** Aborts the request. */
  readonly signal: AbortSignal;
}

/** An answer of CATMAID. */
export interface ApiReply {
  /** HTTP status. */
  readonly status: number;
  /** Whether the answer is a redirect. */
  readonly isRedirect: boolean;
  /** Where a redirect leads, if the platform says so. */
  readonly location: string | null;
  /** The body, as text. Throws a `CatmaidApiError` for more than {@link maxAnswerBytes}. */
  readonly text: () => Promise<string>;
  /** Discards the body. */
  readonly cancel: () => Promise<void>;
}

/** Makes a request in the platform's way. */
export type ApiTransport = (request: ApiTransportRequest) => Promise<ApiReply>;

/** A transport on top of a `fetch`. */
export function createApiTransport(fetch: typeof globalThis.fetch): ApiTransport {
  return async ({ url, headers, followsRedirects, signal }) => {
    const response = await fetch(url, { headers, signal, ...(!followsRedirects && { redirect: "manual" }) });
    return {
      status: response.status,
      isRedirect: response.type === "opaqueredirect" || isRedirect(response.status),
      location: response.headers.get("Location"),
      text: () => textOf(response, url, signal),
      cancel: async () => response.body?.cancel?.(),
    };
  };
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** The error for an answer longer than {@link maxAnswerBytes}. */
export function answerTooLarge(url: string, status: number): CatmaidApiError {
  const shown = shownUrl(url);
  return new CatmaidApiError(
    `${shown} answered with more than the ${maxAnswerBytes} bytes that are read: ask for less at a time, or check the address`,
    { url: shown, status },
  );
}

/** Reads a body of JSON as text. Throws if there is more of it than {@link maxAnswerBytes}. */
async function textOf(response: Response, url: string, signal: AbortSignal): Promise<string> {
  const reader = response.body?.getReader?.();
  // There is no body, or the answers of this `fetch` are no web streams (whatwg-fetch, node-fetch).
  if (reader === undefined) return response.text();
  let decoder: TextDecoder | undefined;
  let text = "";
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + (decoder?.decode() ?? "");
    received += value.length;
    // The caller's fetch function may ignore the signal.
    if (signal.aborted || received > maxAnswerBytes) {
      await reader.cancel();
      signal.throwIfAborted();
      throw answerTooLarge(url, response.status);
    }
    decoder ??= jsonDecoder(value);
    text += decoder.decode(value, { stream: true });
  }
}
