/** The messages between the calling thread and a worker. They are plain records. */

import type { TileErrorRecord } from "../src/errors.js";
import type { Triple } from "../src/space/axis-order.js";
import type { DataType, Voxels } from "../src/space/data-type.js";

/** A part of a file. */
export interface ByteRange {
  /** Offset of its first byte in the file. */
  readonly offset: number;
  /** Number of bytes, at least 1. */
  readonly length: number;
}

/** A PNG or JPEG of one section. */
export interface ImageCodec {
  readonly kind: "image";
  /** Whether the file holds the section mirrored along its diagonal (types 6 and 8 in ZY). */
  readonly transpose: boolean;
  /** The number of bits that a sample may have. Files with fewer bits keep their values. */
  readonly dataType: "uint8" | "uint16";
  /** The channel of a colour image that is wanted, from 0, or `"grey"` for its luma. */
  readonly channel: "grey" | number;
}

/** How the voxels of an N5 block are packed, after its header. */
export type N5Compression = "raw" | "gzip" | "zlib" | "bzip2" | "xz" | "lz4" | "blosc" | "zstd";

/** A file of an N5 dataset: a header, then big-endian voxels with the first axis of the dataset fastest. */
export interface N5Codec {
  readonly kind: "n5";
  readonly dataType: DataType;
  readonly compression: N5Compression;
  /** For z, y and x: the matching axis of the dataset, from 0. All other axes of the dataset have length 1. */
  readonly axes: Triple;
  /** Number of axes of the dataset. */
  readonly rank: number;
}

/** How the voxels of a precomputed chunk are encoded. */
export type PrecomputedEncoding =
  | { readonly kind: "raw" | "jpeg" | "png" }
  | {
      readonly kind: "compressed_segmentation";
      /** Extent of its blocks: x, y, z of the volume. */
      readonly blockSize: Triple;
    };

/** A chunk of a precomputed volume: little-endian voxels, x of the volume fastest, then y, z and the channel. */
export interface PrecomputedCodec {
  readonly kind: "precomputed";
  readonly dataType: DataType;
  readonly encoding: PrecomputedEncoding;
  /** Whether the chunk is packed with gzip inside its file, as in shards. */
  readonly gzip: boolean;
  /** Number of channels of the chunk. */
  readonly channels: number;
  /** The channel that is wanted, from 0. */
  readonly channel: number;
  /** For z, y and x: the matching axis of the volume (0 is x). */
  readonly axes: Triple;
}

/** The bytes themselves are wanted, not voxels: metadata and indexes. The shape is `[1, 1, length]`. */
export interface BytesCodec {
  readonly kind: "bytes";
}

/** The configuration of a codec, such as `{ id: "zstd", level: 3 }`. */
export type CodecConfig = Readonly<Record<string, string | number>> & { readonly id: string };

/** A module that exports a codec in the way of the package `numcodecs`. */
export interface CodecModule {
  readonly default: {
    /** Makes the codec. Its output has memory of its own. */
    fromConfig(config: CodecConfig): { encode(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> };
  };
}

/** A codec and its module. Only Node's workers use it; workers of a page import no packages. */
export interface CodecPacking {
  readonly kind: "codec";
  /** URL of a {@link CodecModule}. */
  readonly module: string;
  readonly config: CodecConfig;
}

/** How bytes are packed. `level`, 0 to 9, is the platform's; browsers have only one level. */
export type Packing = { readonly kind: "gzip" | "zlib"; readonly level: number } | CodecPacking;

/** Packs instead of decoding: the job's body is packed for a file that is written. The shape is `[1, 1, length]`. */
export interface PackCodec {
  readonly kind: "pack";
  readonly packing: Packing;
}

/** How the bytes of a block become voxels. */
export type Codec = ImageCodec | N5Codec | PrecomputedCodec | BytesCodec | PackCodec;

/** One block to fetch and decode. */
export interface BlockJob {
  /** Absolute http(s) URL. */
  readonly url: string;
  /** The part of the file that holds the block. Default: the whole file. */
  readonly range?: ByteRange;
  /** Request headers, including credentials. They go only to the origin of `url`. */
  readonly headers: Readonly<Record<string, string>>;
  /** How the block is decoded. */
  readonly codec: Codec;
  /** The largest shape that the block may have, z, y, x. For a precomputed chunk, its exact shape. */
  readonly shape: Triple;
  /** Limit for the whole request, body included, in ms. */
  readonly timeoutMs: number;
  /** HTTP statuses that mean "there is no such block". */
  readonly missingStatuses: readonly number[];
  /** Largest body that is accepted, in bytes. */
  readonly maxBodyBytes: number;
  /** Whether the result must include the file, for a caller who wants to look at it. */
  readonly returnsBody?: boolean;
  /** The body, if the calling thread has already fetched it with a `fetch` of its own. Then no request is made. */
  readonly body?: Uint8Array;
}

/** The result of a job. Expected failures are results, because Comlink would flatten a thrown error. */
export type BlockResult =
  | {
      readonly kind: "block";
      /** The voxels, x fastest, as many as the shape says. They are transferred. */
      readonly data: Voxels;
      /** Extent along z, y, x: at most that of the job. */
      readonly shape: Triple;
      /** Size of the body in bytes. */
      readonly bodyBytes: number;
      /** Which decoder ran, such as `"jpeg-wasm"` or `"png-ts"`. */
      readonly decoder: string;
      /** The file, if it was asked for. */
      readonly body?: Uint8Array;
    }
  | { readonly kind: "missing"; readonly status: number; readonly bodyBytes: number }
  | {
      readonly kind: "error";
      readonly error: TileErrorRecord;
      /** The file that could not be decoded, if it was asked for. */
      readonly body?: Uint8Array;
    };

/** A worker's answer: a result, or the body of a file whose decoder the worker does not have. */
export type WorkerAnswer = BlockResult | { readonly kind: "handed-back"; readonly body: Uint8Array };

/** The service that a worker exposes over Comlink. */
export interface WorkerApi {
  /** The handshake: resolves when the worker is ready for jobs. */
  ready(): Promise<true>;
  /** Runs one job. The caller chooses `id`, which is unique in this worker. Never rejects for an expected failure. */
  run(id: number, job: BlockJob): Promise<WorkerAnswer>;
  /** Aborts a job. Its `run` then resolves with any result, which the caller ignores. */
  cancel(id: number): void;
}
