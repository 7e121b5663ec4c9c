import { busyMs } from "../../workers/busy-time.js";
import type { TileJob, TileResult } from "../../workers/protocol.js";
import { createInProcessPool } from "./in-process-pool.js";
import type { WorkerPool } from "./worker-pool.js";

// Two threads of Node take 300 ms of processor time to start, and more until their code is compiled.
const dearStartMs = 250;

/**
 * A pool for platforms on which starting a worker costs as much as decoding some hundred tiles: the calling thread does
 * the jobs until it has decoded for as long as a start takes, and then until a worker is ready. `start` starts them at
 * once, and leaves all jobs to them.
 *
 * @param workers - Not started yet.
 * @param decodeMs - For how long the calling thread decodes before the workers start.
 */
export function createCallerFirstPool(workers: WorkerPool, decodeMs: number = dearStartMs): WorkerPool {
  const caller = createInProcessPool();
  const busyBefore = busyMs();
  let atOnce = false;
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
    start() {
      atOnce = true;
      workers.start();
    },
    run(job: TileJob, signal: AbortSignal): Promise<TileResult> {
      return (callerIsFirst() ? caller : workers).run(job, signal);
    },
    async close(): Promise<void> {
      await Promise.all([caller.close(), workers.close()]);
    },
  };
}
