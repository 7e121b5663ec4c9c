import type { Packing } from "../protocol.js";

/** Packs bytes. Rejects if a codec cannot be imported. */
export type PackNow = (bytes: Uint8Array, packing: Packing) => Promise<Uint8Array<ArrayBuffer>>;
