import { busyMs } from "../../workers/busy-time.js";
import type { TileJob, TileResult } from "../../workers/protocol.js";
import { createInProcessPool } from "./in-process-pool.js";
import type { TilePool } from "./tile-pool.js";
import type { WorkerPool } from "./worker-pool.js";

/** When a pool starts workers beside the calling thread. */
export interface WorkerStarts {
  /** With a fetch of so many tiles, */
  readonly manyTiles: number;
  /** or when the calling thread has decoded for so long, in ms. */
  readonly decodeMs: number;
  /** The last one, when the calling thread may have helped with so many. */
  readonly helpedTiles: number;
}

// So many tiles it takes until another thread, which spares the calling one a few per cent of its time, has paid for its start.
const helpedTiles = 1000;

// The calling thread does this much in the time in which a thread of Node starts and is compiled to speed,
const early: WorkerStarts = { manyTiles: 64, decodeMs: 60, helpedTiles };
// and so much when it is at speed itself, and the other thread's start takes the only other core from the server.
const late: WorkerStarts = { manyTiles: 500, decodeMs: 250, helpedTiles };

/**
 * What pays on `threads` cores, for a thread that has decoded for `decodedMs`. Measured on two cores: docs/performance.md.
 */
export function startsThatPay(threads: number, decodedMs: number): WorkerStarts {
  return threads > 2 || decodedMs < early.decodeMs ? early : late;
}

/**
 * A pool for platforms on which starting a worker takes as long as fetching dozens of tiles. The calling thread does
 * the jobs alone until many are expected, or until it has decoded a good deal. Then workers start, one less than
 * `threads`, and a job goes to whoever has the fewest. When that has gone on for long, the last worker starts as well, and the
 * calling thread leaves the jobs to them as soon as all are ready.
 *
 * @param workers - Not started yet, with room for one less than `threads`.
 * @param threads - How many workers there may be in the end.
 */
export function createCallerAndWorkersPool(
  workers: WorkerPool,
  threads: number,
  starts: WorkerStarts = startsThatPay(threads, busyMs()),
): TilePool {
  const caller = createInProcessPool();
  const busyBefore = busyMs();
  let started = false;
  let helped = 0;
  const start = (): void => {
    started = true;
    workers.start();
  };
  const startLast = (): void => {
    helped = Number.POSITIVE_INFINITY;
    workers.grow(threads);
  };
  const isCallersTurn = (): boolean => {
    if (!started) {
      if (busyMs() - busyBefore < starts.decodeMs) return true;
      start();
    }
    if (workers.kind === "in-process" || workers.broken) return false;
    if (++helped > starts.helpedTiles) startLast();
    return workers.ready < threads && caller.load <= workers.leastLoad;
  };
  return {
    get kind() {
      return workers.kind;
    },
    expect(tiles: number): void {
      if (tiles >= starts.manyTiles && !started) start();
      if (tiles >= starts.helpedTiles) startLast();
    },
    run: (job: TileJob, signal: AbortSignal): Promise<TileResult> =>
      (isCallersTurn() ? caller : workers).run(job, signal),
    async close(): Promise<void> {
      await Promise.all([caller.close(), workers.close()]);
    },
  };
}
