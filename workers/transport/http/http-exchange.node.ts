import { thrownError } from "../../../src/errors.js";
import { type TransportAnswer, TransportFailure } from "../transport.js";
import { unencoded } from "./content-encoding.node.js";
import type { AnswerLimits, HttpAnswer } from "./http-answer.node.js";
import { HttpConnection } from "./http-connection.node.js";
import { type HttpRoute, httpRoute } from "./http-route.node.js";
import { networkProblem } from "./network-error.js";
import { userAgent } from "./user-agent.node.js";

/** The result of one request. */
export interface Exchange {
  /** The complete answer. */
  readonly answer: TransportAnswer;
  /** The address of a redirect. */
  readonly location: string | undefined;
}

/** Sends one request and reads its answer. Redirects are not followed. Rejects like a `Transport`. */
export async function exchange(
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: AnswerLimits,
  signal: AbortSignal,
): Promise<Exchange> {
  const route = httpRoute(url);
  const text = requestText(route, headers);
  signal.throwIfAborted();
  try {
    const answer =
      (await HttpConnection.waiting(route)?.ask(text, limits, signal)) ??
      (await (await connected(route, signal)).ask(text, limits, signal));
    if (answer === undefined) throw new Error("the connection was closed");
    return exchanged(answer, limits);
  } catch (error) {
    if (signal.aborted || error instanceof TransportFailure) throw error;
    throw new TransportFailure("network", `failed: ${networkProblem(thrownError(error))}${route.via}`);
  }
}

/** Opens a connection. After an abort, nobody waits for it. */
async function connected(route: HttpRoute, signal: AbortSignal): Promise<HttpConnection> {
  signal.throwIfAborted();
  const opening = HttpConnection.open(route);
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal.reason);
      opening.then((connection) => connection.close()).catch(() => {});
    };
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([opening, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Of headers with the same name, the last counts. */
function requestText(
  { target, headers: ofRoute }: HttpRoute,
  headers: Readonly<Record<string, string>>,
): string {
  const lines = new Map<string, string>();
  const all = { ...ofRoute, Connection: "keep-alive", Accept: "*/*", "User-Agent": userAgent };
  for (const [name, value] of [...Object.entries(all), ...Object.entries(headers)]) {
    // The value was checked where it was given. It is checked again, because a line break would start another header.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new Error(`the header ${name} cannot be sent`);
    lines.set(name.toLowerCase(), `${name}: ${value}\r\n`);
  }
  return `GET ${target} HTTP/1.1\r\n${[...lines.values()].join("")}\r\n`;
}

function exchanged(answer: HttpAnswer, limits: AnswerLimits): Exchange {
  const { status = 0, headers } = answer.head ?? {};
  const { bytes, unknown, release } = bodyOf(answer, limits);
  const type = headers?.get("content-type");
  return {
    answer: {
      status,
      body: bytes,
      contentType:
        unknown === undefined ? type : `${type ?? "no type"} with the unknown Content-Encoding ${unknown}`,
      retryAfter: headers?.get("retry-after"),
      contentRange: headers?.get("content-range"),
      ...(release && { release }),
    },
    location: redirects.has(status) ? headers?.get("location") : undefined,
  };
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

interface PlainBody {
  readonly bytes: Uint8Array;
  /** Encodings that could not be undone. */
  readonly unknown?: string;
  readonly release?: () => void;
}

const nothing: PlainBody = { bytes: new Uint8Array(0) };

/** The body with its encodings undone. For a refusal only the status matters, so problems with its body are ignored. */
function bodyOf({ isWhole, isRefusal, head, body }: HttpAnswer, limits: AnswerLimits): PlainBody {
  if (!isWhole || body === undefined) return nothing;
  const bytes = body.bytes();
  const encoding = head?.headers.get("content-encoding");
  if (encoding === undefined || bytes.length === 0) return { bytes, release: () => body.release() };
  try {
    const limit = isRefusal ? limits.maxRefusalBytes : limits.maxBodyBytes;
    const { body: plain, unknown } = unencoded(bytes, encoding, limit);
    return { bytes: plain, ...(unknown.length > 0 && { unknown: JSON.stringify(unknown.join(", ")) }) };
  } catch (error) {
    if (isRefusal) return nothing;
    throw error;
  }
}
