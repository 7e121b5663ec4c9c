/** The clock of a pace; replaced in tests. */
export interface PaceClock {
  /** Now, in ms since any moment. */
  now(): number;
  /** Resolves after a time in ms, or rejects with `signal.reason` when the signal aborts first. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Bounds the requests per second to one host by spreading their starts evenly. After a timer that was late, the next
 * request may start sooner, by one interval at most, so that delays do not add up.
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

  /** Waits until the next request may start. A request that aborts takes no place from those behind it. */
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
