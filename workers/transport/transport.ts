import type { TileErrorReason } from "../../src/errors.js";
import type { ByteRange } from "../protocol.js";

/** One GET request, as a transport needs it. */
export interface TransportRequest {
  /** Absolute http(s) URL without user and password. */
  readonly url: string;
  /** Headers to send, to the origin of `url` alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** The part that is wanted. It is no credential: redirects are followed with it, to any origin. */
  readonly range?: ByteRange | undefined;
  /** Largest body of a success that is accepted, in bytes. */
  readonly maxBodyBytes: number;
}

/** What came back, whole. */
export interface TransportAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The body, with its Content-Encoding undone; of an answer that is no success, as much as was worth reading. */
  readonly body: Uint8Array;
  /** Lets the transport use the memory of the body again; call it at most once, and only when done with the body. */
  readonly release?: () => void;
  /** `Content-Type`, if it can be read, and what of the Content-Encoding could not be undone; for messages. */
  readonly contentType: string | undefined;
  /** `Retry-After`, if it can be read. */
  readonly retryAfter: string | undefined;
  /** `Content-Range`, if it can be read. */
  readonly contentRange: string | undefined;
}

/** Makes requests in the platform's way. Rejects with a {@link TransportFailure}, or with anything after an abort. */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportAnswer>;

/** Why there is no answer. The message is the part of a sentence that follows the URL. */
export class TransportFailure extends Error {
  /** Which kind of failure. */
  readonly reason: Extract<
    TileErrorReason,
    "network" | "redirect" | "too-large" | "wrong-range" | "not-an-image"
  >;

  constructor(reason: TransportFailure["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A body that is larger than it may be. */
export function tooLarge(maxBodyBytes: number): TransportFailure {
  return new TransportFailure(
    "too-large",
    `has a body of more than the ${maxBodyBytes} bytes that it may have`,
  );
}

/** A body that ended early. */
export function truncated(received: number, announced: number): TransportFailure {
  return new TransportFailure("network", `ended after ${received} of ${announced} bytes`);
}

/** How much of the body of an answer that is no success is read, so that its connection can be used again. */
export const maxDrainedBytes = 65_536;

/** How long such a body is waited for, in ms. */
export const drainMs = 500;

/** A Content-Length header as a number, if it is one. */
export function contentLength(header: string | null | undefined): number | undefined {
  return header !== null && header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
