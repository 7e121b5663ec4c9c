import { availableThreads, fewestBlocksForWorkers } from "#spawn-worker";
import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import { ClosedError } from "../errors.js";
import type { BlockPool } from "./block-pool.js";
import { createInProcessPool } from "./in-process-pool.js";
import { OpenJobs } from "./open-jobs.js";
import type { CreateTileWorker } from "./worker-handle.js";
import { createWorkerPool, type WorkerPool } from "./worker-pool.js";

/** How long workers without a holder stay alive. A viewer opens and closes fetchers within seconds. */
const defaultLingerMs = 30_000;
/** More workers than this wait for the network and for each other's memory, not for a core. */
const mostThreads = 8;

/** Options of a shared pool. Callers with equal `threads` and `createWorker` share workers. */
export interface SharedPoolOptions {
  /** Most workers, which start as jobs need them. Default: as many as the machine runs at once, at most 8. */
  readonly threads?: number | undefined;
  /** Makes the workers; by default the library's own. */
  readonly createWorker?: CreateTileWorker;
  /** Regions of fewer blocks are done in the calling thread. Default: 64 in Node, 0 in browsers. */
  readonly fewestBlocks?: number;
  /** Called once, with a sentence, if no worker can be started and the calling thread takes over. */
  readonly onFallback?: (message: string) => void;
  /** How long the workers outlive their last holder, in ms. Default 30 000. */
  readonly lingerMs?: number;
}

/** Callers share workers of the same kind. */
interface WorkerKind extends Pick<SharedPoolOptions, "createWorker"> {
  readonly threads: number;
}

interface SharedPool extends WorkerKind {
  readonly workers: WorkerPool;
  readonly holders: Set<(message: string) => void>;
  linger: ReturnType<typeof setTimeout> | undefined;
}

const shared = new Set<SharedPool>();

/**
 * Takes a share in a process-wide pool of workers. `close` gives the share back and rejects the jobs of this share
 * alone; the workers stay alive for the next holder for a while. On Node, idle workers do not keep the process alive.
 */
export function acquireSharedPool(options: SharedPoolOptions): BlockPool {
  const {
    threads = Math.min(mostThreads, availableThreads()),
    createWorker,
    fewestBlocks = fewestBlocksForWorkers,
    lingerMs = defaultLingerMs,
  } = options;
  const kind = { threads, ...(createWorker && { createWorker }) };
  const entry = find(kind) ?? open(kind);
  clearTimeout(entry.linger);
  const tell = (message: string): void => options.onFallback?.(message);
  entry.holders.add(tell);
  const { workers } = entry;
  if (workers.fallbackMessage !== undefined) tell(workers.fallbackMessage);
  const caller = createInProcessPool();
  const jobs = new OpenJobs();
  let closed = false;
  return {
    get kind() {
      return workers.kind;
    },
    run(job: BlockJob, signal: AbortSignal, regionBlocks = Number.POSITIVE_INFINITY): Promise<BlockResult> {
      if (closed) return Promise.reject(new ClosedError("the tile pool is closed"));
      const pool = regionBlocks < fewestBlocks ? caller : workers;
      return jobs.run(signal, () => pool.run(job, signal));
    },
    async close(): Promise<void> {
      if (closed) return;
      closed = true;
      jobs.rejectAll(new ClosedError("the tile pool was closed while a tile was awaited"));
      entry.holders.delete(tell);
      await caller.close();
      if (entry.holders.size === 0) await retire(entry, lingerMs);
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
      return entry.workers.close();
    }),
  );
}

function find({ threads, createWorker }: WorkerKind): SharedPool | undefined {
  for (const entry of shared) {
    if (entry.threads !== threads || entry.createWorker !== createWorker) continue;
    // A broken pool stays with its holders; the next caller gets a new one.
    if (!entry.workers.broken) return entry;
    shared.delete(entry);
  }
  return undefined;
}

function open(kind: WorkerKind): SharedPool {
  const holders = new Set<(message: string) => void>();
  const onFallback = (message: string): void => {
    for (const tell of [...holders]) tell(message);
  };
  const entry: SharedPool = {
    ...kind,
    workers: createWorkerPool({ ...kind, onFallback }),
    holders,
    linger: undefined,
  };
  shared.add(entry);
  return entry;
}

/** Ends workers without a holder, at once or after `lingerMs`. */
async function retire(entry: SharedPool, lingerMs: number): Promise<void> {
  const end = (): Promise<void> => {
    shared.delete(entry);
    return entry.workers.close();
  };
  if (lingerMs === 0) return end();
  entry.linger = setTimeout(() => end().catch(() => {}), lingerMs);
  // On Node the timer must not keep the process alive; a browser's timer is a number and does not.
  (entry.linger as { unref?: () => void }).unref?.();
}
