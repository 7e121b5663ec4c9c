import type { TileErrorReason } from "../../src/errors.js";
import type { ByteRange } from "../protocol.js";

/** One GET request of a transport. */
export interface TransportRequest {
  /** Absolute http(s) URL without user and password. */
  readonly url: string;
  /** Headers to send, only to the origin of `url`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The part that is wanted. It is not a credential, so redirects to any origin are followed with it. */
  readonly range?: ByteRange | undefined;
  /** Largest body of a successful answer that is accepted, in bytes. */
  readonly maxBodyBytes: number;
}

/** A complete answer. */
export interface TransportAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The body, with its Content-Encoding undone. Of an unsuccessful answer, as much as was worth reading. */
  readonly body: Uint8Array;
  /** Lets the transport reuse the memory of the body. Call it at most once, when done with the body. */
  readonly release?: () => void;
  /** `Content-Type`, if it can be read, and any Content-Encoding that could not be undone. For messages. */
  readonly contentType: string | undefined;
  /** `Retry-After`, if it can be read. */
  readonly retryAfter: string | undefined;
  /** `Content-Range`, if it can be read. */
  readonly contentRange: string | undefined;
}

/** Makes requests in the platform's way. Rejects with a {@link TransportFailure}; after an abort, with any error. */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportAnswer>;

/** The reason why there is no answer. The message is a clause that follows the URL. */
export class TransportFailure extends Error {
  /** The kind of failure. */
  readonly reason: Extract<
    TileErrorReason,
    "network" | "redirect" | "too-large" | "wrong-range" | "not-an-image"
  >;

  constructor(reason: TransportFailure["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The failure for a body that is too large. */
export function tooLarge(maxBodyBytes: number): TransportFailure {
  return new TransportFailure(
    "too-large",
    `has a body of more than the ${maxBodyBytes} bytes that it may have`,
  );
}

/** The failure for a body that ended early. */
export function truncated(received: number, announced: number): TransportFailure {
  return new TransportFailure("network", `ended after ${received} of ${announced} bytes`);
}

/** How much of the body of an unsuccessful answer is read, so that its connection can be reused. */
export const maxDrainedBytes = 65_536;

/** How long to wait for such a body, in ms. */
export const drainMs = 500;

/** A Content-Length header as a number, if it is one. */
export function contentLength(header: string | null | undefined): number | undefined {
  return header !== null && header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
