/** Requests for parts of files, and checks that the answer is the part that was asked for. */

import type { ByteRange } from "../protocol.js";
import { type TransportAnswer, TransportFailure } from "./transport.js";

/** The header that asks for a part. A single range with both ends needs no preflight across origins. */
export function rangeHeaders(range: ByteRange | undefined): { readonly Range?: string } {
  return range === undefined ? {} : { Range: `bytes=${boundsOf(range)}` };
}

/**
 * The part of a successful answer that was asked for. A 206 must be exactly that part; from a whole file it is cut out.
 * Throws a {@link TransportFailure} if the part is not there.
 */
export function partOf(answer: TransportAnswer, range: ByteRange): Uint8Array {
  const { status, body, contentRange } = answer;
  const { offset, length } = range;
  if (status !== 206) {
    if (isPage(answer)) {
      const what = `was answered with an HTML page where bytes ${boundsOf(range)} were asked for`;
      throw new TransportFailure("not-an-image", what);
    }
    if (body.length >= offset + length) return body.subarray(offset, offset + length);
    throw wrongRange(`has ${body.length} bytes, of which bytes ${boundsOf(range)} were asked for`);
  }
  // Across origins the header is hidden unless the server exposes it. Then only the length is checked.
  if (contentRange !== undefined && /^bytes (\d+-\d+)\//i.exec(contentRange)?.[1] !== boundsOf(range)) {
    throw wrongRange(
      `was answered with ${JSON.stringify(contentRange)} where bytes ${boundsOf(range)} were asked for`,
    );
  }
  if (body.length === length) return body;
  throw wrongRange(`was answered with ${body.length} bytes where bytes ${boundsOf(range)} were asked for`);
}

/** Whether the server sent an HTML page (a log-in, a notice of maintenance) instead of the file. */
function isPage({ contentType, body }: TransportAnswer): boolean {
  const start = String.fromCharCode(...body.subarray(0, 256));
  return /^text\/html\b/i.test(contentType ?? "") || /^\s*<(?:!doctype\s+html|html)\b/i.test(start);
}

/** The first and the last byte, as HTTP writes a range. */
function boundsOf({ offset, length }: ByteRange): string {
  return `${offset}-${offset + length - 1}`;
}

function wrongRange(what: string): TransportFailure {
  return new TransportFailure("wrong-range", what);
}
