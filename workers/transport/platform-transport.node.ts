import { rangeHeaders } from "./byte-range.js";
import { exchange } from "./http/http-exchange.node.js";
import { shownUrl } from "./shown-url.js";
import { drainMs, maxDrainedBytes, type Transport, TransportFailure } from "./transport.js";

/** More redirects than any sane server needs. */
const maxRedirects = 5;

/**
 * The transport of Node, over its sockets: `node:http` would make a fetch half as long again (docs/performance.md). It
 * follows redirects itself, so that headers go only to the origin that they are meant for.
 */
export const platformTransport: Transport = async (request, signal) => {
  let url = new URL(request.url);
  let headers = request.headers;
  // A part of a file that was encoded on the way would be useless.
  const always = request.range && { ...rangeHeaders(request.range), "Accept-Encoding": "identity" };
  const { maxBodyBytes } = request;
  const limits = { maxBodyBytes, maxRefusalBytes: maxDrainedBytes, refusalMs: drainMs };
  for (let hops = 0; ; hops += 1) {
    const { answer, location } = await exchange(url, { ...headers, ...always }, limits, signal);
    if (location === undefined) return answer;
    const next = followed(location, url);
    if (hops === maxRedirects) {
      throw new TransportFailure(
        "redirect",
        `was redirected more than ${maxRedirects} times, last to ${shownUrl(next.href)}`,
      );
    }
    if (next.origin !== url.origin) headers = {};
    url = next;
  }
};

function followed(location: string, base: URL): URL {
  const next = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (next === undefined || (next.protocol !== "http:" && next.protocol !== "https:")) {
    throw new TransportFailure("redirect", "was redirected to something that is no http(s) URL");
  }
  next.username = "";
  next.password = "";
  return next;
}
