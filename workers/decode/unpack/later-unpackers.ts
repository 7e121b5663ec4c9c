import type { N5Compression } from "../../protocol.js";

/** Unpacks a file to exactly `length` bytes, in a buffer of their own. Throws a `DecodeFailure` if it is invalid. */
export type Unpack = (file: Uint8Array, length: number) => Uint8Array<ArrayBuffer>;

/** Compressions whose unpackers are loaded only when a source needs them. */
export type LaterCompression = Exclude<N5Compression, "raw" | "gzip" | "zlib">;

/** The unpackers of all these compressions. */
export type LaterUnpackers = Readonly<Record<LaterCompression, Unpack>>;
