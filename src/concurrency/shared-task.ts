import { onAbort } from "./on-abort.js";

/**
 * One piece of work that several callers wait for. Each caller leaves on its own signal, at once and with that
 * signal's reason; the work itself is aborted only when nobody waits for it any more.
 */
export class SharedTask<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  #joined = 0;
  #settled = false;

  /**
   * @param work - Starts the work; called at once.
   * @param onEnd - Called once, when the work has settled or nobody waits for it any more.
   */
  constructor(work: (signal: AbortSignal) => Promise<T>, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#result = work(this.#controller.signal);
    this.#result.then(
      () => this.#end(),
      () => this.#end(),
    );
  }

  readonly #onEnd: () => void;

  /** How many callers have joined so far. */
  get joined(): number {
    return this.#joined;
  }

  /** Waits for the result. Rejects with `signal.reason` as soon as `signal` aborts. */
  join(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting++;
    this.#joined++;
    if (signal === undefined) return this.#result;
    if (signal.aborted) {
      this.#leave(signal.reason);
      return Promise.reject(signal.reason);
    }
    return new Promise<T>((resolve, reject) => {
      const done = onAbort(signal, () => {
        this.#leave(signal.reason);
        reject(signal.reason);
      });
      this.#result.then(
        (value) => {
          done();
          resolve(value);
        },
        (error: unknown) => {
          done();
          reject(error);
        },
      );
    });
  }

  #leave(reason: unknown): void {
    this.#waiting--;
    if (this.#waiting > 0 || this.#settled) return;
    this.#end();
    this.#controller.abort(reason);
  }

  #end(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#onEnd();
  }
}
