import { inflateSync } from "node:zlib";

/** The bytes of a zlib stream in base64. */
export function unpackKernels(packed: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(inflateSync(Buffer.from(packed, "base64")));
}
