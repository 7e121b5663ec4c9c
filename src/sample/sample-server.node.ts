import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { answerAsCatmaid, mayReadTiles, type SampleCatmaidOptions } from "./sample-catmaid.js";
import { type SampleMirror, type SampleStack, sampleStacks } from "./sample-stack.js";
import { sampleExtension } from "./sample-stack-info.js";
import { drawnTile, encodeSampleTile, sampleTileExtent, sampleTileImage } from "./sample-tile.js";
import { sampleTileAddress } from "./sample-tile-address.js";
import { SampleTileQueue } from "./sample-tile-queue.node.js";

/** What {@link startSampleServer} can be told. */
export interface SampleServerOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on. Default `"127.0.0.1"`: this machine alone. */
  readonly host?: string;
  /** Sub-directory that CATMAID lives in, with slashes at both ends. Default `"/"`. */
  readonly basePath?: string;
  /** Stacks of the project. Default {@link sampleStacks}: one tissue in XY, XZ and ZY. */
  readonly stacks?: readonly SampleStack[];
  /** Id of the only project. Default 1. */
  readonly projectId?: number;
  /** CATMAID token that reading needs. Default: none. */
  readonly token?: string;
  /** User and password that every request needs, as a web server's HTTP Basic. Default: none. */
  readonly basic?: readonly [user: string, password: string];
  /** How CATMAID tells errors: by status, or (before 2020) in a body with status 200. Default `"status"`. */
  readonly errors?: "status" | "body";
  /** Time that each tile is held back, in ms. Default 0. */
  readonly delayMs?: number;
  /** Limit for encoded tiles kept in memory. Default 64 MiB. */
  readonly maxCacheBytes?: number;
}

/** How often what was asked for. */
export interface SampleServerCounts {
  /** Requests to the CATMAID part. */
  api: number;
  /** Requests for tiles, per stack and mirror: `"1/file"`. */
  readonly tiles: Map<string, number>;
  /** Requests that were answered with a tile. */
  tilesServed: number;
  /** Tiles that were drawn: not those served from memory, nor those that nobody waited for any more. */
  readonly tilesDrawn: number;
}

/** A running sample server. */
export interface SampleServer {
  /** Base URL of its CATMAID, with a slash at its end. */
  readonly url: string;
  /** Its project's id. */
  readonly projectId: number;
  /** The stacks that it serves. */
  readonly stacks: readonly SampleStack[];
  /** What it was asked for since it started. */
  readonly counts: SampleServerCounts;
  /** Stops it and ends all connections. */
  close(): Promise<void>;
}

const corsHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
  "Access-Control-Allow-Headers":
    "Authorization, X-Authorization, Content-Type, Cache-Control, If-None-Match",
  "Access-Control-Max-Age": "86400",
} as const;

