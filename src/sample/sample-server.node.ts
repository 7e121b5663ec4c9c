import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { answerAsCatmaid, mayRead, type SampleCatmaidOptions, sampleProjectId } from "./sample-catmaid.js";
import type { SampleFile } from "./sample-file.js";
import { sampleN5File } from "./sample-n5.js";
import { samplePrecomputedFile } from "./sample-precomputed.js";
import { type SampleMirror, type SampleStack, sampleStacks } from "./sample-stack.js";
import { sampleTile } from "./sample-tile.js";
import { SampleTileQueue } from "./sample-tile-queue.node.js";

/** Options of {@link startSampleServer}. */
export interface SampleServerOptions extends SampleCatmaidOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on. Default `"127.0.0.1"`: this machine only. */
  readonly host?: string;
  /** Sub-directory that CATMAID lives in, with slashes at both ends. Default `"/"`. */
  readonly basePath?: string;
  /** User and password that every request needs, as HTTP Basic. Default: none. */
  readonly basic?: readonly [user: string, password: string];
  /** Delay before the server sends a file of a mirror, in ms. Default 0. */
  readonly delayMs?: number;
}

/** A running sample server. */
export interface SampleServer {
  /** Base URL of its CATMAID, with a slash at its end. */
  readonly url: string;
  readonly projectId: number;
  readonly stacks: readonly SampleStack[];
  /**
   * Counts since the start: requests to CATMAID; requests for tiles or blocks, per stack and mirror (`"1/file"`); how
   * many of those were answered with a file; and how many files were made rather than served from memory.
   */
  readonly counts: {
    readonly api: number;
    readonly tiles: ReadonlyMap<string, number>;
    readonly tilesServed: number;
    readonly tilesDrawn: number;
  };
  /** Stops it and ends all connections. */
  close(): Promise<void>;
}

const corsHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
  "Access-Control-Allow-Headers":
    "Authorization, X-Authorization, Content-Type, Cache-Control, If-None-Match, Range",
  "Access-Control-Expose-Headers": "Content-Length, Content-Range, ETag",
  "Access-Control-Max-Age": "86400",
} as const;

