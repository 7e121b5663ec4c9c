/** Measures how long the page's thread was kept from drawing. */
export class PauseMeter {
  #longest = 0;
  #last = 0;
  #running = false;

  /** Starts a new measurement. */
  start(): void {
    this.#longest = 0;
    this.#last = performance.now();
    if (this.#running) return;
    this.#running = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  /** Stops, and returns the longest time between two frames, in ms. */
  stop(): number {
    this.#running = false;
    return this.#longest;
  }

  #frame(now: number): void {
    if (!this.#running) return;
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
    requestAnimationFrame((next) => this.#frame(next));
  }
}
