import { onAbort } from "../concurrency/on-abort.js";

type Stop = (reason: unknown) => void;

/**
 * The jobs that somebody awaits. Each ends with its work, at once when its signal aborts, or when all are rejected
 * together; whichever comes first. What the work does after that reaches nobody.
 */
export class OpenJobs {
  readonly #open = new Set<Stop>();

  /** How many are awaited. */
  get size(): number {
    return this.#open.size;
  }

  /** Starts work with a signal of its own, which aborts with the caller's and when all are rejected. */
  run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise<T>((resolve, reject) => {
      const controller = new AbortController();
      const leave = (): void => {
        this.#open.delete(stop);
        stopListening();
      };
      const stop: Stop = (reason) => {
        leave();
        reject(reason);
        controller.abort(reason);
      };
      this.#open.add(stop);
      const stopListening = onAbort(signal, () => stop(signal.reason));
      // As an async function: whatever throws at once rejects too.
      (async () => work(controller.signal))().then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }

  /** Rejects every job and aborts its work. */
  rejectAll(reason: unknown): void {
    for (const stop of [...this.#open]) stop(reason);
  }
}
