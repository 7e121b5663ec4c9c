import type { Socket } from "node:net";
import { type AnswerLimits, HttpAnswer } from "./http-answer.node.js";
import type { HttpRoute } from "./http-route.node.js";
import { networkProblem } from "./network-error.js";

/** A request that is under way. */
interface OpenRequest {
  readonly answer: HttpAnswer;
  readonly refusalMs: number | undefined;
  /** Ends the wait for the answer. */
  settle(outcome: { readonly answer: HttpAnswer | undefined } | { readonly error: unknown }): void;
}

/** Idle connections by route. The one that became idle last is the last. */
const waiting = new Map<string, HttpConnection[]>();

/** All connections of the thread read into this buffer. Bytes that arrive are copied on at once. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** A connection to a server. It handles one request at a time, and is kept for the next. */
export class HttpConnection {
  readonly #siblings: HttpConnection[];
  readonly #socket: Socket;
  #request: OpenRequest | undefined;
  #hasAnswered = false;
  #impatience: ReturnType<typeof setTimeout> | undefined;

  private constructor(siblings: HttpConnection[], socket: Socket) {
    this.#siblings = siblings;
    this.#socket = socket;
    socket.on("error", (error) => this.#end(error));
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#end());
  }

  /** Takes an idle connection, if there is one. */
  static waiting({ key }: HttpRoute): HttpConnection | undefined {
    return waiting.get(key)?.pop();
  }

  /** Opens a new connection. Rejects with the platform's error. */
  static async open(route: HttpRoute): Promise<HttpConnection> {
    const siblings = waiting.get(route.key) ?? [];
    waiting.set(route.key, siblings);
    let read = (_bytes: Buffer): void => {};
    const socket = await route.connect({
      buffer: readBuffer,
      callback: (length) => {
        read(readBuffer.subarray(0, length));
        return true;
      },
    });
    const connection = new HttpConnection(siblings, socket);
    read = (bytes) => connection.#read(bytes);
    // The socket of a tunnel does not use the buffer.
    socket.on("data", read);
    return connection;
  }

  /**
   * Sends a request and waits for the answer. The answer is complete, or a refusal of which only the status came in
   * time. Resolves to `undefined` if the connection had been kept and was closed before an answer began. A server may
   * do that at any time, and the request can be sent again. Rejects with a `TransportFailure`, an error of the socket,
   * or the reason of an abort.
   */
  ask(text: string, limits: AnswerLimits, signal: AbortSignal): Promise<HttpAnswer | undefined> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.close();
        this.#settle({ error: signal.reason });
      };
      this.#request = {
        answer: new HttpAnswer(limits),
        refusalMs: limits.refusalMs,
        settle: (outcome) => {
          signal.removeEventListener("abort", abort);
          if ("error" in outcome) reject(outcome.error);
          else resolve(outcome.answer);
        },
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener("abort", abort);
      this.#socket.ref();
      this.#socket.write(text, "latin1");
    });
  }

  /** Closes the connection, whatever it is doing. */
  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    // Bytes that nobody asked for would count as the next answer.
    if (this.#request === undefined) this.close();
    else this.#readAnswer(bytes, this.#request);
  }

  #readAnswer(bytes: Buffer, { answer, refusalMs }: OpenRequest): void {
    try {
      answer.read(bytes);
    } catch (error) {
      this.#break(error, answer);
      return;
    }
    if (answer.isWhole) {
      this.#hasAnswered = true;
      if (answer.head?.isKeptAlive) this.#wait();
      else this.close();
      this.#settle({ answer });
    } else if (answer.isRefusal && refusalMs !== undefined) {
      this.#impatience ??= setTimeout(() => this.#break(undefined, answer), refusalMs);
    }
  }

  #wait(): void {
    this.#siblings.push(this);
    // An idle connection keeps no process alive.
    this.#socket.unref();
  }

  #end(error?: Error): void {
    const place = this.#siblings.indexOf(this);
    if (place >= 0) this.#siblings.splice(place, 1);
    this.close();
    const { answer } = this.#request ?? {};
    if (answer === undefined) return;
    if (answer.head !== undefined) {
      try {
        answer.end(error && networkProblem(error));
        this.#settle({ answer });
      } catch (failure) {
        this.#break(failure, answer);
      }
    } else if (this.#hasAnswered && !answer.hasBegun) this.#settle({ answer: undefined });
    else this.#settle({ error: error ?? new Error("the connection was closed") });
  }

  /** Gives the answer up. Of a refusal, the status is still used. */
  #break(error: unknown, answer: HttpAnswer): void {
    this.close();
    this.#settle(answer.isRefusal ? { answer } : { error });
  }

  #settle(outcome: Parameters<OpenRequest["settle"]>[0]): void {
    const request = this.#request;
    this.#request = undefined;
    clearTimeout(this.#impatience);
    this.#impatience = undefined;
    request?.settle(outcome);
  }
}
