import type { Endpoint } from "comlink";

/** What a pool needs of a worker, whatever the platform calls it. */
export interface WorkerHandle {
  /** The endpoint at which Comlink speaks to the worker. */
  readonly endpoint: Endpoint;
  /** Calls the listener when the worker can no longer be trusted: uncaught error, unreadable message, exit. */
  onFailure(listener: (cause: Error) => void): void;
  /** Keeps the process alive in Node; does nothing elsewhere. */
  ref(): void;
  /** Lets the process end although the worker exists, in Node; does nothing elsewhere. */
  unref(): void;
  /** Stops the worker at once. */
  terminate(): Promise<void>;
}

/**
 * A worker that a caller made: a browser's `Worker`, or Node's of `node:worker_threads`. It must run
 * `catmaid-image/worker`.
 */
export interface TileWorkerLike {
  /** Sends a message, as a `Worker` does. */
  postMessage(message: unknown, transfer: never[]): void;
  /** Stops the worker. */
  terminate(): unknown;
}

/**
 * Makes a worker that runs `catmaid-image/worker`, for pages whose Content-Security-Policy forbids `blob:` workers.
 *
 * @example
 * ```ts
 * const createWorker = () => new Worker(new URL("catmaid-image/worker", import.meta.url), { type: "module" });
 * ```
 */
export type CreateTileWorker = () => TileWorkerLike;

/** Starts a worker: one of the caller's, or the one that comes with the library. May throw. */
export type SpawnWorker = (createWorker?: CreateTileWorker) => WorkerHandle;
