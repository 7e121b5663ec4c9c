import type { BlockJob, WorkerAnswer } from "../../workers/protocol.js";
import { OpenJobs } from "./open-jobs.js";
import type { WorkerClient } from "./worker-client.js";

/**
 * A worker of its own for jobs that went down with a worker before, one at a time: if it is lost again, there is no
 * doubt which job did it, and nothing else goes down with it.
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

  /** Runs a job when those before it are done; as `WorkerClient.run` does. */
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
    // Nobody awaits those that were waiting when it closed: they start no worker.
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
