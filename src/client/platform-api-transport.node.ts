import { exchange } from "../../workers/transport/http/http-exchange.node.js";
import { TransportFailure } from "../../workers/transport/transport.js";
import { type ApiTransport, answerTooLarge, maxAnswerBytes } from "./api-transport.js";
import { jsonDecoder } from "./json-decoder.js";

// What an error says is of interest, too.
const limits = { maxBodyBytes: maxAnswerBytes, maxRefusalBytes: maxAnswerBytes, refusalMs: undefined };

/** Requests of Node, by the way of the tiles: the same proxies, the same name, the same words for what fails. */
export const platformApiTransport: ApiTransport = async ({ url, headers, signal }) => {
  const { answer, location } = await exchange(new URL(url), headers, limits, signal).catch(
    (error: unknown) => {
      if (!(error instanceof TransportFailure)) throw error;
      if (error.reason === "too-large") throw answerTooLarge(url, 200);
      // As `fetch` does; what precedes the reason is said already.
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