/** Starts a small CATMAID with tile and block servers of many kinds. They draw the tissue when a client asks for it. */
export async function startSampleServer(options: SampleServerOptions = {}): Promise<SampleServer> {
  const { port = 0, host = "127.0.0.1", basePath = "/", delayMs = 0, basic } = options;
  const stacks = options.stacks ?? sampleStacks();
  const queue = new SampleTileQueue(64 * 2 ** 20);
  const tiles = new Map<string, number>();
  let api = 0;
  let tilesServed = 0;
  const closing = new AbortController();
  // Every delayed tile adds a listener.
  setMaxListeners(0, closing.signal);

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
  const url = `${origin}${basePath}`;

  return {
    url,
    projectId: sampleProjectId,
    stacks,
    get counts() {
      return { api, tiles, tilesServed, tilesDrawn: queue.made };
    },
    close: async () => {
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(corsHeaders)) response.setHeader(name, value);
    if (request.method === "OPTIONS") return send(response, 204);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
    const { authorization } = request.headers;
    if (basic !== undefined && authorization !== `Basic ${Buffer.from(basic.join(":")).toString("base64")}`) {
      response.setHeader("WWW-Authenticate", 'Basic realm="sample"');
      return refuse(response, 401);
    }
    let target: URL;
    let path: string;
    try {
      target = new URL(request.url ?? "/", origin);
      path = decodeURIComponent(target.pathname);
    } catch {
      return refuse(response, 400);
    }
    if (!path.startsWith(basePath)) return refuse(response, 404);
    path = path.slice(basePath.length);

    const { searchParams } = target;
    const outside = /^tiles\/(\d+)\/([^/]+)\/(.*)$/.exec(path);
    if (outside !== null) {
      const stack = stacks.find(({ id }) => id === Number(outside[1]));
      const mirror = stack?.mirrors.find(({ key, type }) => key === outside[2] && type !== 3);
      return answerFile(response, stack, mirror, outside[3] ?? "", searchParams);
    }
    const token = /^Token (.+)$/.exec(`${request.headers["x-authorization"] ?? authorization}`)?.[1];
    // CATMAID's own tiles. A client who may not read them gets the same error as from other views of the stack.
    const own = /^(\d+)\/stack\/(\d+)\/tile$/.exec(path);
    if (own !== null && Number(own[1]) === sampleProjectId && mayRead(options, token)) {
      const stack = stacks.find(({ id }) => id === Number(own[2]));
      const basename = searchParams.get("basename");
      const mirror = stack?.mirrors.find(({ key, type }) => key === basename && type === 3);
      return answerFile(response, stack, mirror, "", searchParams);
    }
    api++;
    const view = own === null ? path : `${own[1]}/stack/${own[2]}/info`;
    const answer = answerAsCatmaid({ ...options, stacks }, view, token, `${url}tiles/`);
    send(response, answer.status, answer.contentType, Buffer.from(answer.body));
  }

  async function answerFile(
    response: ServerResponse,
    stack: SampleStack | undefined,
    mirror: SampleMirror | undefined,
    path: string,
    query: URLSearchParams,
  ): Promise<void> {
    if (stack === undefined || mirror === undefined) return refuse(response, 404);
    const mirrorName = `${stack.id}/${mirror.key}`;
    tiles.set(mirrorName, (tiles.get(mirrorName) ?? 0) + 1);
    if (mirror.dead === true) {
      response.destroy();
      return;
    }
    const wait = delayMs + (mirror.delayMs ?? 0);
    if (wait > 0) await delay(wait, undefined, { signal: closing.signal });
    const file = fileOf(stack, mirror, path, query);
    if (file === undefined) return refuse(response, 404);
    const name = encodeURI(`${mirrorName}/${path}?${query}`);
    response.setHeader("ETag", `"${name}"`);
    response.setHeader("Cache-Control", "public, max-age=3600");
    if (response.req.headers["if-none-match"] === `"${name}"`) return send(response, 304);
    const body = await queue.file(name, () => !response.destroyed, file.make);
    if (body === undefined || response.destroyed) return;
    tilesServed++;
    sendPart(response, file.contentType, body);
  }
}

/** The file at a URL. `path` is what follows the mirror's base, without the query. */
function fileOf(
  stack: SampleStack,
  mirror: SampleMirror,
  path: string,
  query: URLSearchParams,
): SampleFile | undefined {
  if (mirror.type === 11) return sampleN5File(stack, path);
  if (mirror.type === 14) return samplePrecomputedFile(stack, mirror.sharded === true, path);
  return sampleTile(stack, mirror, path, query);
}

/** Sends the part of a file that a `Range` asks for. Without a range, or for several, it sends all, as HTTP allows. */
function sendPart(response: ServerResponse, contentType: string, body: Uint8Array): void {
  response.setHeader("Accept-Ranges", "bytes");
  const { method, headers } = response.req;
  const size = body.length;
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "") ?? [];
  const isBackward = first !== "" && last !== "" && Number(last) < Number(first);
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (method !== "GET" || first + last === "" || isBackward) send(response, 200, contentType, body);
  else if (from < size) {
    response.setHeader("Content-Range", `bytes ${from}-${end - 1}/${size}`);
    send(response, 206, contentType, body.subarray(from, end));
  } else {
    response.setHeader("Content-Range", `bytes */${size}`);
    refuse(response, 416);
  }
}

function refuse(response: ServerResponse, status: number): void {
  send(response, status, "text/html", Buffer.from(`<h1>${STATUS_CODES[status]}</h1>`));
}

function send(response: ServerResponse, status: number, contentType?: string, body?: Uint8Array): void {
  response.statusCode = status;
  if (contentType !== undefined && body !== undefined) {
    response.setHeader("Content-Type", contentType);
    response.setHeader("Content-Length", body.byteLength);
  }
  response.end(response.req.method === "HEAD" ? undefined : body);
}
