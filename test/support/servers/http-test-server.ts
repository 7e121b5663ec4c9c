import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { partedFile } from "../block-files/parted-file.js";
import { encodeGreyPng } from "../images/encode-grey-png.js";
import { tileOfTestStack } from "../model/test-stack.js";
import { greyTile } from "../model/tile-drawing.js";

/** What the server records about the requests of one test. `TestTiles` makes the requests. */
export interface TileLog {
  readonly requests: { readonly path: string; readonly headers: Record<string, string> }[];
  readonly disconnects: number;
}

/** A running server. */
export interface HttpTestServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Another origin of the same server. */
  readonly otherUrl: string;
  close(): Promise<void>;
}

interface TestRecord {
  requests: TileLog["requests"];
  disconnects: number;
  held: (() => void)[];
  released: boolean;
  waiting: (() => void)[];
}

/**
 * A real tile server on free ports. Paths are `/<key>/<behaviour>/<arguments…>`, where the key belongs to one test. At
 * `/control/…`, a test reads the record of its key. The server uses no timers: a held answer waits until it is
 * released, a stalled one until the client disconnects.
 */
export async function startHttpTestServer(): Promise<HttpTestServer> {
  const records = new Map<string, TestRecord>();
  const recordOf = (key: string): TestRecord => {
    const record = records.get(key) ?? {
      requests: [],
      disconnects: 0,
      held: [],
      released: false,
      waiting: [],
    };
    records.set(key, record);
    return record;
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*, Authorization, X-Authorization");
    response.setHeader("Access-Control-Expose-Headers", "Retry-After");
    const path = request.url ?? "/";
    const [first = "", ...rest] = (path.split("?")[0] ?? "").slice(1).split("/").map(decodeURIComponent);
    if (request.method === "OPTIONS") {
      // Requests for parts must not need a preflight, so the server refuses one.
      response.writeHead(rest[0] === "part" ? 403 : 204).end();
      return;
    }
    if (first === "control") control(recordOf(rest[1] ?? ""), rest, response);
    else answer(recordOf(first), rest, request, response, path);
  };
  const servers = [createServer(handle), createServer(handle)];
  const [url = "", otherUrl = ""] = await Promise.all(servers.map(listen));
  return {
    url,
    otherUrl,
    async close() {
      await Promise.all(servers.map(stop));
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** `/control/log/<key>`, `/control/await/<key>/<requests|disconnects>/<n>`, `/control/release/<key>`. */
function control(record: TestRecord, [verb, , what, count]: string[], response: ServerResponse): void {
  const reply = (): void => {
    const log: TileLog = { requests: record.requests, disconnects: record.disconnects };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(log));
  };
  if (verb === "release") {
    record.released = true;
    for (const release of record.held.splice(0)) release();
    reply();
    return;
  }
  const reached = (): boolean =>
    verb !== "await" || (what === "requests" ? record.requests.length : record.disconnects) >= Number(count);
  const look = (): void => {
    if (reached()) reply();
    else record.waiting.push(look);
  };
  look();
}

function noteChange(record: TestRecord): void {
  for (const look of record.waiting.splice(0)) look();
}

function answer(
  record: TestRecord,
  [behaviour = "", ...args]: string[],
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  record.requests.push({ path, headers: request.headers as Record<string, string> });
  response.on("close", () => {
    if (response.writableFinished) return;
    record.disconnects += 1;
    noteChange(record);
  });
  noteChange(record);
  const query = new URL(path, "http://server").searchParams;
  switch (behaviour) {
    case "tile": // /tile/<width>x<height>/<seed>
      sendImage(response, drawn(args));
      return;
    case "stack": // /stack/<z>/<row>_<col>_<zoom>.png: a tile of the test stack
      sendImage(response, testStackTile(args));
      return;
    case "hold": {
      // /hold/<width>x<height>/<seed>: answers when the test releases its key
      const release = (): void => sendImage(response, drawn(args));
      if (record.released) release();
      else record.held.push(release);
      return;
    }
    case "status": // /status/<code>?retry-after=…
      if (query.has("retry-after")) response.setHeader("Retry-After", query.get("retry-after") ?? "");
      response.writeHead(Number(args[0]), { "Content-Type": "text/plain" }).end("so it is");
      return;
    case "text": // /text/<content type>/<content>
      response.writeHead(200, { "Content-Type": args[0] ?? "" }).end(args[1]);
      return;
    case "redirect": // /redirect?to=…&status=…
      response.writeHead(Number(query.get("status") ?? 302), { Location: query.get("to") ?? "" }).end();
      return;
    case "gzip": // /gzip/<width>x<height>/<seed>, encoded although nobody asked
      response.setHeader("Content-Encoding", "gzip");
      sendImage(response, gzipSync(drawn(args)));
      return;
    case "encoded": // /encoded/<Content-Encoding>/<gzip or plain>/<width>x<height>/<seed>
      response.setHeader("Content-Encoding", args[0] ?? "");
      sendImage(response, args[1] === "gzip" ? gzipSync(drawn(args.slice(2))) : drawn(args.slice(2)));
      return;
    case "damaged-gzip":
      response.setHeader("Content-Encoding", "gzip");
      sendImage(response, gzipSync(drawn(args)).subarray(0, 40));
      return;
    case "part": // /part/<how>: see answerPart
      answerPart(response, args[0], request.headers.range);
      return;
    case "chunked": // /chunked/<width>x<height>/<seed>: no Content-Length, many writes
      sendInPieces(response, drawn(args));
      return;
    case "truncate": // /truncate/<width>x<height>/<seed>: Content-Length of the whole, then half of it
      sendHalf(response, drawn(args), () => request.socket.destroySoon());
      return;
    case "stall": // /stall/<width>x<height>/<seed>: half of it, and then nothing more
      sendHalf(response, drawn(args), () => {});
      return;
    case "silence":
      return;
    case "reset":
      (request.socket as Socket).resetAndDestroy();
      return;
    default:
      response
        .writeHead(404, { "Content-Type": "text/html" })
        .end("<!DOCTYPE html><html>no such thing</html>");
  }
}

/** Answers `/part/…`: `exact` is correct, the others are mistakes of real servers. */
function answerPart(response: ServerResponse, how: string | undefined, header = ""): void {
  const [, first = 0, last = 0] = /^bytes=(\d+)-(\d+)$/.exec(header)?.map(Number) ?? [];
  const size = partedFile.length;
  const [status, from, to] = (
    {
      whole: [200, 0, size - 1],
      shifted: [206, first + 1, last + 1],
      clipped: [206, first, last - 1],
      outside: [416, 0, -1],
    } as Record<string, [number, number, number]>
  )[how ?? ""] ?? [206, first, last];
  // Without the first header, a script cannot see the second.
  if (how !== "clipped") response.setHeader("Access-Control-Expose-Headers", "Content-Range");
  if (status === 206 && how !== "unnamed") response.setHeader("Content-Range", `bytes ${from}-${to}/${size}`);
  response.writeHead(status).end(partedFile.subarray(from, to + 1));
}

function drawn([size = "", seed = "0"]: string[]): Buffer {
  const [width = 1, height = 1] = size.split("x").map(Number);
  return encodeGreyPng(greyTile(Number.parseInt(seed, 10), width, height), width, height);
}

function testStackTile([z = "", name = ""]: string[]): Buffer {
  const [row = 0, column = 0] = name.split("_").map(Number);
  const { data, width, height } = tileOfTestStack(Number(z), row, column);
  return encodeGreyPng(data, width, height);
}

function sendImage(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "Content-Type": "image/png", "Content-Length": body.length }).end(body);
}

function sendInPieces(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "Content-Type": "image/png" });
  for (let at = 0; at < body.length; at += 1000) response.write(body.subarray(at, at + 1000));
  response.end();
}

function sendHalf(response: ServerResponse, body: Buffer, then: () => void): void {
  response.writeHead(200, { "Content-Type": "image/png", "Content-Length": body.length });
  response.write(body.subarray(0, body.length >> 1), then);
}
