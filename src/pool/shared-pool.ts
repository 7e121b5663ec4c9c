import { startsAreDear } from "#spawn-worker";
import type { TileJob, TileResult } from "../../workers/protocol.js";
import { ClosedError } from "../errors.js";
import { createCallerFirstPool } from "./caller-first-pool.js";
import { OpenJobs } from "./open-jobs.js";
import type { TilePool } from "./tile-pool.js";
import type { CreateTileWorker } from "./tile-worker-handle.js";
import { createWorkerPool, type WorkerPool } from "./worker-pool.js";

/** How long workers that nobody holds stay warm. A viewer opens and closes fetchers within seconds. */
const defaultLingerMs = 30_000;

/** Which pool is wanted. Pools are shared between callers that ask for the same `threads` and `createWorker`. */
export interface SharedPoolOptions {
  /** How many workers there may be. */
  readonly threads: number;
  /** Makes the workers; by default the library's own. */
  readonly createWorker?: CreateTileWorker;
  /** Whether workers start when they pay, where starting them is dear (Node). Default: at once. */
  readonly startLate?: boolean;
  /** Called once, with a sentence, when the calling thread took over from workers that cannot be started. */
  readonly onFallback?: (message: string) => void;
  /** How long the workers outlive their last holder, in ms. Default 30 000. */
  readonly lingerMs?: number;
}

interface SharedPool {
  readonly pool: WorkerPool;
  readonly threads: number;
  readonly createWorker: CreateTileWorker | undefined;
  readonly holders: Set<(message: string) => void>;
  linger: ReturnType<typeof setTimeout> | undefined;
}

const shared = new Set<SharedPool>();

/**
 * A share in a process-wide pool of workers, which are started now if they are not running yet and need not start late. `close` gives the
 * share back and rejects the jobs of this share alone; the workers stay warm for the next holder for a while. On
 * Node, idle workers do not keep the process alive.
 */
export function acquireSharedPool(options: SharedPoolOptions): TilePool {
  const entry = find(options) ?? open(options);
  clearTimeout(entry.linger);
  const tell = (message: string): void => options.onFallback?.(message);
  entry.holders.add(tell);
  const { pool } = entry;
  if (pool.fallbackMessage !== undefined) tell(pool.fallbackMessage);
  else if (!startsAreDear || !options.startLate) pool.start();
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

function find({ threads, createWorker }: SharedPoolOptions): SharedPool | undefined {
  for (const entry of shared) {
    if (entry.threads !== threads || entry.createWorker !== createWorker) continue;
    // A pool that gave up stays with those who hold it; whoever comes next tries anew.
    if (!entry.pool.broken) return entry;
    shared.delete(entry);
  }
  return undefined;
}

function open({ threads, createWorker }: SharedPoolOptions): SharedPool {
  const holders = new Set<(message: string) => void>();
  const onFallback = (message: string): void => {
    for (const tell of [...holders]) tell(message);
  };
  const workers = createWorkerPool({ threads, onFallback, ...(createWorker && { createWorker }) });
  const pool = startsAreDear ? createCallerFirstPool(workers) : workers;
  const entry: SharedPool = { pool, threads, createWorker, holders, linger: undefined };
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
