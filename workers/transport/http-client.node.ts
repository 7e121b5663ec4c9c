import { Agent, type ClientRequest, type RequestOptions, request } from "node:http";
import { type NamedProxy, proxyFor } from "./proxy.node.js";

/** How requests for an address are sent. */
export interface HttpClient {
  /** Begins a request; it is sent when it is ended. */
  open(headers: Readonly<Record<string, string>>, freshSocket: boolean): ClientRequest;
  /** What a message adds of a proxy in between; empty without one. */
  readonly via: string;
}

interface Platform {
  readonly request: (options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

// Idle sockets of an agent do not keep the process alive. The scheduler bounds the requests, not the agents.
const plain: Platform = { request, agent: new Agent({ keepAlive: true }) };
let secure: Promise<Platform> | undefined;

/** TLS is a good part of what a worker would load at its start, and many tile servers do without it. */
function securePlatform(): Promise<Platform> {
  secure ??= import("node:https").then((https) => ({
    request: https.request,
    agent: new https.Agent({ keepAlive: true }),
  }));
  return secure;
}

/** The one way of all requests of Node: straight, or by the proxy that the environment names. */
export async function httpClient(url: URL): Promise<HttpClient> {
  const proxy = proxyFor(url);
  if (proxy === undefined) return direct(url, {}, "");
  const via = ` (by the proxy ${proxy.url.origin})`;
  return url.protocol === "https:" ? tunnelled(url, proxy, via) : forwarded(url, proxy, via);
}

async function direct(url: URL, options: RequestOptions, via: string): Promise<HttpClient> {
  const { request, agent } = url.protocol === "https:" ? await securePlatform() : plain;
  const target: RequestOptions = { ...addressOf(url), path: url.pathname + url.search, ...options };
  return {
    open: (headers, freshSocket) =>
      request({ ...target, headers: { ...target.headers, ...headers }, agent: freshSocket ? false : agent }),
    via,
  };
}

/** A plain request is the proxy's own, for a whole URL. */
function forwarded(url: URL, proxy: NamedProxy, via: string): Promise<HttpClient> {
  const path = url.href.slice(0, url.href.length - url.hash.length);
  return direct(proxy.url, { path, headers: { Host: url.host, ...proxy.headers } }, via);
}

// How long a proxy may take to open a tunnel, in ms; requests have limits of their own.
const tunnelMs = 30_000;
const tunnels = new Map<string, Agent>();

async function tunnelled(url: URL, proxy: NamedProxy, via: string): Promise<HttpClient> {
  const [{ HttpsProxyAgent }, { request }] = await Promise.all([import("hpagent"), securePlatform()]);
  const makeAgent = (keepAlive: boolean): Agent =>
    new HttpsProxyAgent({
      keepAlive,
      proxy: proxy.url,
      proxyRequestOptions: { headers: proxy.headers },
      timeout: tunnelMs,
    });
  const key = JSON.stringify([proxy.url.href, proxy.headers]);
  const agent = tunnels.get(key) ?? makeAgent(true);
  tunnels.set(key, agent);
  const target: RequestOptions = { ...addressOf(url), path: url.pathname + url.search };
  return {
    open: (headers, freshSocket) =>
      request({ ...target, headers, agent: freshSocket ? makeAgent(false) : agent }),
    via,
  };
}

function addressOf(url: URL): RequestOptions {
  return {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port,
  };
}
