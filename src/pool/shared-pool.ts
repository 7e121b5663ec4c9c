import { startsAreDear } from "#spawn-worker";
import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import { ClosedError } from "../errors.js";
import type { BlockPool } from "./block-pool.js";
import { createCallerAndWorkersPool } from "./caller-and-workers-pool.js";
import { OpenJobs } from "./open-jobs.js";
import type { CreateTileWorker } from "./tile-worker-handle.js";
import { createWorkerPool, type WorkerPool } from "./worker-pool.js";

/** How long workers that nobody holds stay warm. A viewer opens and closes fetchers within seconds. */
const defaultLingerMs = 30_000;

/** Which pool is wanted. Pools are shared between callers that ask for the same of the first three. */
export interface SharedPoolOptions {
  /** How many workers there may be; where the caller helps, one less until they have done a good deal. */
  readonly threads: number;
  /** Makes the workers; by default the library's own. */
  readonly createWorker?: CreateTileWorker;
  /** Whether the calling thread helps, where starting workers is dear (Node): they start when they pay. Default: no. */
  readonly callerHelps?: boolean;
  /** Called once, with a sentence, when the calling thread took over from workers that cannot be started. */
  readonly onFallback?: (message: string) => void;
  /** How long the workers outlive their last holder, in ms. Default 30 000. */
  readonly lingerMs?: number;
}

/** What two callers must ask for alike to share a pool. */
interface PoolKind {
  readonly threads: number;
  readonly createWorker: CreateTileWorker | undefined;
  readonly callerHelps: boolean;
}

interface SharedPool extends PoolKind {
  readonly pool: BlockPool;
  /** The same, or the workers that it has beside the calling thread. */
  readonly workers: WorkerPool;
  readonly holders: Set<(message: string) => void>;
  linger: ReturnType<typeof setTimeout> | undefined;
}

const shared = new Set<SharedPool>();

/**
 * A share in a process-wide pool of workers, which are started now unless the caller helps. `close` gives the share
 * back and rejects the jobs of this share alone; the workers stay warm for the next holder for a while. On Node, idle
 * workers do not keep the process alive.
 */
export function acquireSharedPool(options: SharedPoolOptions): BlockPool {
  const { threads, createWorker } = options;
  // Where starts are cheap, a caller that would help shares the pool of those that would not.
  const kind = { threads, createWorker, callerHelps: startsAreDear && options.callerHelps === true };
  const entry = find(kind) ?? open(kind);
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
    run(job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
      if (closed) return Promise.reject(new ClosedError("the tile pool is closed"));
      return jobs.run(signal, (inner) => pool.run(job, inner));
    },
    expect(tiles: number): void {
      if (!closed) pool.expect?.(tiles);
    },
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

function find({ threads, createWorker, callerHelps }: PoolKind): SharedPool | undefined {
  for (const entry of shared) {
    if (entry.threads !== threads || entry.createWorker !== createWorker) continue;
    if (entry.callerHelps !== callerHelps) continue;
    // A pool that gave up stays with those who hold it; whoever comes next tries anew.
    if (!entry.workers.broken) return entry;
    shared.delete(entry);
  }
  return undefined;
}

function open(kind: PoolKind): SharedPool {
  const { threads, createWorker, callerHelps } = kind;
  const holders = new Set<(message: string) => void>();
  const onFallback = (message: string): void => {
    for (const tell of [...holders]) tell(message);
  };
  const workers = createWorkerPool({
    threads,
    threadsAtFirst: callerHelps ? threads - 1 : threads,
    onFallback,
    ...(createWorker && { createWorker }),
  });
  // Named first, so that bundles for browsers do without.
  const pool = startsAreDear && callerHelps ? createCallerAndWorkersPool(workers, threads) : workers;
  const entry: SharedPool = { ...kind, pool, workers, holders, linger: undefined };
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
