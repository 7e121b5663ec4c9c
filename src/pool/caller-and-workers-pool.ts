import { busyMs } from "../../workers/busy-time.js";
import type { TileJob, TileResult } from "../../workers/protocol.js";
import { createInProcessPool } from "./in-process-pool.js";
import type { TilePool } from "./tile-pool.js";
import type { WorkerPool } from "./worker-pool.js";

// The calling thread fetches so many tiles in the time that it takes until a thread of Node is of use.
const manyTiles = 64;
// The same, where tiles come a few at a time.
const muchDecodingMs = 60;
// So many it takes until another thread, which spares the calling one a few per cent of its time, has paid for its start.
const mostTilesHelped = 1000;

/** When a {@link createCallerAndWorkersPool} starts workers. */
export interface WorkerStarts {
  /** For how long the calling thread decodes before workers start, in ms. Default 60. */
  readonly decodeMs?: number;
  /** How many tiles it helps with, from then on. Default 1000. */
  readonly helpedTiles?: number;
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
  { decodeMs = muchDecodingMs, helpedTiles = mostTilesHelped }: WorkerStarts = {},
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
      if (busyMs() - busyBefore < decodeMs) return true;
      start();
    }
    if (workers.kind === "in-process" || workers.broken) return false;
    if (++helped > helpedTiles) startLast();
    return workers.ready < threads && caller.load <= workers.leastLoad;
  };
  return {
    get kind() {
      return workers.kind;
    },
    expect(tiles: number): void {
      if (tiles >= manyTiles && !started) start();
      if (tiles >= helpedTiles) startLast();
    },
    run: (job: TileJob, signal: AbortSignal): Promise<TileResult> =>
      (isCallersTurn() ? caller : workers).run(job, signal),
    async close(): Promise<void> {
      await Promise.all([caller.close(), workers.close()]);
    },
  };
}
