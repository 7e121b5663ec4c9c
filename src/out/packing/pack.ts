import type { CodecPacking } from "../../../workers/protocol.js";
import type { Bytes } from "../../space/bytes.js";

/** How bytes are packed in a file. */
export type OutCompression =
  | { readonly kind: "none" }
  /** Packed by the platform. `level`: 0 to 9, default 6. */
  | { readonly kind: "gzip" | "zlib"; readonly level?: number }
  /** Packed by the optional package `numcodecs`. `level`: 1 to 22, default 3. */
  | { readonly kind: "zstd"; readonly level?: number }
  /**
   * Packed by the optional package `numcodecs`, with zstd. If a voxel has more than one byte, the bytes are shuffled in
   * groups of four. `level`: 0 to 9, default 3. `elementBytes`: bytes of one voxel.
   */
  | { readonly kind: "blosc"; readonly level?: number; readonly elementBytes: number };

/**
 * Packs bytes. The caller may reuse the given bytes when the promise resolves, except with the kind `"none"`: it resolves
 * with the given bytes themselves.
 */
export type Pack = (bytes: Bytes, compression: OutCompression) => Promise<Bytes>;

/** What a fetch does for its writer. */
export interface WriterTools {
  /** Packs bytes with gzip or zlib where blocks are decoded: in workers if there are any. Browsers ignore the level. */
  pack(bytes: Bytes, format: "gzip" | "zlib", level: number): Promise<Bytes>;
  /**
   * Packs bytes with the codec of a module that can be imported where blocks are decoded.
   *
   * @internal
   */
  packWith?(bytes: Bytes, codec: CodecPacking): Promise<Bytes>;
  /** Aborted when the fetch is. A `flush` that takes long should watch it. */
  readonly signal: AbortSignal;
}
