import { onAbort } from "../concurrency/on-abort.js";

/**
 * Jobs that callers await. A job ends when its work ends, when its signal aborts or when all jobs are rejected
 * together, whichever comes first. Whatever its work returns later is ignored.
 */
export class OpenJobs {
  readonly #open = new Set<(reason: unknown) => void>();

  /** Number of jobs that are awaited. */
  get size(): number {
    return this.#open.size;
  }

  /** Starts work, unless the signal has aborted. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise<T>((resolve, reject) => {
      const stop = (reason: unknown): void => {
        leave();
        reject(reason);
      };
      const stopListening = onAbort(signal, () => stop(signal.reason));
      const leave = (): void => {
        this.#open.delete(stop);
        stopListening();
      };
      this.#open.add(stop);
      // An async function, so that work which throws at once rejects too.
      (async () => work())().then((value) => {
        leave();
        resolve(value);
      }, stop);
    });
  }

  /** Rejects every job. The work itself is ended by those who gave the signals. */
  rejectAll(reason: unknown): void {
    for (const stop of [...this.#open]) stop(reason);
  }
}
