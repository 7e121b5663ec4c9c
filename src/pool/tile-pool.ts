import type { TileJob, TileResult } from "../../workers/protocol.js";

/** Something that fetches and decodes tiles: a pool of workers, or the calling thread. */
export interface TilePool {
  /** Where the jobs run. */
  readonly kind: "workers" | "in-process";
  /**
   * Runs one job. Rejects with `signal.reason` at once when the signal aborts, with a `WorkerError` when the
   * job was lost with its worker more often than it may be, with a `ClosedError` after `close`.
   */
  run(job: TileJob, signal: AbortSignal): Promise<TileResult>;
  /** Stops the workers; jobs under way reject with a `ClosedError`. May be called more than once. */
  close(): Promise<void>;
}
