import { createFetchTransport } from "./fetch-transport.js";
import type { Transport } from "./transport.js";

/**
 * Browsers do not tell scripts why a request failed, so the message names the possible reasons. Mixed content is not
 * certain even if the page is https and the address http: browsers exempt the machine that they run on.
 */
const failure =
  `failed: network failure, CORS (no Access-Control-Allow-Origin for ${globalThis.origin}), the page's ` +
  "Content-Security-Policy (connect-src), mixed content (http from an https page), or no permission for the local " +
  "network; only the browser's console says which";

/** The transport of browsers: `fetch`, in any thread. */
export const platformTransport: Transport = createFetchTransport((url, init) => fetch(url, init), failure);
