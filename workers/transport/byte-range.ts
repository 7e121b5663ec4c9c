/** Parts of files: how they are asked for, and whether what came is the part that was meant. */

import type { ByteRange } from "../protocol.js";
import { type TransportAnswer, TransportFailure } from "./transport.js";

/** The header that asks for a part. One part with both its ends needs no preflight across origins. */
export function rangeHeaders(range: ByteRange | undefined): { readonly Range?: string } {
  return range === undefined ? {} : { Range: `bytes=${boundsOf(range)}` };
}

/**
 * The part of a success that was asked for: a 206 must be it, and of a whole file it is cut out. Throws a
 * {@link TransportFailure} where it is not there.
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
  // Across origins the header is hidden unless the server exposes it; the length then has to do.
  if (contentRange !== undefined && /^bytes (\d+-\d+)\//i.exec(contentRange)?.[1] !== boundsOf(range)) {
    throw wrongRange(
      `was answered with ${JSON.stringify(contentRange)} where bytes ${boundsOf(range)} were asked for`,
    );
  }
  if (body.length === length) return body;
  throw wrongRange(`was answered with ${body.length} bytes where bytes ${boundsOf(range)} were asked for`);
}

/** Whether a server that wants a log-in, or is being mended, says so in place of the file. A part of it would say nothing. */
function isPage({ contentType, body }: TransportAnswer): boolean {
  const start = String.fromCharCode(...body.subarray(0, 256));
  return /^text\/html\b/i.test(contentType ?? "") || /^\s*<(?:!doctype\s+html|html)\b/i.test(start);
}

/** The first and the last byte, as HTTP writes them. */
function boundsOf({ offset, length }: ByteRange): string {
  return `${offset}-${offset + length - 1}`;
}

function wrongRange(what: string): TransportFailure {
  return new TransportFailure("wrong-range", what);
}
