import { afterOthers } from "./after-others.js";

// An abort is noticed after two turns and a piece of work at the latest: within a few frames of a display.
const turnMs = 8;

// Shared by all work on the thread: two tasks with clocks of their own would take two turns in a row.
let ends = 0;
let begun = false;
let passing: Promise<void> | undefined;

/**
 * A turn on the thread. Work that never waits must end its turn now and then, or an abort would not be noticed. A turn
 * begins with the first work after other tasks had the thread, and lasts 8 ms. All work on the thread shares it.
 */
export class ThreadTurn {
  readonly #signal: AbortSignal;

  /** @param signal - Ends the work. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether the turn has lasted long enough. Ask right before the work, with no `await` between. */
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

  /** Lets other tasks have the thread before the next turn. Rejects with the signal's reason if it has aborted. */
  async pass(): Promise<void> {
    passing ??= new Promise<void>((resolve) => afterOthers(resolve)).then(() => {
      passing = undefined;
    });
    await passing;
    this.#signal.throwIfAborted();
  }
}
