import { createFetchTransport } from "./fetch-transport.js";
import type { Transport } from "./transport.js";

/** Requests of a browser: `fetch`, in whichever thread this runs. */
export const platformTransport: Transport = createFetchTransport((url, init) => fetch(url, init), explain);

/** A browser does not tell scripts why a request failed; name what it can be. */
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
