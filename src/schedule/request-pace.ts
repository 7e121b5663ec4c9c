/** Time, as a pace needs it; replaced in tests. */
export interface PaceClock {
  /** Now, in ms since any moment. */
  now(): number;
  /** Resolves after a time in ms, or rejects with `signal.reason` when the signal aborts first. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Bounds the requests to one host per second: they start one after another, spread evenly. After a timer
 * that was late the next may start sooner, by one interval at most, so that slow timers do not add up.
 */
export class RequestPace {
  readonly #intervalMs: number;
  readonly #clock: PaceClock;
  #last: Promise<void> = Promise.resolve();
  #nextAt = Number.NEGATIVE_INFINITY;

  /** @param perSecond - Most requests per second; `Infinity` never waits. */
  constructor(perSecond: number, clock: PaceClock) {
    this.#intervalMs = 1000 / perSecond;
    this.#clock = clock;
  }

  /** Waits until the next request may start. Who aborts takes no place from those behind. */
  start(signal: AbortSignal): Promise<void> {
    if (this.#intervalMs === 0) return this.#last;
    const started = this.#last.then(() => this.#wait(signal));
    this.#last = started.catch(() => {});
    return started;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const ms = this.#nextAt - this.#clock.now();
    if (ms <= 0) {
      this.#nextAt = this.#clock.now() + this.#intervalMs;
      return;
    }
    await this.#clock.delay(ms, signal);
    this.#nextAt = Math.max(this.#nextAt, this.#clock.now() - this.#intervalMs) + this.#intervalMs;
  }
}
