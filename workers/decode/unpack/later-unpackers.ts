import type { N5Compression } from "../../protocol.js";

/** Unpacks a file to exactly so many bytes, in a buffer of their own. Throws a `DecodeFailure` where it is no such file. */
export type Unpack = (file: Uint8Array, length: number) => Uint8Array<ArrayBuffer>;

/** Compressions whose unpackers are loaded when a source needs them. */
export type LaterCompression = Exclude<N5Compression, "raw" | "gzip" | "zlib">;

/** The unpackers of them all. */
export type LaterUnpackers = Readonly<Record<LaterCompression, Unpack>>;
