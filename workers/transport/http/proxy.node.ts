import { getProxyForUrl } from "proxy-from-env";
import { TransportFailure } from "../transport.js";

/** A proxy that the environment names for an address. */
export interface NamedProxy {
  /** Its address, without credentials. */
  readonly url: URL;
  /** Its credentials: `Proxy-Authorization`, or nothing. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The proxy for a URL, from `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` in either case. They are read for
 * each request, because the program may change its environment.
 */
export function proxyFor(url: URL): NamedProxy | undefined {
  const text = getProxyForUrl(url);
  if (text === "") return undefined;
  // `getProxyForUrl` adds the request's scheme to an address without one. Nearly always, a plain proxy listens there.
  const isGuess = text.startsWith("https:") && !Object.values(process.env).includes(text);
  const address = isGuess ? text.replace("https:", "http:") : text;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy === undefined || (proxy.protocol !== "http:" && proxy.protocol !== "https:")) {
    throw new TransportFailure(
      "network",
      "was not asked: the environment (HTTP_PROXY, HTTPS_PROXY or ALL_PROXY) names a proxy that is no http or https URL",
    );
  }
  const { username, password } = proxy;
  proxy.username = "";
  proxy.password = "";
  if (username === "" && password === "") return { url: proxy, headers: {} };
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  return { url: proxy, headers: { "Proxy-Authorization": `Basic ${credentials}` } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
