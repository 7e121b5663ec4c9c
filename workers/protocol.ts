/** What crosses the border between the calling thread and a worker: plain records, nothing else. */

import type { TileErrorRecord } from "../src/errors.js";
import type { Triple } from "../src/space/axis-order.js";
import type { DataType, Voxels } from "../src/space/data-type.js";

/** A part of a file. */
export interface ByteRange {
  /** Its first byte. */
  readonly offset: number;
  /** Number of bytes, at least 1. */
  readonly length: number;
}

/** A PNG or JPEG of one section. */
export interface ImageCodec {
  readonly kind: "image";
  /** Whether the file holds the section mirrored along its diagonal (types 6 and 8 in ZY). */
  readonly transpose: boolean;
  /** Bits that a sample may have; files of fewer keep their values. */
  readonly dataType: "uint8" | "uint16";
  /** One of the channels of a colour image, from 0, or their grey. */
  readonly channel: "grey" | number;
}

/** How the voxels of an N5 block, behind its header, are packed. */
export type N5Compression = "raw" | "gzip" | "zlib" | "bzip2" | "xz" | "lz4" | "blosc" | "zstd";

/** A file of an N5 dataset: a header, and big-endian voxels, the first axis of the dataset fastest. */
export interface N5Codec {
  readonly kind: "n5";
  readonly dataType: DataType;
  readonly compression: N5Compression;
  /** Which axis of the dataset each of z, y and x is, from 0; a dataset of more axes has length 1 along the others. */
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
  /** Whether the chunk is packed with gzip inside of its file, as in shards. */
  readonly gzip: boolean;
  /** Number of channels that it has. */
  readonly channels: number;
  /** Which of them is wanted, from 0. */
  readonly channel: number;
  /** Which axis of the volume (0 is x) each of z, y and x is. */
  readonly axes: Triple;
}

/** The bytes themselves are what is wanted: metadata and indexes. The shape is `[1, 1, length]`. */
export interface BytesCodec {
  readonly kind: "bytes";
}

/** What a codec is made of, such as `{ id: "zstd", level: 3 }`. */
export type CodecConfig = Readonly<Record<string, string | number>> & { readonly id: string };

/** A module that exports a codec as those of the package `numcodecs` do. */
export interface CodecModule {
  readonly default: {
    /** Makes the codec. What it packs has memory of its own. */
    fromConfig(config: CodecConfig): { encode(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> };
  };
}

/** A codec, and where it is: in Node alone, as the workers of a page import none. */
export interface CodecPacking {
  readonly kind: "codec";
  /** URL of a {@link CodecModule}. */
  readonly module: string;
  readonly config: CodecConfig;
}

/** How bytes are packed. `level`, 0 to 9, is the platform's; browsers have one only. */
export type Packing = { readonly kind: "gzip" | "zlib"; readonly level: number } | CodecPacking;

/** The other way round: the body that comes with the job is packed, for a file that is written. The shape is `[1, 1, length]`. */
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
  /** Which part of that file the block is. Default: all of it. */
  readonly range?: ByteRange;
  /** Request headers, credentials among them; they go to the origin of `url` alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** How it is decoded. */
  readonly codec: Codec;
  /** The largest shape that the block may have, z, y, x; that of a precomputed chunk exactly. */
  readonly shape: Triple;
  /** Limit for the whole request, body included, in ms. */
  readonly timeoutMs: number;
  /** HTTP statuses that mean "there is no such block". */
  readonly missingStatuses: readonly number[];
  /** Largest body that is accepted, in bytes. */
  readonly maxBodyBytes: number;
  /** Whether the result has to bring the file along, for a caller who wants to look at it. */
  readonly returnsBody?: boolean;
  /** The body, where the calling thread fetched it already with a `fetch` of its own; then no request is made. */
  readonly body?: Uint8Array;
}

/** What became of a job. Expected failures are results: Comlink would flatten a thrown error. */
export type BlockResult =
  | {
      readonly kind: "block";
      /** The voxels, x fastest, as many as the shape says; transferred. */
      readonly data: Voxels;
      /** Extent along z, y, x: at most the job's. */
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

/** What a worker sends: a result, or the body of a file that it lacks the decoder for. */
export type WorkerAnswer = BlockResult | { readonly kind: "handed-back"; readonly body: Uint8Array };

/** The service that a worker exposes over Comlink. */
export interface WorkerApi {
  /** The handshake: resolves when the worker is ready for jobs. */
  ready(): Promise<true>;
  /** Runs one job. `id` is the caller's, unique in this worker. Never rejects for an expected failure. */
  run(id: number, job: BlockJob): Promise<WorkerAnswer>;
  /** Aborts a job; its `run` then resolves with any result, which the caller ignores. */
  cancel(id: number): void;
}
