import { contentLength, TransportFailure } from "../transport.js";

/** The first lines of an answer, as HTTP/1 has them. */
export interface AnswerHead {
  /** HTTP status. */
  readonly status: number;
  /** Those that matter, by name in lower case. Of one that comes twice, the first counts, but where it is a list. */
  readonly headers: ReadonlyMap<string, string>;
  /** How the end of the body is known: by its length in bytes, by its chunks, or when the connection is closed. */
  readonly framing: number | "chunked" | "closed";
  /** Whether the connection can be used again. */
  readonly isKeptAlive: boolean;
}

const lists: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "transfer-encoding",
]);

// Nothing may stand in a line that would end it for some readers and not for others.
const wellFormed =
  /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?(?:\r\n[!#$%&'*+.^_`|~\w-]+:[\t\x20-\x7e\x80-\xff]*)*$/;

const known =
  /^(connection|content-(?:encoding|length|range|type)|location|retry-after|transfer-encoding):(.*)$/gim;

/**
 * Reads a head. It is strict where two readers could take different bytes for the end of the body: then what
 * follows would be taken for the next answer. Throws a {@link TransportFailure}.
 *
 * @param text - From the status line to the last header; in Latin-1, without the empty line.
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

/** Bytes that are no answer, or of which the end is not certain. */
export function noHttp(): TransportFailure {
  return new TransportFailure("network", "failed: what the server sent is not HTTP");
}
