/**
 * How a turn ended: the server answered as it should, asked for fewer requests, or neither (an abort, a connection
 * that broke, a status that tells nothing about its load).
 */
export type TurnEnd = "answered" | "overloaded" | "neither";

/** A request's turn; release it once. */
export interface Turn {
  /** Ends the turn. */
  release(end: TurnEnd): void;
}

/** Rounds of good answers before a refused bound is tried again: enough that few requests are refused. */
const roundsBeforeRefused = 16;

/**
 * Bounds the requests in flight to one host, first come, first served. An overloaded host halves the bound; each round
 * of successes raises it by one again (additive increase, multiplicative decrease, as TCP does), up to `max`. Just
 * below the bound that was refused last, it stays for a while.
 */
export class RequestLimit {
  readonly #max: number;
  #bound: number;
  #running = 0;
  #successes = 0;
  /** The bound that was refused last. */
  #refused = 0;
  #overloads = 0;
  /** Counts the halvings. A turn from an earlier epoch says nothing about the present bound. */
  #epoch = 0;
  #pauses = 0;
  readonly #returning = new Set<() => void>();
  readonly #queue = new Set<() => void>();

  constructor(max: number) {
    this.#max = max;
    this.#bound = max;
  }

  /** Requests that may be in flight now. */
  get bound(): number {
    return this.#bound;
  }

  /** Requests in flight. */
  get running(): number {
    return this.#running;
  }

  /** How often the host was overloaded since it last answered as it should. */
  get overloads(): number {
    return this.#overloads;
  }

  /** Gives no turns, after an overload, until the returned function is called; calling it again does nothing. */
  pause(): () => void {
    this.#pauses++;
    let paused = true;
    return () => {
      if (!paused) return;
      paused = false;
      this.#pauses--;
      this.#giveTurns();
    };
  }

  /**
   * Waits for a turn. Rejects with `signal.reason` when the signal aborts first.
   *
   * @param returning - Whether the request had a turn before, and goes before those that had none.
   */
  acquire(signal: AbortSignal, returning = false): Promise<Turn> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const queue = returning ? this.#returning : this.#queue;
    if (this.#hasRoom() && this.#returning.size + queue.size === 0) return Promise.resolve(this.#turn());
    return new Promise((resolve, reject) => {
      const onTurn = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(this.#turn());
      };
      const onAbort = (): void => {
        queue.delete(onTurn);
        reject(signal.reason);
      };
      queue.add(onTurn);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #hasRoom(): boolean {
    return this.#pauses === 0 && this.#running < this.#bound;
  }

  #turn(): Turn {
    this.#running++;
    const epoch = this.#epoch;
    let held = true;
    return {
      release: (end) => {
        if (!held) return;
        held = false;
        this.#running--;
        if (end === "answered") this.#overloads = 0;
        if (end === "overloaded") this.#decrease(epoch);
        else if (end === "answered" && epoch === this.#epoch) this.#increase();
        this.#giveTurns();
      },
    };
  }

  #decrease(epoch: number): void {
    // All requests in flight may be refused for one overload: halve once for it, not once per answer.
    if (epoch !== this.#epoch) return;
    this.#epoch++;
    this.#overloads++;
    this.#successes = 0;
    this.#refused = this.#bound;
    this.#bound = Math.max(1, Math.floor(this.#bound / 2));
  }

  #increase(): void {
    if (this.#bound >= this.#max) return;
    const rounds = this.#bound + 1 === this.#refused ? roundsBeforeRefused : 1;
    if (++this.#successes < this.#bound * rounds) return;
    this.#successes = 0;
    this.#bound++;
  }

  #giveTurns(): void {
    for (const queue of [this.#returning, this.#queue]) {
      for (const onTurn of queue) {
        if (!this.#hasRoom()) return;
        queue.delete(onTurn);
        onTurn();
      }
    }
  }
}
