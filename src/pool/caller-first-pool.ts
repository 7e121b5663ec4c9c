import { busyMs } from "../../workers/busy-time.js";
import type { TileJob, TileResult } from "../../workers/protocol.js";
import { createInProcessPool } from "./in-process-pool.js";
import type { WorkerPool } from "./worker-pool.js";

// The calling thread fetches so many tiles in the time that it takes until two threads of Node are of use.
const manyTiles = 64;
// The same, where tiles come a few at a time.
const muchDecodingMs = 60;

/**
 * A pool for platforms on which starting workers takes as long as fetching dozens of tiles: the calling thread does the
 * jobs until many are expected, or until it has decoded a good deal and a worker is ready. `start` starts the workers at
 * once, and leaves all jobs to them.
 *
 * @param workers - Not started yet.
 * @param decodeMs - For how long the calling thread decodes before the workers start.
 */
export function createCallerFirstPool(workers: WorkerPool, decodeMs: number = muchDecodingMs): WorkerPool {
  const caller = createInProcessPool();
  const busyBefore = busyMs();
  let atOnce = false;
  const start = (): void => {
    atOnce = true;
    workers.start();
  };
  const callerIsFirst = (): boolean => {
    if (atOnce || workers.ready || workers.broken || workers.fallbackMessage !== undefined) return false;
    if (busyMs() - busyBefore >= decodeMs) workers.start();
    return true;
  };
  return {
    get kind() {
      return workers.kind;
    },
    get ready() {
      return workers.ready;
    },
    get broken() {
      return workers.broken;
    },
    get fallbackMessage() {
      return workers.fallbackMessage;
    },
    start,
    expect(tiles: number): void {
      if (tiles >= manyTiles && callerIsFirst()) start();
    },
    run(job: TileJob, signal: AbortSignal): Promise<TileResult> {
      return (callerIsFirst() ? caller : workers).run(job, signal);
    },
    async close(): Promise<void> {
      await Promise.all([caller.close(), workers.close()]);
    },
  };
}
