// An abort should be heard within a few frames of a display.
const turnMs = 15;

/** A turn on the thread: work that never waits must end its turn now and then, or an abort would not be heard. */
export class ThreadTurn {
  #ends = performance.now() + turnMs;

  /** Whether it has lasted long enough. */
  get over(): boolean {
    return performance.now() >= this.#ends;
  }

  /** Lets others have theirs; then the next begins. */
  async pass(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#ends = performance.now() + turnMs;
  }
}