/** Starts a small CATMAID with tile servers of many kinds, over a tissue that is drawn as it is asked for. */
export async function startSampleServer(options: SampleServerOptions = {}): Promise<SampleServer> {
  const { port = 0, host = "127.0.0.1", basePath = "/", delayMs = 0, projectId = 1 } = options;
  const stacks = options.stacks ?? sampleStacks();
  const catmaid: SampleCatmaidOptions = {
    projectId,
    stacks,
    token: options.token,
    errors: options.errors ?? "status",
  };
  const queue = new SampleTileQueue(options.maxCacheBytes ?? 64 * 2 ** 20);
  const counts: SampleServerCounts = {
    api: 0,
    tiles: new Map(),
    tilesServed: 0,
    get tilesDrawn() {
      return queue.made;
    },
  };
  const closing = new AbortController();
  // Every tile that is held back listens.
  setMaxListeners(0, closing.signal);
  let url = "";

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
  url = `${origin}${basePath}`;

  return {
    url,
    projectId,
    stacks,
    counts,
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
    if (request.method === "OPTIONS") return send(response, 204, "text/plain", "");
    if (request.method !== "GET" && request.method !== "HEAD") {
      return send(response, 405, "text/html", "<h1>Method Not Allowed</h1>");
    }
    if (!knowsPassword(request, options.basic)) {
      response.setHeader("WWW-Authenticate", 'Basic realm="sample"');
      return send(response, 401, "text/html", "<h1>Authorization Required</h1>");
    }
    const asked = readTarget(request.url ?? "/", origin);
    if (asked === undefined) return send(response, 400, "text/html", "<h1>Bad Request</h1>");
    const { target, path } = asked;
    if (!path.startsWith(basePath)) return send(response, 404, "text/html", "<h1>Not Found</h1>");
    const inside = path.slice(basePath.length);

    const fromTiles = /^tiles\/(\d+)\/([^/]+)\/(.*)$/.exec(inside);
    if (fromTiles !== null) {
      const stack = stacks.find(({ id }) => id === Number(fromTiles[1]));
      const mirror = stack?.mirrors.find(({ key, type }) => key === fromTiles[2] && type !== 3);
      return answerTile(request, response, stack, mirror, fromTiles[3] ?? "", target.searchParams);
    }
    const fromCatmaid = /^(\d+)\/stack\/(\d+)\/tile$/.exec(inside);
    if (
      fromCatmaid !== null &&
      Number(fromCatmaid[1]) === projectId &&
      mayReadTiles(catmaid, tokenOf(request))
    ) {
      const stack = stacks.find(({ id }) => id === Number(fromCatmaid[2]));
      const basename = target.searchParams.get("basename");
      const mirror = stack?.mirrors.find(({ key, type }) => key === basename && type === 3);
      return answerTile(request, response, stack, mirror, "", target.searchParams);
    }
    counts.api++;
    const api = fromCatmaid === null ? inside : `${fromCatmaid[1]}/stack/${fromCatmaid[2]}/info`;
    const answer = answerAsCatmaid(catmaid, api, tokenOf(request), `${url}tiles/`);
    send(response, answer.status, answer.contentType, answer.body);
  }

  async function answerTile(
    request: IncomingMessage,
    response: ServerResponse,
    stack: SampleStack | undefined,
    mirror: SampleMirror | undefined,
    path: string,
    query: URLSearchParams,
  ): Promise<void> {
    const address = stack && mirror && sampleTileAddress(stack, mirror, path, query);
    if (stack === undefined || mirror === undefined || address === undefined) {
      return send(response, 404, "text/html", "<h1>Not Found</h1>");
    }
    const name = `${stack.id}/${mirror.key}`;
    counts.tiles.set(name, (counts.tiles.get(name) ?? 0) + 1);
    if (mirror.dead === true) {
      response.destroy();
      return;
    }
    const wait = delayMs + (mirror.delayMs ?? 0);
    if (wait > 0) await delay(wait, undefined, { signal: closing.signal });
    const tag = `"${name}/${address.zoomLevel}/${address.z}/${address.row}/${address.column}"`;
    response.setHeader("ETag", tag);
    response.setHeader("Cache-Control", "public, max-age=3600");
    if (request.headers["if-none-match"] === tag) return send(response, 304, "text/plain", "");
    const extent = sampleTileExtent(stack, mirror, address);
    if (extent === undefined) return send(response, 404, "text/html", "<h1>Not Found</h1>");
    const drawn = drawnTile(stack, address);
    const file = await queue.file(
      `${name}/${drawn.zoomLevel}/${drawn.z}/${drawn.row}/${drawn.column}`,
      () => !response.destroyed,
      () => encodeSampleTile(sampleTileImage(stack, mirror, address, extent), mirror),
    );
    if (file === undefined || response.destroyed) return;
    counts.tilesServed++;
    send(response, 200, sampleExtension(mirror) === "jpg" ? "image/jpeg" : "image/png", file);
  }
}

/** What a request asks for; undefined where its URL is none, or escapes what is no text. */
function readTarget(text: string, origin: string): { target: URL; path: string } | undefined {
  try {
    const target = new URL(text, origin);
    return { target, path: decodeURIComponent(target.pathname) };
  } catch {
    return undefined;
  }
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
): void {
  response.statusCode = status;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  if (status !== 204 && status !== 304) {
    response.setHeader("Content-Type", contentType);
    response.setHeader("Content-Length", bytes.byteLength);
  }
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}

function tokenOf(request: IncomingMessage): string | undefined {
  const header = request.headers["x-authorization"] ?? request.headers.authorization;
  const match = typeof header === "string" ? /^Token (.+)$/.exec(header) : null;
  return match?.[1];
}

function knowsPassword(request: IncomingMessage, basic: readonly [string, string] | undefined): boolean {
  if (basic === undefined) return true;
  const wanted = `Basic ${Buffer.from(basic.join(":")).toString("base64")}`;
  return request.headers.authorization === wanted;
}
