import { loadCompleteWorker, refusalAdvice, spawnWorker } from "#spawn-worker";
import { decodersMissing } from "../../workers/decoders-missing.js";
import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import { ClosedError, thrownError, WorkerError } from "../errors.js";
import type { BlockPool } from "./block-pool.js";
import { createInProcessPool } from "./in-process-pool.js";
import { SolitaryWorker } from "./solitary-worker.js";
import { WorkerClient, WorkerLostError } from "./worker-client.js";
import type { CreateTileWorker, SpawnWorker } from "./worker-handle.js";

/** How often a job may be lost with its worker before it fails. For the last attempt it is alone in a worker. */
const maxLossesPerJob = 3;

/** How often a job may be handed back: by two workers that started before the complete workers were loaded. */
const maxHandBacks = 2;

/** How many workers in a row may be lost, per thread, without a single block in between. */
const maxFruitlessLossesPerThread = 3;

/** How a pool of workers is set up. */
export interface WorkerPoolOptions {
  /** Most workers, at least 1. They start as jobs need them. */
  readonly threads: number;
  /** Makes the workers; by default the library's own. */
  readonly createWorker?: CreateTileWorker;
  /** Limit for a worker's handshake, in ms. Default 10 000. */
  readonly handshakeTimeoutMs?: number;
  /** A busy worker that is silent for twice this time, in ms, is replaced. Default 15 000. */
  readonly hungAfterMs?: number;
  /** Called once, with a sentence, when no worker can be started and the calling thread takes over. */
  readonly onFallback?: (message: string) => void;
  /** Starts workers in the platform's way. */
  readonly spawn?: SpawnWorker;
}

/** A pool that can say what became of its workers. */
export interface WorkerPool extends BlockPool {
  /** Why the calling thread took over, if it did. */
  readonly fallbackMessage: string | undefined;
  /** Whether workers were lost so often that every further job is refused. */
  readonly broken: boolean;
}

/** A pool of tile workers; see README.md for what happens when one of them fails. */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  return new BlockWorkerPool(options);
}

