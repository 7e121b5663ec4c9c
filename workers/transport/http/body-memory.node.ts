import { TransportFailure } from "../transport.js";
import { returnBody, takeBody } from "./spare-bodies.node.js";

/** A server may announce any length. Memory beyond this is allocated only once the bytes have come. */
const trustedBytes = 1024 * 1024;

/** Collects a body whose length may be unknown. */
export class BodyMemory {
  readonly #limit: number;
  #memory: Buffer;
  #used = 0;

  /** @param announced - How many bytes are expected. */
  constructor(announced: number | undefined, limit: number) {
    this.#limit = limit;
    this.#memory = takeBody(Math.min(announced ?? 16_384, limit, trustedBytes));
  }

  /** How many bytes were collected. */
  get length(): number {
    return this.#used;
  }

  /** Copies bytes into it. Returns false if they exceed the limit. */
  add(bytes: Buffer): boolean {
    const needed = this.#used + bytes.length;
    if (needed > this.#limit) return false;
    if (needed > this.#memory.length) this.#grow(needed);
    this.#memory.set(bytes, this.#used);
    this.#used = needed;
    return true;
  }

  /** The collected bytes, as a plain array, whose methods are faster than those of Node's buffers. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, 0, this.#used);
  }

  /** Returns the memory for reuse. Neither this object nor its bytes may be used afterwards. */
  release(): void {
    returnBody(this.#memory);
  }

  #grow(needed: number): void {
    try {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(needed, 2 * this.#memory.length)));
      larger.set(this.#memory.subarray(0, this.#used));
      this.#memory = larger;
    } catch (error) {
      throw new TransportFailure("too-large", `needs more memory than there is: ${(error as Error).message}`);
    }
  }
}
