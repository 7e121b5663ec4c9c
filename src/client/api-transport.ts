import { shownUrl } from "../../workers/transport/shown-url.js";
import { CatmaidApiError } from "../errors.js";
import { jsonDecoder } from "./json-decoder.js";

/** Most bytes of an answer that are read, unpacked: 64 MiB. An endless one would fill the memory. */
export const maxAnswerBytes: number = 64 * 1024 * 1024;

/** One request to CATMAID. */
export interface ApiTransportRequest {
  /** Absolute URL without credentials. */
  readonly url: string;
  /** Request headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether redirects may be followed on the way, wherever they lead; a transport may leave them all to its caller. */
  readonly followsRedirects: boolean;
  /** Aborts it. */
  readonly signal: AbortSignal;
}

/** An answer of CATMAID. */
export interface ApiReply {
  /** HTTP status. */
  readonly status: number;
  /** Whether it sends elsewhere. */
  readonly isRedirect: boolean;
  /** Where a redirect leads, if the platform says so. */
  readonly location: string | null;
  /** The body, as text. Throws a `CatmaidApiError` for more than {@link maxAnswerBytes}. */
  readonly text: () => Promise<string>;
  /** Leaves the body. */
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

/** That an answer is longer than what is read of one. */
export function answerTooLarge(url: string, status: number): CatmaidApiError {
  const shown = shownUrl(url);
  return new CatmaidApiError(
    `${shown} answered with more than the ${maxAnswerBytes} bytes that are read: ask for less at a time, or check the address`,
    { url: shown, status },
  );
}

/** The body of JSON as text, but no more of it than {@link maxAnswerBytes}. */
async function textOf(response: Response, url: string, signal: AbortSignal): Promise<string> {
  const reader = response.body?.getReader?.();
  // No body, or one of a `fetch` whose answers are no streams of the web's kind (whatwg-fetch, node-fetch).
  if (reader === undefined) return response.text();
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
      throw answerTooLarge(url, response.status);
    }
    decoder ??= jsonDecoder(value);
    text += decoder.decode(value, { stream: true });
  }
}
