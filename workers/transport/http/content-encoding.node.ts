import { brotliDecompressSync, inflateRawSync, inflateSync, unzipSync } from "node:zlib";
import { TransportFailure, tooLarge } from "../transport.js";

type Undo = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

const undoings: ReadonlyMap<string, Undo> = new Map<string, Undo>([
  ["gzip", unzipSync],
  ["x-gzip", unzipSync],
  ["deflate", (body, options) => (isZlib(body) ? inflateSync : inflateRawSync)(body, options)],
  ["br", brotliDecompressSync],
]);

/** A body with its encodings undone, and the names of encodings that are unknown here. */
export interface UnencodedBody {
  readonly body: Uint8Array;
  /** The names as in the header. Their encodings were not undone. */
  readonly unknown: readonly string[];
}

/**
 * Undoes the encodings that a Content-Encoding lists, the last first. Nobody asked for an encoding, but servers with
 * `gzip_types *` send one anyway. Like `fetch`, it ignores names that are no encodings (`none`, `utf-8`,
 * `aws-chunked`). Decoding shows whether the body is an image as it is.
 */
export function unencoded(encoded: Uint8Array, encoding: string, maxOutputLength: number): UnencodedBody {
  const names = encoding
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name.toLowerCase() !== "identity");
  const unknown: string[] = [];
  let body = encoded;
  for (const name of names.reverse()) {
    const undo = undoings.get(name.toLowerCase());
    if (undo === undefined) unknown.unshift(name);
    else if (body.length > 0) body = undone(undo, name, body, maxOutputLength);
  }
  return { body, unknown };
}

function undone(undo: Undo, name: string, body: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return undo(body, { maxOutputLength });
  } catch (error) {
    // Checked by its code, because the RangeError may be of another realm (Jest).
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxOutputLength);
    throw new TransportFailure("network", `has a damaged Content-Encoding (${JSON.stringify(name)})`);
  }
}

/** Whether deflated bytes have zlib's frame, as they should. Some servers send them without it. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 15) === 8 && ((first << 8) | second) % 31 === 0;
}
