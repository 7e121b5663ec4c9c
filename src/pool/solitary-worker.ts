import type { BlockJob, WorkerAnswer } from "../../workers/protocol.js";
import { OpenJobs } from "./open-jobs.js";
import type { WorkerClient } from "./worker-client.js";

/**
 * A separate worker for jobs that were lost with a worker before, one job at a time. If this worker is lost too, it is
 * clear which job caused the loss, and no other job is lost with it.
 */
export class SolitaryWorker {
  readonly #start: () => WorkerClient;
  readonly #jobs = new OpenJobs();
  #client: WorkerClient | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed: Error | undefined;

  constructor(start: () => WorkerClient) {
    this.#start = start;
  }

  /** Runs a job after all earlier ones, as `WorkerClient.run` does. */
  run(job: BlockJob, signal: AbortSignal): Promise<WorkerAnswer> {
    return this.#jobs.run(signal, () => {
      const done = this.#last.then(() => this.#runAlone(job, signal));
      this.#last = done.catch(() => {});
      return done;
    });
  }

  /** Ends the worker; waiting jobs reject with the reason. */
  async close(reason: Error): Promise<void> {
    this.#closed = reason;
    this.#jobs.rejectAll(reason);
    await this.#client?.close(reason);
  }

  async #runAlone(job: BlockJob, signal: AbortSignal): Promise<WorkerAnswer> {
    signal.throwIfAborted();
    // Jobs that waited at `close` have been rejected, and must not start a worker.
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#client === undefined || this.#client.gone) this.#client = this.#start();
    const client = this.#client;
    try {
      return await client.run(job, signal);
    } finally {
      if (this.#jobs.size <= 1) {
        this.#client = undefined;
        client.close(new Error("nobody needs it any more")).catch(() => {});
      }
    }
  }
}
