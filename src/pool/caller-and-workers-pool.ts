import { busyMs } from "../../workers/busy-time.js";
import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import type { BlockPool } from "./block-pool.js";
import { createInProcessPool } from "./in-process-pool.js";
import type { WorkerPool } from "./worker-pool.js";

/** When a pool starts workers beside the calling thread. */
export interface WorkerStarts {
  /** With a fetch of so many tiles, */
  readonly manyTiles: number;
  /** or when the calling thread has decoded for so long, in ms, and has more to do than one tile at a time. */
  readonly decodeMs: number;
}

// The calling thread does this much in the time in which a thread of Node starts and is compiled to speed,
const early: WorkerStarts = { manyTiles: 64, decodeMs: 60 };
// and so much when it is at speed itself, and the other thread's start takes the only other core from the server.
const late: WorkerStarts = { manyTiles: 1000, decodeMs: 250 };

// So many shared tiles it takes until one more thread, which makes a fetch a few per cent faster, has paid for its start.
const mostTilesHelped = 1000;

/**
 * What pays on `threads` cores, for a thread that has decoded for `decodedMs`. Measured on two cores: docs/performance.md.
 */
export function startsThatPay(threads: number, decodedMs: number): WorkerStarts {
  return threads > 2 || decodedMs < late.decodeMs ? early : late;
}

/** What differs from the usual, for tests. */
export interface CallerAndWorkersOptions extends Partial<WorkerStarts> {
  /** How many tiles the calling thread helps with. Default: 1000. */
  readonly helpedTiles?: number;
}

/**
 * A pool for platforms on which starting a worker takes as long as fetching dozens of tiles. The calling thread does
 * the jobs alone until many are expected, or until it has decoded a good deal. Then workers start, as many as there may
 * be at first, and a job goes to whoever has the fewest. After a thousand jobs the other workers start as well, and the
 * calling thread leaves the jobs to them as soon as all are ready.
 *
 * @param workers - Not started yet, with room for one less than `threads` at first.
 * @param threads - How many workers there may be in the end.
 */
export function createCallerAndWorkersPool(
  workers: WorkerPool,
  threads: number,
  { helpedTiles = mostTilesHelped, ...fixed }: CallerAndWorkersOptions = {},
): BlockPool {
  const caller = createInProcessPool();
  const busyBefore = busyMs();
  const starts = (decodedMs: number): WorkerStarts => ({ ...startsThatPay(threads, decodedMs), ...fixed });
  let started = false;
  let expectsMany = false;
  let sharedJobs = 0;
  const start = (): void => {
    if (started) return;
    started = true;
    workers.start();
  };
  const isCallersTurn = (): boolean => {
    if (caller.load > 0 && busyMs() - busyBefore >= starts(busyBefore).decodeMs) start();
    if (!started) return true;
    if (workers.kind === "in-process" || workers.broken) return false;
    // A few tiles would have to wait for the worker.
    if (workers.ready === 0 && !expectsMany) return true;
    if (workers.leastLoad > 0 && sharedJobs++ === helpedTiles) workers.grow();
    return workers.ready < threads && caller.load <= workers.leastLoad;
  };
  return {
    get kind() {
      return workers.kind;
    },
    expect(tiles: number): void {
      if (tiles < starts(busyMs()).manyTiles) return;
      expectsMany = true;
      start();
      if (tiles >= helpedTiles) workers.grow();
    },
    run: (job: BlockJob, signal: AbortSignal): Promise<BlockResult> =>
      (isCallersTurn() ? caller : workers).run(job, signal),
    async close(): Promise<void> {
      await Promise.all([caller.close(), workers.close()]);
    },
  };
}
