import type { BlockJob, BlockResult } from "../../workers/protocol.js";

/** Something that fetches and decodes blocks: a pool of workers, or the calling thread. */
export interface BlockPool {
  /** Where the jobs run. */
  readonly kind: "workers" | "in-process";
  /**
   * Runs one job. Rejects with `signal.reason` at once when the signal aborts, with a `WorkerError` when no worker can
   * be kept, with a `ClosedError` after `close`. A job that was lost with its worker too often does not reject: its
   * result is an error.
   *
   * @param regionBlocks - How many blocks the region of this job has. Default: `Infinity`.
   */
  run(job: BlockJob, signal: AbortSignal, regionBlocks?: number): Promise<BlockResult>;
  /** Stops the workers; jobs under way reject with a `ClosedError`. May be called more than once. */
  close(): Promise<void>;
}
