import { connect, isIP, type OnReadOpts, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { type NamedProxy, proxyFor } from "./proxy.node.js";

/** How requests to an address are sent. */
export interface HttpRoute {
  /** The destination of connections. Connections with the same key can replace each other. */
  readonly key: string;
  /** The target in the first line of a request. */
  readonly target: string;
  /** Headers that the route needs: `Host`, and credentials for a proxy. */
  readonly headers: Readonly<Record<string, string>>;
  /** What messages add about a proxy; empty without one. */
  readonly via: string;
  /** Opens a connection. It passes received bytes to `onread`; through a tunnel, to the socket's `data` event. */
  connect(onread: OnReadOpts): Socket | Promise<Socket>;
}

/** The route of all of Node's requests: direct, or through the proxy that the environment names. */
export function httpRoute(url: URL): HttpRoute {
  const proxy = proxyFor(url);
  const path = url.pathname + url.search;
  const headers = { Host: url.host };
  if (proxy === undefined) return direct(url, { target: path, headers, via: "" });
  const via = ` (by the proxy ${proxy.url.origin})`;
  if (url.protocol === "https:") return tunnelled(url, proxy, { target: path, headers, via });
  // A plain request goes to the proxy itself, with the whole URL.
  return direct(proxy.url, { target: url.origin + path, headers: { ...headers, ...proxy.headers }, via });
}

type RequestOfRoute = Pick<HttpRoute, "target" | "headers" | "via">;

function direct(to: URL, request: RequestOfRoute): HttpRoute {
  const key = to.origin;
  return {
    ...request,
    key,
    connect: (onread) => {
      const options = { host: hostOf(to), port: portOf(to), noDelay: true, onread };
      return to.protocol === "https:" ? secured(to, key, options) : connect(options);
    },
  };
}

// How long a proxy may take to open a tunnel, in ms. Requests have limits of their own.
const tunnelMs = 30_000;

function tunnelled(to: URL, proxy: NamedProxy, request: RequestOfRoute): HttpRoute {
  const key = JSON.stringify([to.origin, proxy.url.href, proxy.headers]);
  return {
    ...request,
    key,
    connect: async () => {
      const { HttpProxyAgent } = await import("hpagent");
      const agent = new HttpProxyAgent({ proxy: proxy.url, proxyRequestOptions: { headers: proxy.headers } });
      const tunnel = { host: to.hostname, port: portOf(to), timeout: tunnelMs };
      const socket = await new Promise<Socket>((resolve, reject) => {
        agent.createConnection(tunnel, (error, opened) => {
          if (error) reject(error);
          else resolve(opened as Socket);
        });
      });
      return secured(to, key, { socket });
    },
  };
}

/** TLS sessions by route. A server recognises the client by them, so that further connections cost less. */
const sessions = new Map<string, Buffer>();

/** TLS is imported late: it would be a large part of a worker's start, and many tile servers do without it. */
async function secured(to: URL, key: string, options: ConnectionOptions): Promise<Socket> {
  const tls = await import("node:tls");
  const [host, session] = [hostOf(to), sessions.get(key)];
  const socket = tls.connect({
    ...options,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(session && { session }),
    ALPNProtocols: ["http/1.1"],
  });
  socket.on("session", (latest: Buffer) => sessions.set(key, latest));
  socket.on("error", () => sessions.delete(key));
  return socket;
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
