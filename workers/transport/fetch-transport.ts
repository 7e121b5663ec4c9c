import { thrownError } from "../../src/errors.js";
import { rangeHeaders } from "./byte-range.js";
import {
  contentLength,
  drainMs,
  maxDrainedBytes,
  type Transport,
  TransportFailure,
  type TransportRequest,
  tooLarge,
  truncated,
} from "./transport.js";

/** The part of `fetch` that tiles need. A caller's own function may do more. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A transport on top of `fetch`, with the request mode of CATMAID's viewer, so that both share the browser's HTTP
 * cache. A redirect of a request with headers is refused, because `fetch` would send the headers along to any address.
 *
 * @param failure - What the message says if no answer comes; `fetch` gives no reason that a user would understand.
 */
export function createFetchTransport(fetchFunction: FetchFunction, failure: string): Transport {
  return async (request, signal) => {
    const response = await answerTo(request, signal, fetchFunction, failure);
    if (response.type === "opaqueredirect" || redirects.has(response.status)) {
      await response.body?.cancel?.();
      throw new TransportFailure(
        "redirect",
        "was redirected, which is not followed because the request carries credentials or headers; use the final URL",
      );
    }
    return {
      status: response.status,
      body: response.ok
        ? await readBody(response, request.maxBodyBytes, request.range !== undefined)
        : await drained(response),
      contentType: response.headers.get("content-type") ?? undefined,
      retryAfter: response.headers.get("retry-after") ?? undefined,
      contentRange: response.headers.get("content-range") ?? undefined,
    };
  };
}

async function answerTo(
  { url, headers, range }: TransportRequest,
  signal: AbortSignal,
  fetchFunction: FetchFunction,
  failure: string,
): Promise<Response> {
  const redirect = Object.keys(headers).length === 0 ? "follow" : "manual";
  try {
    const all = { ...headers, ...rangeHeaders(range) };
    return await fetchFunction(url, {
      headers: all,
      signal,
      redirect,
      mode: "cors",
      credentials: "same-origin",
    });
  } catch (cause) {
    throw new TransportFailure("network", `${failure} (${thrownError(cause).message})`);
  }
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The body of an unsuccessful answer, if it comes soon. Problems with it are ignored: only the status matters. */
async function drained(response: Response): Promise<Uint8Array> {
  const nothing = new Uint8Array(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const impatience = new Promise<Uint8Array>((resolve) => {
    timer = setTimeout(resolve, drainMs, nothing);
  });
  const body = readBody(response, maxDrainedBytes).catch(() => nothing);
  try {
    return await Promise.race([body, impatience]);
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(response: Response, limit: number, isPart = false): Promise<Uint8Array> {
  const announced = contentLength(response.headers.get("content-length"));
  if (announced !== undefined && announced > limit) {
    await response.body?.cancel?.();
    throw tooLarge(limit);
  }
  const reader = response.body?.getReader?.();
  // There is no body, or a `fetch` whose answers are not web streams (whatwg-fetch, node-fetch).
  if (reader === undefined) {
    const whole = new Uint8Array(await response.arrayBuffer());
    if (whole.length > limit) throw tooLarge(limit);
    return whole;
  }
  const body = await readStream(reader, limit, (received) => `broke off after ${received} bytes`);
  // Across origins, Content-Encoding is invisible and the length is that of the encoded body.
  const encodingKnown = response.type !== "cors" && response.headers.get("content-encoding") === null;
  if (encodingKnown && announced !== undefined && body.length < announced)
    throw truncated(body.length, announced);
  return isGzip(body) && !isPart ? unzipped(body, limit) : body;
}

async function readStream(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
  failure: (received: number) => string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new TransportFailure("network", `${failure(received)} (${thrownError(cause).message})`);
    });
    if (done) return joined(chunks, received);
    chunks.push(value);
    received += value.length;
    if (received > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
  }
}

/** Whether a body begins like gzip. No image does, but a part of a file may. */
function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** Undoes gzip that Chromium leaves: it does not decode if the list of encodings has an unknown one, or `identity`. */
function unzipped(body: Uint8Array, limit: number): Promise<Uint8Array> {
  const stream = new Response(body as BodyInit).body;
  if (stream === null || typeof DecompressionStream !== "function") return Promise.resolve(body);
  const plain = stream.pipeThrough(new DecompressionStream("gzip"));
  return readStream(plain.getReader(), limit, () => "has a damaged Content-Encoding");
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
