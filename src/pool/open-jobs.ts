type Stop = (reason: unknown) => void;

/** The jobs that one signal aborts. */
interface SignalJobs {
  readonly stops: Set<Stop>;
  readonly onAbort: () => void;
}

/**
 * The jobs that somebody awaits. Each ends with its work, at once when its signal aborts, or when all are rejected
 * together; whichever comes first. What the work does after that reaches nobody.
 */
export class OpenJobs {
  readonly #open = new Set<Stop>();
  // One listener for all jobs of a signal: Node warns of a leak from the eleventh on.
  readonly #bySignal = new Map<AbortSignal, SignalJobs>();

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
        if (this.#open.delete(stop)) this.#leave(signal, stop);
      };
      const stop: Stop = (reason) => {
        leave();
        reject(reason);
        controller.abort(reason);
      };
      this.#open.add(stop);
      this.#enter(signal, stop);
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

  #enter(signal: AbortSignal, stop: Stop): void {
    const jobs = this.#bySignal.get(signal);
    if (jobs !== undefined) {
      jobs.stops.add(stop);
      return;
    }
    const stops = new Set([stop]);
    const onAbort = (): void => {
      for (const each of [...stops]) if (stops.has(each)) each(signal.reason);
    };
    this.#bySignal.set(signal, { stops, onAbort });
    signal.addEventListener("abort", onAbort);
  }

  #leave(signal: AbortSignal, stop: Stop): void {
    const jobs = this.#bySignal.get(signal);
    if (jobs === undefined || !jobs.stops.delete(stop) || jobs.stops.size > 0) return;
    signal.removeEventListener("abort", jobs.onAbort);
    this.#bySignal.delete(signal);
  }
}
