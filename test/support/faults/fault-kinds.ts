import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { buildPng, withRightChecksums } from "../images/build-png.js";
import { encodeGreyPng } from "../images/encode-grey-png.js";
import type { Misbehaviour } from "../model/model-server.js";

/** Something that a server does wrong with a tile. */
export interface Fault {
  readonly name: string;
  readonly act: Misbehaviour;
  /** The error if the tile cannot be fetched because of this fault. */
  readonly error: { readonly code: string; readonly reason: string; readonly status?: number };
  /** Whether the fetcher tries again, because another attempt could succeed. */
  readonly isRetried: boolean;
  /** Whether only the time limit reveals the fault. */
  readonly stalls?: true;
}

const network = { code: "tile-fetch", reason: "network", status: 0 };
const http = (status: number) => ({ code: "tile-fetch", reason: "http", status });
const decode = (reason: string) => ({ code: "tile-decode", reason, status: 200 });

const passing = (name: string, act: Misbehaviour, error: Fault["error"]): Fault => ({
  name,
  act,
  error,
  isRetried: true,
});
const lasting = (name: string, act: Misbehaviour, error: Fault["error"]): Fault => ({
  ...passing(name, act, error),
  isRetried: false,
});
const stalling = (name: string, act: Misbehaviour): Fault => ({
  ...passing(name, act, { code: "tile-fetch", reason: "timeout", status: 0 }),
  stalls: true,
});

/** Faults of the connection, and of what HTTP declares about the body. */
export const connectionFaults: readonly Fault[] = [
  passing("reset before the headers", "reset", network),
  passing("reset inside the body", { answer: resetInside }, network),
  passing("truncated, with Content-Length", "truncate", network),
  passing("truncated, chunked", { answer: (file, response) => half(file, response, {}) }, network),
  passing("truncated, without any length", { answer: withoutLength }, decode("corrupt-image")),
  passing("a Content-Length that is too large", { answer: tooFewBytes }, network),
  passing("a Content-Length that is too small", { answer: tooManyBytes }, network),
  passing("no HTTP at all", { answer: (_file, { socket }) => socket?.end("* OK IMAP4 ready\r\n") }, network),
  passing("a damaged Content-Encoding", { answer: damagedGzip }, network),
  lasting("an endless body", { answer: endless }, { code: "tile-fetch", reason: "too-large" }),
  lasting(
    "a body of a gigabyte, announced",
    { answer: announced },
    { code: "tile-fetch", reason: "too-large" },
  ),
];

/** Faults that only the time limit ends. */
export const stalls: readonly Fault[] = [
  stalling("stall before the headers", "hold"),
  stalling("stall after the headers", { answer: (_file, response) => headersOnly(response) }),
  stalling("stall inside the body", "stall"),
  stalling("a drip without end", { answer: drip }),
];

/** Statuses. */
export const statusFaults: readonly Fault[] = [
  ...[408, 425, 429, 500, 502, 503, 504].map((status) => passing(`${status}`, { status }, http(status))),
  passing("429, Retry-After in seconds", { status: 429, headers: { "Retry-After": "7200" } }, http(429)),
  passing("503, Retry-After as a date", { status: 503, headers: { "Retry-After": farFuture() } }, http(503)),
  passing("429, Retry-After nonsense", { status: 429, headers: { "Retry-After": "soon" } }, http(429)),
  ...[400, 401, 403, 405, 414, 501].map((status) => lasting(`${status}`, { status }, http(status))),
  lasting("304 to nobody's question", { status: 304 }, http(304)),
];

/** Bodies that are no tile, with status 200. */
export const bodyFaults: readonly Fault[] = [
  passing("an HTML page", { html: "<!DOCTYPE html><html>Please log in</html>" }, decode("not-an-image")),
  passing("a JSON error", { html: '{"error": "no such stack"}' }, decode("not-an-image")),
  passing("an empty body", { html: "" }, decode("not-an-image")),
  passing("gzip of nothing", { answer: gzipOfNothing }, decode("not-an-image")),
  passing(
    "a wrong CRC",
    { answer: (file, response) => send(flipped(file, 16), response) },
    decode("corrupt-image"),
  ),
  passing("a wrong Adler-32", { answer: wrongAdler }, decode("corrupt-image")),
  passing(
    "half a file, whole by HTTP",
    { answer: (file, response) => send(halfOf(file), response) },
    decode("corrupt-image"),
  ),
  passing("a larger image", { file: encodeGreyPng(new Uint8Array(65 * 48), 65, 48) }, decode("wrong-size")),
  passing(
    "a header of 4 gigapixels",
    { file: buildPng({ width: 65_536, height: 65_536, rows: new Uint8Array(9) }) },
    decode("wrong-size"),
  ),
  passing(
    "an image that inflates without end",
    { file: buildPng({ width: 64, height: 48, rows: new Uint8Array(4e6) }) },
    decode("corrupt-image"),
  ),
];

