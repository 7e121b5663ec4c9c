/** How a fetch ended that threw nothing. */
export type FetchOutcome = "done" | "superseded" | "cancelled";

/** Runs one fetch at a time: a new one aborts the one before it, as what it would show is no longer wanted. */
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

  /** Runs a fetch. Gives `"superseded"` or `"cancelled"` if it was aborted; passes on what else it throws. */
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