class BlockWorkerPool implements WorkerPool {
  readonly #options: WorkerPoolOptions;
  /** Most workers now: fewer than `threads` if another one could not be started. */
  #threads: number;
  #spawn: SpawnWorker;
  readonly #clients = new Set<WorkerClient>();
  readonly #retired = new Set<WorkerClient>();
  readonly #solitary = new SolitaryWorker(() => this.#newClient());
  #everReady = false;
  #fruitlessLosses = 0;
  #fallback: BlockPool | undefined;
  #brokenBy: WorkerError | undefined;
  #closed: Promise<void> | undefined;
  #completing: Promise<void> | undefined;
  fallbackMessage: string | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#threads = options.threads;
    this.#spawn = options.spawn ?? spawnWorker;
  }

  get kind(): "workers" | "in-process" {
    return this.#fallback === undefined ? "workers" : "in-process";
  }

  get broken(): boolean {
    return this.#brokenBy !== undefined;
  }

  async run(wanted: BlockJob, signal: AbortSignal): Promise<BlockResult> {
    let job = wanted;
    let handedBack = 0;
    for (let losses = 0; ; ) {
      if (this.#closed !== undefined) throw new ClosedError("the tile pool is closed");
      signal.throwIfAborted();
      if (this.#fallback !== undefined) return this.#fallback.run(job, signal);
      if (this.#brokenBy !== undefined) throw this.#brokenBy;
      const worker = losses === maxLossesPerJob - 1 ? this.#solitary : this.#leastBusy();
      if (worker === undefined) continue;
      try {
        const answer = await worker.run(job, signal);
        this.#fruitlessLosses = 0;
        if (answer.kind !== "handed-back") return answer;
        handedBack += 1;
        if (handedBack > maxHandBacks) throw new WorkerError("no tile worker has the decoder for a tile");
        await this.#takeCompleteWorkers();
        job = { ...job, headers: {}, body: answer.body };
      } catch (error) {
        if (!(error instanceof WorkerLostError)) throw error;
        if (this.kind === "in-process") continue;
        // A worker that was never ready has not seen the job.
        if (error.wasReady || worker === this.#solitary) losses += 1;
        if (losses === maxLossesPerJob) return lostTooOften(job.url, losses, error);
      }
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop(new ClosedError("the tile pool was closed while a tile was awaited"));
    return this.#closed;
  }

  async #stop(reason: Error): Promise<void> {
    const clients = [...this.#clients, ...this.#retired];
    this.#clients.clear();
    this.#retired.clear();
    await Promise.all([
      this.#fallback?.close(),
      this.#solitary.close(reason),
      ...clients.map((client) => client.close(reason)),
    ]);
  }

  #usable(): boolean {
    return this.#closed === undefined && this.#fallback === undefined && this.#brokenBy === undefined;
  }

  #leastBusy(): WorkerClient | undefined {
    let best: WorkerClient | undefined;
    for (const client of this.#clients) if (best === undefined || client.load < best.load) best = client;
    if (best?.load === 0 || this.#clients.size >= this.#threads) return best;
    return this.#startClient() ?? best;
  }

  #startClient(): WorkerClient | undefined {
    try {
      const client = this.#newClient();
      this.#clients.add(client);
      return client;
    } catch {
      return undefined;
    }
  }

  /** Starts a worker. Throws if it cannot even be constructed, which is a loss like any other. */
  #newClient(): WorkerClient {
    try {
      return new WorkerClient(this.#spawn(this.#options.createWorker), {
        handshakeTimeoutMs: this.#options.handshakeTimeoutMs ?? 10_000,
        hungAfterMs: this.#options.hungAfterMs ?? 15_000,
        onReady: () => {
          this.#everReady = true;
        },
        onLost: (lost, cause, wasReady) => {
          this.#clients.delete(lost);
          this.#retired.delete(lost);
          this.#onLost(cause, wasReady);
        },
      });
    } catch (cause) {
      const error = thrownError(cause);
      this.#onLost(error, false);
      throw new WorkerLostError(error.message, false, cause);
    }
  }

  /** Starts workers with all decoders from now on; the present ones finish their jobs and end. */
  #takeCompleteWorkers(): Promise<void> {
    this.#completing ??= loadCompleteWorker().then(
      (spawn) => {
        this.#spawn = this.#options.spawn ?? spawn;
        for (const client of this.#clients) {
          this.#retired.add(client);
          client.retire();
        }
        this.#clients.clear();
      },
      (cause: unknown) => {
        this.#completing = undefined;
        throw decodersMissing(cause);
      },
    );
    return this.#completing;
  }

  /** Decides what the loss of a worker means. Its jobs have been rejected already, and `run` acts on the outcome. */
  #onLost(cause: Error, wasReady: boolean): void {
    if (!this.#usable()) return;
    if (!wasReady && !this.#everReady) {
      this.#fallBack(cause);
      return;
    }
    if (!wasReady && this.#clients.size > 0) {
      // Another worker cannot be started: the present ones do all jobs.
      this.#threads = this.#clients.size;
      return;
    }
    this.#fruitlessLosses += 1;
    if (this.#fruitlessLosses <= maxFruitlessLossesPerThread * this.#options.threads) return;
    this.#brokenBy = new WorkerError(
      `${this.#fruitlessLosses} tile workers were lost in a row without a single tile; the last: ${cause.message}`,
      { cause },
    );
    this.#stop(this.#brokenBy).catch(() => {});
  }

  #fallBack(cause: Error): void {
    this.#fallback = createInProcessPool();
    this.fallbackMessage =
      `No tile worker could be started (${cause.message}), so the calling thread fetches and decodes; ` +
      refusalAdvice;
    for (const client of this.#clients)
      client.close(new WorkerLostError(cause.message, false)).catch(() => {});
    this.#clients.clear();
    this.#options.onFallback?.(this.fallbackMessage);
  }
}

function lostTooOften(url: string, losses: number, cause: Error): BlockResult {
  const shown = shownUrl(url);
  const message = `tile ${shown} was lost ${losses} times together with the worker that was on it; the last: ${cause.message}`;
  return { kind: "error", error: { reason: "worker", message, url: shown, status: 0 } };
}
