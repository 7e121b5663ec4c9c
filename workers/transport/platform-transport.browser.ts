import { createFetchTransport } from "./fetch-transport.js";
import type { Transport } from "./transport.js";

/** The transport of browsers: `fetch`, in any thread. */
export const platformTransport: Transport = createFetchTransport((url, init) => fetch(url, init), explain);

/** Browsers do not tell scripts why a request failed, so the message names the possible reasons. */
function explain(url: string): string {
  const origin = globalThis.origin;
  if (origin.startsWith("https:") && url.startsWith("http:")) {
    return `failed: a page at ${origin} is https, and browsers block http requests from it (mixed content)`;
  }
  return (
    "failed: network failure, or CORS (the server does not send Access-Control-Allow-Origin for " +
    `${origin}), or the page's Content-Security-Policy (connect-src); browsers do not tell which`
  );
}
