import { TransportFailure, tooLarge, truncated } from "../transport.js";
import { type AnswerHead, noHttp, readHead } from "./answer-head.js";
import { BodyMemory } from "./body-memory.node.js";
import { ChunkedBody } from "./chunked-body.node.js";

/** How much of an answer is read. */
export interface AnswerLimits {
  /** Largest body of a success, in bytes. */
  readonly maxBodyBytes: number;
  /** As much of any other body as is worth reading, in bytes. */
  readonly maxRefusalBytes: number;
  /** How long such a body is waited for, in ms; `undefined`: as long as it takes. */
  readonly refusalMs: number | undefined;
}

/** Longer than any head that means well. */
const mostHeadBytes = 65_536;

/** One answer to a GET, as its bytes arrive. What it throws is a {@link TransportFailure}. */
export class HttpAnswer {
  readonly #limits: AnswerLimits;
  #head: AnswerHead | undefined;
  /** A head that has not come to its end. */
  #beginning: Buffer | undefined;
  #chunked: ChunkedBody | undefined;
  #body: BodyMemory | undefined;
  /** Most bytes that the body may have. */
  #limit = 0;
  #hasBegun = false;
  #isWhole = false;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** Whether anything of it has come. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether nothing of it is to follow. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether it has a status which says that the body is not what was asked for. */
  get isRefusal(): boolean {
    return this.#head !== undefined && this.#head.status >= 300;
  }

  /** Its head, once that has come. */
  get head(): AnswerHead | undefined {
    return this.#head;
  }

  /** Its body, as far as that has come. */
  get body(): BodyMemory | undefined {
    return this.#body;
  }

  /** Takes what arrived; the bytes may be overwritten afterwards. */
  read(arrived: Buffer): void {
    this.#hasBegun = true;
    let rest = arrived;
    while (this.#head === undefined) {
      const bytes = this.#beginning === undefined ? rest : Buffer.concat([this.#beginning, rest]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end > mostHeadBytes) throw noHttp();
      if (end < 0) {
        if (bytes.length > mostHeadBytes || !isBeginning(bytes)) throw noHttp();
        this.#beginning = Buffer.from(bytes);
        return;
      }
      this.#beginning = undefined;
      this.#begin(readHead(bytes.toString("latin1", 0, end)));
      rest = bytes.subarray(end + 4);
    }
    rest = this.#readBody(rest, this.#head);
    // Bytes that nobody asked for: a length that is too small, or worse.
    if (rest.length > 0) throw noHttp();
  }

  /** Notes that nothing follows what came after the head, and why if it should not be so. Throws where it is too early. */
  end(problem?: string): void {
    const { framing } = this.#head ?? {};
    const received = this.#body?.length ?? 0;
    if (typeof framing === "number") throw truncated(received, framing);
    if (problem !== undefined) throw new TransportFailure("network", `broke off: ${problem}`);
    if (framing !== "closed") throw truncated(received, received + 1);
    this.#isWhole = true;
  }

  #begin(head: AnswerHead): void {
    if (head.status === 101)
      throw new TransportFailure("network", "was answered with another protocol than HTTP");
    // What precedes the answer.
    if (head.status < 200) return;
    this.#head = head;
    this.#limit = this.isRefusal ? this.#limits.maxRefusalBytes : this.#limits.maxBodyBytes;
    const { framing } = head;
    const announced = typeof framing === "number" ? framing : undefined;
    if (!this.isRefusal && announced !== undefined && announced > this.#limit) throw tooLarge(this.#limit);
    if (framing === "chunked") this.#chunked = new ChunkedBody();
    this.#body = new BodyMemory(announced, this.#limit);
  }

  /** Returns what follows the body. */
  #readBody(arrived: Buffer, { framing }: AnswerHead): Buffer {
    if (this.#chunked !== undefined) {
      const rest = this.#chunked.read(arrived, (bytes) => this.#keep(bytes));
      this.#isWhole = this.#chunked.isWhole;
      return rest;
    }
    const left = typeof framing === "number" ? framing - (this.#body?.length ?? 0) : arrived.length;
    this.#keep(arrived.subarray(0, left));
    this.#isWhole = framing === this.#body?.length;
    return arrived.subarray(left);
  }

  #keep(bytes: Buffer): void {
    if (this.#body?.add(bytes) === false) throw tooLarge(this.#limit);
  }
}

/** Whether a head may begin like that: who waits for the end of something else waits in vain. */
function isBeginning(bytes: Buffer): boolean {
  return "HTTP/1.".startsWith(bytes.toString("latin1", 0, 7)) && !bytes.includes("\n\n");
}
