import { exchange } from "../../workers/transport/http/http-exchange.node.js";
import { TransportFailure } from "../../workers/transport/transport.js";
import { type ApiTransport, answerTooLarge, maxAnswerBytes } from "./api-transport.js";
import { jsonDecoder } from "./json-decoder.js";

// The body of an error says what is wrong, so it is read in full.
const limits = { maxBodyBytes: maxAnswerBytes, maxRefusalBytes: maxAnswerBytes, refusalMs: undefined };

/** Makes requests in Node as for tiles: the same proxies, the same `User-Agent`, the same messages of failure. */
export const platformApiTransport: ApiTransport = async ({ url, headers, signal }) => {
  const { answer, location } = await exchange(new URL(url), headers, limits, signal).catch(
    (error: unknown) => {
      if (!(error instanceof TransportFailure)) throw error;
      if (error.reason === "too-large") throw answerTooLarge(url, 200);
      // Throws as `fetch` does, without "failed", which the caller's message says already.
      throw new TypeError(error.message.replace(/^failed: /, ""));
    },
  );
  const { status, body } = answer;
  return {
    status,
    isRedirect: location !== undefined,
    location: location ?? null,
    text: async () => jsonDecoder(body).decode(body),
    cancel: async () => {},
  };
};
