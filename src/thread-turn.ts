// An abort is heard after two turns and a piece of work at the latest: within a few frames of a display.
const turnMs = 10;

// One clock for the thread, whatever works there: of two that took their turns by clocks of their own, others see one.
let ends = performance.now() + turnMs;
let passing: Promise<void> | undefined;

/**
 * A turn on the thread: work that never waits must end its turn now and then, or an abort would not be heard. All have
 * the thread one after the other.
 */
export class ThreadTurn {
  readonly #signal: AbortSignal;

  /** @param signal - What ends the work. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it has lasted long enough. Ask right before the work, with no `await` between. */
  get over(): boolean {
    return performance.now() >= ends;
  }

  /** Lets others have theirs; then the next begins. Rejects with the signal's reason if that has aborted. */
  async pass(): Promise<void> {
    passing ??= nextMacrotask().then(() => {
      passing = undefined;
      ends = performance.now() + turnMs;
    });
    await passing;
    this.#signal.throwIfAborted();
  }
}

/** Not by a timer: that takes 1 ms in Node and 4 in browsers, and by the clock, a fetch that waited has used its turn up. */
function nextMacrotask(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
