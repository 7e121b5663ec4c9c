import { startsAreDear } from "#spawn-worker";
import type { TileJob, TileResult } from "../../workers/protocol.js";
import { ClosedError } from "../errors.js";
import { createCallerAndWorkersPool } from "./caller-and-workers-pool.js";
import { OpenJobs } from "./open-jobs.js";
import type { TilePool } from "./tile-pool.js";
import type { CreateTileWorker } from "./tile-worker-handle.js";
import { createWorkerPool, type WorkerPool } from "./worker-pool.js";

/** How long workers that nobody holds stay warm. A viewer opens and closes fetchers within seconds. */
const defaultLingerMs = 30_000;

/** Which pool is wanted. Pools are shared between callers that ask for the same of the first three options. */
export interface SharedPoolOptions {
  /** How many threads there may be. */
  readonly threads: number;
  /** Makes the workers; by default the library's own. */
  readonly createWorker?: CreateTileWorker;
  /**
   * Whether the calling thread is one of the threads where starting workers is dear (Node); they start when they pay, then. Default:
   * all are workers, which start at once.
   */
  readonly callerHelps?: boolean;
  /** Called once, with a sentence, when the calling thread took over from workers that cannot be started. */
  readonly onFallback?: (message: string) => void;
  /** How long the workers outlive their last holder, in ms. Default 30 000. */
  readonly lingerMs?: number;
}

interface SharedPool {
  readonly pool: TilePool;
  /** The same, or the workers that it has beside the calling thread. */
  readonly workers: WorkerPool;
  readonly wanted: SharedPoolOptions;
  readonly holders: Set<(message: string) => void>;
  linger: ReturnType<typeof setTimeout> | undefined;
}

const shared = new Set<SharedPool>();

/**
 * A share in a process-wide pool of workers, which are started now unless the caller helps. `close` gives the share back and rejects the jobs of this share alone; the workers stay warm for the next holder for a while. On
 * Node, idle workers do not keep the process alive.
 */
export function acquireSharedPool(options: SharedPoolOptions): TilePool {
  const entry = find(options) ?? open(options);
  clearTimeout(entry.linger);
  const tell = (message: string): void => options.onFallback?.(message);
  entry.holders.add(tell);
  const { pool, workers } = entry;
  if (workers.fallbackMessage !== undefined) tell(workers.fallbackMessage);
  else if (pool === workers) workers.start();
  const jobs = new OpenJobs();
  let closed = false;
  return {
    get kind() {
      return pool.kind;
    },
    run(job: TileJob, signal: AbortSignal): Promise<TileResult> {
      if (closed) return Promise.reject(new ClosedError("the tile pool is closed"));
      return jobs.run(signal, (inner) => pool.run(job, inner));
    },
    expect: (tiles) => pool.expect?.(tiles),
    async close(): Promise<void> {
      if (closed) return;
      closed = true;
      jobs.rejectAll(new ClosedError("the tile pool was closed while a tile was awaited"));
      entry.holders.delete(tell);
      if (entry.holders.size === 0) await retire(entry, options.lingerMs ?? defaultLingerMs);
    },
  };
}

/** Ends every shared pool at once, whoever holds it. */
export async function closeSharedPools(): Promise<void> {
  const all = [...shared];
  shared.clear();
  await Promise.all(
    all.map((entry) => {
      clearTimeout(entry.linger);
      return entry.pool.close();
    }),
  );
}

function find({ threads, createWorker, callerHelps = false }: SharedPoolOptions): SharedPool | undefined {
  for (const entry of shared) {
    const { wanted } = entry;
    if (wanted.threads !== threads || wanted.createWorker !== createWorker) continue;
    if ((wanted.callerHelps ?? false) !== callerHelps) continue;
    // A pool that gave up stays with those who hold it; whoever comes next tries anew.
    if (!entry.workers.broken) return entry;
    shared.delete(entry);
  }
  return undefined;
}

function open(wanted: SharedPoolOptions): SharedPool {
  const { threads, createWorker } = wanted;
  const callerHelps = startsAreDear && wanted.callerHelps === true;
  const holders = new Set<(message: string) => void>();
  const onFallback = (message: string): void => {
    for (const tell of [...holders]) tell(message);
  };
  const workers = createWorkerPool({
    threads: callerHelps ? Math.max(1, threads - 1) : threads,
    onFallback,
    ...(createWorker && { createWorker }),
  });
  const pool = callerHelps ? createCallerAndWorkersPool(workers, threads) : workers;
  const entry: SharedPool = { pool, workers, wanted, holders, linger: undefined };
  shared.add(entry);
  return entry;
}

/** Ends a pool that nobody holds, now or when its time is up. */
async function retire(entry: SharedPool, lingerMs: number): Promise<void> {
  const end = (): Promise<void> => {
    shared.delete(entry);
    return entry.pool.close();
  };
  if (lingerMs === 0) return end();
  entry.linger = setTimeout(() => end().catch(() => {}), lingerMs);
  // On Node the timer must not keep the process alive; a browser's timer is a number and does not.
  (entry.linger as { unref?: () => void }).unref?.();
}
