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

/**
 * Calls back when timers and messages have been heard, in the order of the calls. Not by a timer: that takes 1 ms in
 * Node and 4 in browsers.
 */
const afterOthers: (callback: () => void) => void =
  (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate ??
  // Jest's jsdom has neither.
  (typeof MessageChannel === "undefined" ? (callback) => setTimeout(callback) : byMessage());

function byMessage(): (callback: () => void) => void {
  const waiting: (() => void)[] = [];
  let channel: MessageChannel | undefined;
  return (callback) => {
    if (channel === undefined) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => waiting.shift()?.();
    }
    waiting.push(callback);
    channel.port2.postMessage(undefined);
  };
}
