/** What crosses the border between the calling thread and a tile worker: plain records, nothing else. */

import type { TileErrorRecord } from "../src/errors.js";

/** One tile to fetch and decode. */
export interface BlockJob {
  /** Absolute http(s) URL. */
  readonly url: string;
  /** Request headers, credentials among them; they go to the origin of `url` alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** Width of the mirror's tiles, in pixels of the tile as the array has it (after `transpose`). */
  readonly tileWidth: number;
  /** Height of the mirror's tiles, in pixels of the tile as the array has it (after `transpose`). */
  readonly tileHeight: number;
  /** Whether the image file holds the tile mirrored along its diagonal (types 6 and 8 in ZY). */
  readonly transpose: boolean;
  /** Limit for the whole request, body included, in ms. */
  readonly timeoutMs: number;
  /** HTTP statuses that mean "there is no such tile". */
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
      readonly kind: "tile";
      /** Grey values, row by row, `width * height` of them; transferred. */
      readonly data: Uint8Array;
      /** Width in pixels, at most the job's `tileWidth`. */
      readonly width: number;
      /** Height in pixels, at most the job's `tileHeight`. */
      readonly height: number;
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

/** The service that a tile worker exposes over Comlink. */
export interface TileWorkerApi {
  /** The handshake: resolves when the worker is ready for jobs. */
  ready(): Promise<true>;
  /** Runs one job. `id` is the caller's, unique in this worker. Never rejects for an expected failure. */
  run(id: number, job: BlockJob): Promise<WorkerAnswer>;
  /** Aborts a job; its `run` then resolves with any result, which the caller ignores. */
  cancel(id: number): void;
}
