import { shownUrl } from "../../../../workers/transport/shown-url.js";
import { tileErrorFrom } from "../../../errors.js";

/** The error for a shard whose index cannot be right. */
export function indexFault(url: string, what: string): Error {
  const message = `the shard ${shownUrl(url)} is damaged: ${what}`;
  return tileErrorFrom({ reason: "corrupt-image", message, url: shownUrl(url), status: 206 });
}
