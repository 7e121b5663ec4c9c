import { afterOthers } from "./after-others.js";

// An abort is heard after two turns and a piece of work at the latest: within a few frames of a display.
const turnMs = 8;

// Of the thread, whatever works there: of two that took their turns by clocks of their own, others would see one.
let ends = 0;
let begun = false;
let passing: Promise<void> | undefined;

/**
 * A turn on the thread: work that never waits must end its turn now and then, or an abort would not be heard. A turn
 * begins with the first work after others had theirs, and lasts 8 ms. All have the thread one after the other.
 */
export class ThreadTurn {
  readonly #signal: AbortSignal;

  /** @param signal - What ends the work. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it has lasted long enough. Ask right before the work, with no `await` between. */
  get over(): boolean {
    const now = performance.now();
    if (!begun) {
      begun = true;
      ends = now + turnMs;
      afterOthers(() => {
        begun = false;
      });
    }
    return now >= ends;
  }

  /** Lets others have theirs; then the next begins. Rejects with the signal's reason if that has aborted. */
  async pass(): Promise<void> {
    passing ??= new Promise<void>((resolve) => afterOthers(resolve)).then(() => {
      passing = undefined;
    });
    await passing;
    this.#signal.throwIfAborted();
  }
}
