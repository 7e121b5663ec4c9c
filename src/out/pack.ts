import type { CodecPacking } from "../../workers/protocol.js";
import type { Bytes } from "../space/bytes.js";

/** How bytes are packed in a file. */
export type OutCompression =
  | { readonly kind: "none" }
  /** The platform's. `level`: 0 to 9, default 6. */
  | { readonly kind: "gzip" | "zlib"; readonly level?: number }
  /** By the optional package `numcodecs`. `level`: 1 to 22, default 3. */
  | { readonly kind: "zstd"; readonly level?: number }
  /**
   * By the optional package `numcodecs`, with zstd; bytes are shuffled by four where voxels have more than one.
   * `level`: 0 to 9, default 3. `elementBytes`: of one voxel.
   */
  | { readonly kind: "blosc"; readonly level?: number; readonly elementBytes: number };

/** Packs bytes. Those given may be used again when it resolves, unless they are the result: what is not compressed is. */
export type Pack = (bytes: Bytes, compression: OutCompression) => Promise<Bytes>;

/** What a fetch does for its writer. */
export interface WriterTools {
  /** Packs bytes as gzip or zlib does, beside the decoding: in workers where there are some. Browsers have one level only. */
  pack(bytes: Bytes, format: "gzip" | "zlib", level: number): Promise<Bytes>;
  /**
   * The same with the codec of a module, where that can be imported beside the decoding.
   *
   * @internal
   */
  packWith?(bytes: Bytes, codec: CodecPacking): Promise<Bytes>;
  /** Aborted when the fetch is: what takes long in `flush` looks at it. */
  readonly signal: AbortSignal;
}
