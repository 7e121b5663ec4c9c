import type { BlockJob, BlockResult } from "../../workers/protocol.js";

/** Something that fetches and decodes tiles: a pool of workers, or the calling thread. */
export interface BlockPool {
  /** Where the jobs run. */
  readonly kind: "workers" | "in-process";
  /**
   * Runs one job. Rejects with `signal.reason` at once when the signal aborts, with a `WorkerError` when no worker can
   * be kept, with a `ClosedError` after `close`. A job that was lost with its worker too often is a result: an error.
   */
  run(job: BlockJob, signal: AbortSignal): Promise<BlockResult>;
  /** Tells of a fetch of up to so many tiles, for a pool whose workers start when they pay. */
  expect?(tiles: number): void;
  /** Stops the workers; jobs under way reject with a `ClosedError`. May be called more than once. */
  close(): Promise<void>;
}
