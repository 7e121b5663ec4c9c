import { connect, isIP, type OnReadOpts, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { type NamedProxy, proxyFor } from "./proxy.node.js";

/** How requests for an address are sent. */
export interface HttpRoute {
  /** Where connections lead: those of equal keys can stand in for each other. */
  readonly key: string;
  /** What the first line of a request asks for. */
  readonly target: string;
  /** Headers that belong to the way: `Host`, and credentials for a proxy. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a message adds of a proxy in between; empty without one. */
  readonly via: string;
  /** Opens a connection. What it receives goes to `onread`; through a tunnel, it is the socket's `data`. */
  connect(onread: OnReadOpts): Socket | Promise<Socket>;
}

/** The one way of all requests of Node: straight, or by the proxy that the environment names. */
export function httpRoute(url: URL): HttpRoute {
  const proxy = proxyFor(url);
  const path = url.pathname + url.search;
  const headers = { Host: url.host };
  if (proxy === undefined) return direct(url, { target: path, headers, via: "" });
  const via = ` (by the proxy ${proxy.url.origin})`;
  if (url.protocol === "https:") return tunnelled(url, proxy, { target: path, headers, via });
  // A plain request is the proxy's own, for a whole URL.
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

// How long a proxy may take to open a tunnel, in ms; requests have limits of their own.
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

/** By what a server recognizes a client, so that a further connection costs less; by route. */
const sessions = new Map<string, Buffer>();

/** TLS is a good part of what a worker would load at its start, and many tile servers do without it. */
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
