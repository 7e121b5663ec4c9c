import { contentLength, TransportFailure } from "../transport.js";

/** The head of an HTTP/1 answer. */
export interface AnswerHead {
  /** HTTP status. */
  readonly status: number;
  /** The headers that matter, by name in lower case. If one comes twice, the first counts, except for lists. */
  readonly headers: ReadonlyMap<string, string>;
  /** What marks the end of the body: its length in bytes, its chunks, or the end of the connection. */
  readonly framing: number | "chunked" | "closed";
  /** Whether the connection can be reused. */
  readonly isKeptAlive: boolean;
}

const lists: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "transfer-encoding",
]);

// Refuses lines with characters that end a line for some readers and not for others.
const wellFormed =
  /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?(?:\r\n[!#$%&'*+.^_`|~\w-]+:[\t\x20-\x7e\x80-\xff]*)*$/;

const known =
  /^(connection|content-(?:encoding|length|range|type)|location|retry-after|transfer-encoding):(.*)$/gim;

/**
 * Reads a head. It is strict where two readers could disagree about the end of the body, because bytes after it would
 * count as the next answer. Throws a {@link TransportFailure}.
 *
 * @param text - From the status line to the last header, in Latin-1, without the empty line.
 */
export function readHead(text: string): AnswerHead {
  const [, minor, digits] = wellFormed.exec(text) ?? [];
  if (digits === undefined) throw noHttp();
  const headers = new Map<string, string>();
  for (const [, asWritten = "", padded = ""] of text.matchAll(known)) {
    const name = asWritten.toLowerCase();
    const value = padded.trim();
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else if (lists.has(name)) headers.set(name, `${before}, ${value}`);
  }
  const status = Number(digits);
  const framing = framingOf(status, headers);
  const isKeptAlive =
    minor === "1" && framing !== "closed" && !/\bclose\b/i.test(headers.get("connection") ?? "");
  return { status, headers, framing, isKeptAlive };
}

function framingOf(status: number, headers: AnswerHead["headers"]): AnswerHead["framing"] {
  if (status < 200 || status === 204 || status === 304) return 0;
  const [encoding, length] = [headers.get("transfer-encoding"), headers.get("content-length")];
  if (encoding !== undefined) {
    if (encoding.toLowerCase() === "chunked" && length === undefined) return "chunked";
    throw noHttp();
  }
  if (length === undefined) return "closed";
  const bytes = contentLength(length);
  if (bytes === undefined) throw noHttp();
  return bytes;
}

/** The failure for bytes that are no answer, or whose end is not certain. */
export function noHttp(): TransportFailure {
  return new TransportFailure("network", "failed: what the server sent is not HTTP");
}
