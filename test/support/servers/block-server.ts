import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { Watchers } from "../fetching/watchers.js";

/** A request for a file, as the server saw it. */
export interface ServedFile {
  /** The first part of the path, which names the mirror. */
  readonly mirror: string;
  /** The rest of the path: a path below `test/fixtures/blocks`. */
  readonly file: string;
  /** The query, with its question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The first and the last byte of the requested range. */
  readonly range: readonly [first: number, last: number] | undefined;
  /** How often this part of the file has been requested, including this time. */
  readonly attempt: number;
}

/** What the server can do instead of sending the file. A mirror with the same name does it too. */
export const namedFaults = [
  "reset",
  /** Sends half of the body, then ends the connection. */
  "cut",
  /** Sends half of the body, then nothing more. */
  "stall",
  /** Waits until the test releases it. */
  "hold",
  /** Sends the whole file if a part is requested. */
  "whole",
  /** Sends the part one byte later. */
  "shifted",
  /** Sends the part without its last byte. */
  "shorter",
  /** Sends the part without a `Content-Range`. */
  "unnamed",
  /** Says that the file ends before the part. */
  "outside",
  /** Sends the part packed with gzip. */
  "gzip",
] as const;

/** What the server does instead of sending the file. */
export type FileFault =
  | (typeof namedFaults)[number]
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | { readonly html: string }
  /** Sends another file, or parts of it. */
  | { readonly bytes: Uint8Array };

/** Lets a test decide how the server answers. */
export type FileScript = (file: ServedFile) => FileFault | undefined;

/** The folder of the arrays, from the root of the project. */
export const blocksFolder = "test/fixtures/blocks/";

const byName: FileScript = ({ mirror }) => namedFaults.find((name) => name === mirror);

/** A real server of `test/fixtures/blocks`, which also serves parts of files. Any first part of the path is a mirror. */
export class BlockServer {
  /** All requests, in order. */
  readonly requests: ServedFile[] = [];
  script: FileScript;
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #attempts = new Map<string, number>();
  readonly #held: (() => void)[] = [];
  readonly #watchers = new Watchers();

  private constructor(script: FileScript) {
    this.script = script;
    this.#server.on("connection", (socket: Socket) => socket.on("error", () => {}));
  }

  /** @param script - Default: the fault that has the name of the mirror. */
  static async start(script: FileScript = byName): Promise<BlockServer> {
    const server = new BlockServer(script);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** `http://127.0.0.1:<port>`. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The part of an array's URL before its address. */
  url(mirror = "a"): string {
    return `${this.origin}/${mirror}/`;
  }

  /** Resolves once a condition holds. It is checked at each request and each disconnection. */
  until(holds: (server: this) => boolean): Promise<void> {
    return this.#watchers.until(() => holds(this));
  }

  /** How many answers are waiting to be released. */
  get held(): number {
    return this.#held.length;
  }

  /** Sends the answers that are waiting. */
  release(): void {
    for (const send of this.#held.splice(0)) send();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*, Authorization, X-Authorization");
    response.setHeader("Access-Control-Expose-Headers", "Content-Range");
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    const served = this.#served(request);
    this.requests.push(served);
    response.on("close", () => this.#watchers.changed());
    this.#act(served, this.script(served), response);
    this.#watchers.changed();
  }

  #served({ url = "/", headers }: IncomingMessage): ServedFile {
    const [path = "", query = ""] = url.split(/(?=\?)/);
    const [mirror = "", ...rest] = decodeURIComponent(path).slice(1).split("/");
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    const range = first === undefined ? undefined : ([Number(first), Number(last)] as const);
    const file = rest.join("/");
    const asked = `${mirror}/${file} ${range}`;
    const attempt = (this.#attempts.get(asked) ?? 0) + 1;
    this.#attempts.set(asked, attempt);
    return { mirror, file, query, headers, range, attempt };
  }

  #act(served: ServedFile, fault: FileFault | undefined, response: ServerResponse): void {
    const stored = storedFile(served.file);
    if (fault === "hold") {
      this.#held.push(() => send(response, served.range, stored));
    } else if (fault === "reset") {
      (response.socket as Socket | null)?.resetAndDestroy();
    } else if (fault === undefined || typeof fault === "string") {
      send(response, served.range, stored, fault);
    } else if ("status" in fault) {
      response.writeHead(fault.status, { "Content-Type": "text/plain", ...fault.headers }).end(fault.body);
    } else if ("html" in fault) {
      response.writeHead(200, { "Content-Type": "text/html" }).end(fault.html);
    } else {
      send(response, served.range, { bytes: fault.bytes, isGzip: stored?.isGzip ?? false });
    }
  }
}

interface StoredFile {
  readonly bytes: Uint8Array;
  /** Whether it is stored as `<name>.gz` and is sent under its plain name. */
  readonly isGzip: boolean;
}

const stored = new Map<string, StoredFile | undefined>();

/** A file below `test/fixtures/blocks`. */
export function storedFile(path: string): StoredFile | undefined {
  if (!stored.has(path)) {
    const plain = contentOf(path);
    const bytes = plain ?? contentOf(`${path}.gz`);
    stored.set(path, bytes && { bytes, isGzip: plain === undefined });
  }
  return stored.get(path);
}

function contentOf(path: string): Uint8Array | undefined {
  const stats = path.includes("..") ? undefined : statSync(blocksFolder + path, { throwIfNoEntry: false });
  return stats?.isFile() ? new Uint8Array(readFileSync(blocksFolder + path)) : undefined;
}

function send(
  response: ServerResponse,
  range: ServedFile["range"],
  file: StoredFile | undefined,
  fault?: (typeof namedFaults)[number],
): void {
  if (file === undefined) {
    response.writeHead(404, { "Content-Type": "text/html" }).end("<h1>Not Found</h1>");
    return;
  }
  const { bytes, isGzip } = file;
  if (isGzip) response.setHeader("Content-Encoding", "gzip");
  // A file that is sent with an encoding has no parts.
  if (range === undefined || isGzip || fault === "whole") {
    sendBody(response, 200, bytes, fault);
    return;
  }
  const size = bytes.length;
  const first = range[0] + (fault === "shifted" ? 1 : 0);
  const last = Math.min(range[1] + (fault === "shifted" ? 1 : 0) - (fault === "shorter" ? 1 : 0), size - 1);
  if (first >= size || fault === "outside") {
    response.writeHead(416, { "Content-Range": `bytes */${size}` }).end();
    return;
  }
  if (fault !== "unnamed") response.setHeader("Content-Range", `bytes ${first}-${last}/${size}`);
  sendBody(response, 206, bytes.subarray(first, last + 1), fault);
}

function sendBody(
  response: ServerResponse,
  status: number,
  bytes: Uint8Array,
  fault: (typeof namedFaults)[number] | undefined,
): void {
  const body = fault === "gzip" && status === 206 ? gzipSync(bytes) : bytes;
  if (body !== bytes) response.setHeader("Content-Encoding", "gzip");
  response.writeHead(status, {
    "Content-Type": "application/octet-stream",
    "Content-Length": body.length,
  });
  if (fault === "cut" || fault === "stall") {
    response.write(body.subarray(0, body.length >> 1), () => {
      if (fault === "cut") response.destroy();
    });
    return;
  }
  response.end(body);
}