/** Redirects. `elsewhere` is another origin, which has the tile under the same path. */
export function redirectFaults(elsewhere: string): readonly Fault[] {
  const to = (location: string): Misbehaviour => ({ status: 302, headers: { Location: location } });
  const error = { code: "tile-fetch", reason: "redirect" };
  return [
    lasting(
      "a redirect to itself",
      { answer: (_file, response) => redirect(response, response.req.url ?? "") },
      error,
    ),
    lasting("a redirect to a file: URL", to("file:///etc/passwd"), error),
    lasting("a redirect to something unreadable", to("http://["), error),
    lasting("a redirect to a page that says 404 for a tile", to(`${elsewhere}/none`), http(400)),
  ];
}

function farFuture(): string {
  return "Fri, 31 Dec 9999 23:59:59 GMT";
}

function halfOf(file: Uint8Array): Uint8Array {
  return file.subarray(0, file.length >> 1);
}

function send(file: Uint8Array, response: ServerResponse, headers: Record<string, string> = {}): void {
  response
    .writeHead(200, { "Content-Type": "image/png", "Content-Length": file.length, ...headers })
    .end(file);
}

function half(file: Uint8Array, response: ServerResponse, headers: Record<string, string>): void {
  response.writeHead(200, { "Content-Type": "image/png", ...headers });
  response.write(halfOf(file), () => response.destroy());
}

function resetInside(file: Uint8Array, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "image/png", "Content-Length": file.length });
  response.write(halfOf(file), () => response.socket?.resetAndDestroy());
}

function tooFewBytes(file: Uint8Array, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "image/png", "Content-Length": file.length + 100 });
  response.write(file, () => response.destroy());
}

/** Writes an answer without the checks of `ServerResponse`. */
function raw(response: ServerResponse, headers: string, body: Uint8Array): void {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n${headers}\r\n`;
  response.socket?.end(Buffer.concat([Buffer.from(head), body]));
}

function withoutLength(file: Uint8Array, response: ServerResponse): void {
  raw(response, "Connection: close\r\n", halfOf(file));
}

function tooManyBytes(file: Uint8Array, response: ServerResponse): void {
  raw(response, `Content-Length: ${file.length >> 1}\r\n`, file);
}

function damagedGzip(file: Uint8Array, response: ServerResponse): void {
  send(gzipSync(file).subarray(0, 40), response, { "Content-Encoding": "gzip", "Content-Length": "40" });
}

function gzipOfNothing(_file: Uint8Array, response: ServerResponse): void {
  const nothing = gzipSync(new Uint8Array(0));
  send(nothing, response, { "Content-Encoding": "gzip" });
}

function headersOnly(response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "image/png", "Content-Length": 1000 }).flushHeaders();
}

/** Sends one byte at a time until the client disconnects. */
function drip(file: Uint8Array, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "image/png", "Content-Length": 1e6 });
  const timer = setInterval(() => response.write(file.subarray(0, 1)), 5);
  response.on("close", () => clearInterval(timer));
}

function endless(file: Uint8Array, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "image/png" });
  const block = Buffer.alloc(65_536, file);
  const more = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on("drain", more);
  more();
}

function announced(file: Uint8Array, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "image/png", "Content-Length": 1e9 }).write(file);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, "Content-Length": 0 }).end();
}

/** Changes one byte, counted from the end of the file. */
function flipped(file: Uint8Array, fromEnd: number): Uint8Array {
  const changed = file.slice();
  const at = changed.length - fromEnd;
  changed[at] = (changed[at] ?? 0) ^ 0x55;
  return changed;
}

/** The checksum of the zlib stream ends 16 bytes before the end: the CRC of IDAT and an IEND of 12 bytes follow. */
function wrongAdler(file: Uint8Array, response: ServerResponse): void {
  send(withRightChecksums(flipped(file, 17)), response);
}
