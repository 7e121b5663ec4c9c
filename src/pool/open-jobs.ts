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

  /** Starts work with a signal of its own, which aborts with the caller's and when all are rejected. */
  run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise<T>((resolve, reject) => {
      const controller = new AbortController();
      const leave = (): void => {
        signal.removeEventListener("abort", onAbort);
        this.#open.delete(stop);
      };
      const stop = (reason: unknown): void => {
        leave();
        reject(reason);
        controller.abort(reason);
      };
      const onAbort = (): void => stop(signal.reason);
      signal.addEventListener("abort", onAbort);
      this.#open.add(stop);
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
