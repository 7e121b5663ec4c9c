import { TransportFailure, tooLarge, truncated } from "../transport.js";
import { type AnswerHead, noHttp, readHead } from "./answer-head.js";
import { BodyMemory } from "./body-memory.node.js";
import { ChunkedBody } from "./chunked-body.node.js";

/** How much of an answer is read, and for how long. */
export interface AnswerLimits {
  /** Largest body of a success, in bytes. */
  readonly maxBodyBytes: number;
  /** How much of any other body is worth reading, in bytes. */
  readonly maxRefusalBytes: number;
  /** How long to wait for such a body, in ms; `undefined`: without limit. */
  readonly refusalMs: number | undefined;
}

/** No honest head is longer. */
const mostHeadBytes = 65_536;

/** One answer to a GET, read as its bytes arrive. It throws only {@link TransportFailure}s. */
export class HttpAnswer {
  readonly #limits: AnswerLimits;
  #head: AnswerHead | undefined;
  /** The beginning of a head that is not complete yet. */
  #beginning: Buffer | undefined;
  #chunked: ChunkedBody | undefined;
  #body: BodyMemory | undefined;
  /** The most bytes that the body may have. */
  #limit = 0;
  #hasBegun = false;
  #isWhole = false;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** Whether any bytes have arrived. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether the answer is complete. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether the status says that the body is not what was asked for. */
  get isRefusal(): boolean {
    return this.#head !== undefined && this.#head.status >= 300;
  }

  /** The head, once it has arrived. */
  get head(): AnswerHead | undefined {
    return this.#head;
  }

  /** The body, as far as it has arrived. */
  get body(): BodyMemory | undefined {
    return this.#body;
  }

  /** Reads what arrived. The bytes may be overwritten afterwards. */
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
    // Nobody asked for more bytes: the declared length is too small, or worse.
    if (rest.length > 0) throw noHttp();
  }

  /** Notes that the connection ended, and why if that is an error. Throws if the answer is not complete. */
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
    // An informational answer, which comes before the real one.
    if (head.status < 200) return;
    this.#head = head;
    this.#limit = this.isRefusal ? this.#limits.maxRefusalBytes : this.#limits.maxBodyBytes;
    const { framing } = head;
    const announced = typeof framing === "number" ? framing : undefined;
    if (!this.isRefusal && announced !== undefined && announced > this.#limit) throw tooLarge(this.#limit);
    if (framing === "chunked") this.#chunked = new ChunkedBody();
    this.#body = new BodyMemory(announced, this.#limit);
  }

  /** Reads the body. Returns the bytes after it. */
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

/** Whether bytes may be the beginning of a head. If not, waiting for its end would be in vain. */
function isBeginning(bytes: Buffer): boolean {
  return "HTTP/1.".startsWith(bytes.toString("latin1", 0, 7)) && !bytes.includes("\n\n");
}
