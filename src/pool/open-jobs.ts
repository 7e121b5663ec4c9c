import { onAbort } from "../concurrency/on-abort.js";

/**
 * The jobs that somebody awaits. Each ends with its work, at once when its signal aborts, or when all are rejected
 * together; whichever comes first. What the work does after that reaches nobody.
 */
export class OpenJobs {
  readonly #open = new Set<(reason: unknown) => void>();

  /** How many are awaited. */
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
      // As an async function: whatever throws at once rejects too.
      (async () => work())().then((value) => {
        leave();
        resolve(value);
      }, stop);
    });
  }

  /** Rejects every job; whoever gave the signals ends the work. */
  rejectAll(reason: unknown): void {
    for (const stop of [...this.#open]) stop(reason);
  }
}
