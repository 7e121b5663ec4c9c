/** How a fetch ended, unless it threw. */
export type FetchOutcome = "done" | "superseded" | "cancelled";

/** Runs one fetch at a time. A new fetch aborts the one before it, whose result is no longer wanted. */
export class LatestFetch {
  #current: AbortController | undefined;
  #superseded = 0;

  /** How many fetches were aborted by the next one. */
  get superseded(): number {
    return this.#superseded;
  }

  /** Whether a fetch is under way. */
  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Runs a fetch. Returns `"superseded"` or `"cancelled"` if it was aborted, and rethrows any other error. */
  async run(fetch: (signal: AbortSignal) => Promise<void>): Promise<FetchOutcome> {
    if (this.#current !== undefined) {
      this.#superseded++;
      this.#current.abort("superseded");
    }
    const controller = new AbortController();
    const { signal } = controller;
    this.#current = controller;
    try {
      await fetch(signal);
      return signal.aborted ? (signal.reason as FetchOutcome) : "done";
    } catch (error) {
      if (signal.aborted) return signal.reason as FetchOutcome;
      throw error;
    } finally {
      if (this.#current === controller) this.#current = undefined;
    }
  }

  /** Aborts the fetch under way. */
  cancel(): void {
    this.#current?.abort("cancelled");
  }
}
