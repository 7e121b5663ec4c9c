import type { IncomingMessage } from "node:http";
import { unencoded } from "./content-encoding.node.js";
import { type HttpClient, httpClient } from "./http-client.node.js";
import { returnBody, takeBody } from "./spare-bodies.node.js";
import {
  contentLength,
  type TransportAnswer,
  TransportFailure,
  tooLarge,
  truncated,
} from "./tile-transport.js";
import { userAgent } from "./user-agent.node.js";

/** What came of one request. */
export interface Exchange {
  /** The answer, whole. */
  readonly answer: TransportAnswer;
  /** Where a redirect leads. */
  readonly location: string | undefined;
}

/** How much of an answer is read. */
export interface AnswerLimits {
  /** Largest body of a success, in bytes. */
  readonly maxBodyBytes: number;
  /** As much of any other body as is worth reading, in bytes. */
  readonly maxRefusalBytes: number;
  /** How long such a body is waited for, in ms; `undefined`: as long as it takes. */
  readonly refusalMs: number | undefined;
}

/** Sends one request and reads its answer; a redirect is not followed. Rejects as a `TileTransport` does. */
export async function exchange(
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: AnswerLimits,
  signal: AbortSignal,
): Promise<Exchange> {
  return send(await httpClient(url), headers, limits, signal, false);
}

function send(
  client: HttpClient,
  headers: Readonly<Record<string, string>>,
  limits: AnswerLimits,
  signal: AbortSignal,
  freshSocket: boolean,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = client.open({ Accept: "*/*", "User-Agent": userAgent, ...headers }, freshSocket);
    let breakAnswer: ((error: NodeJS.ErrnoException) => void) | undefined;
    const abort = (): void => {
      request.destroy();
      fail(signal.reason);
    };
    const fail = (error: unknown): void => {
      signal.removeEventListener("abort", abort);
      reject(error);
    };
    signal.addEventListener("abort", abort);
    request.on("response", (response) => {
      breakAnswer = readAnswer(response, limits, (outcome) => {
        if (outcome instanceof Error) {
          request.destroy();
          fail(outcome);
        } else {
          signal.removeEventListener("abort", abort);
          resolve(outcome);
        }
      });
    });
    request.on("upgrade", (_response, socket) => {
      socket.destroy();
      fail(new TransportFailure("network", "was answered with another protocol than HTTP"));
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (breakAnswer !== undefined) {
        breakAnswer(error);
        return;
      }
      // A server may close an idle connection in the moment in which it is taken up again.
      if (
        request.reusedSocket &&
        (error.code === "ECONNRESET" || error.code === "EPIPE") &&
        !signal.aborted
      ) {
        signal.removeEventListener("abort", abort);
        send(client, headers, limits, signal, true).then(resolve, reject);
      } else {
        fail(new TransportFailure("network", `failed: ${describe(error)}${client.via}`));
      }
    });
    request.end();
  });
}

/**
 * Calls back once or more; only the first outcome counts.
 *
 * @returns What to call when the connection fails under the answer.
 */
function readAnswer(
  response: IncomingMessage,
  { maxBodyBytes, maxRefusalBytes, refusalMs }: AnswerLimits,
  done: (outcome: Exchange | Error) => void,
): (error: NodeJS.ErrnoException) => void {
  const status = response.statusCode ?? 0;
  const success = status >= 200 && status < 300;
  const limit = success ? maxBodyBytes : maxRefusalBytes;
  const announced = contentLength(response.headers["content-length"]);
  if (success && announced !== undefined && announced > limit) {
    done(tooLarge(limit));
    return () => {};
  }

  // Of an answer that is no success the status counts, whatever becomes of its body.
  const statusAlone = (): void => done(exchanged(response, status, new Uint8Array(0)));
  const impatience =
    success || refusalMs === undefined
      ? undefined
      : setTimeout(() => {
          statusAlone();
          response.destroy();
        }, refusalMs);
  response.on("close", () => clearTimeout(impatience));

  let body = takeBody(Math.min(announced ?? 16_384, limit, trustedBytes));
  let received = 0;
  response.on("data", (chunk: Buffer) => {
    try {
      if (received + chunk.length > limit) {
        if (success) done(tooLarge(limit));
        else statusAlone();
        response.destroy();
        return;
      }
      if (received + chunk.length > body.length) body = grown(body, received, received + chunk.length, limit);
      body.set(chunk, received);
      received += chunk.length;
    } catch (error) {
      // Nobody else would catch it, and it would end the process.
      done(new TransportFailure("too-large", `needs more memory than there is: ${(error as Error).message}`));
      response.destroy();
    }
  });
  const broken = (error: NodeJS.ErrnoException): void => {
    if (!success) {
      statusAlone();
      return;
    }
    const early = announced !== undefined && received < announced;
    done(
      early
        ? truncated(received, announced)
        : new TransportFailure("network", `broke off: ${describe(error)}`),
    );
  };
  response.on("error", broken);
  response.on("end", () => {
    if (response.complete) done(wholeAnswer(response, status, body, received, limit));
    else if (!success) statusAlone();
    else done(truncated(received, announced ?? received + 1));
  });
  return broken;
}

/** A server may announce what it likes: more memory than this is taken when the bytes have come. */
const trustedBytes = 1024 * 1024;

function wholeAnswer(
  response: IncomingMessage,
  status: number,
  memory: Buffer,
  received: number,
  limit: number,
): Exchange | Error {
  const body = memory.subarray(0, received);
  const encoding = response.headers["content-encoding"];
  if (encoding === undefined || received === 0) {
    return exchanged(response, status, body, [], () => returnBody(memory));
  }
  try {
    const { body: plain, unknown } = unencoded(body, encoding, limit);
    return exchanged(response, status, plain, unknown);
  } catch (error) {
    const success = status >= 200 && status < 300;
    return success && error instanceof Error ? error : exchanged(response, status, new Uint8Array(0));
  }
}

function exchanged(
  response: IncomingMessage,
  status: number,
  body: Uint8Array,
  unknownEncodings: readonly string[] = [],
  release?: () => void,
): Exchange {
  const { headers } = response;
  const redirect = status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  return {
    answer: {
      status,
      body,
      contentType: typeText(headers["content-type"], unknownEncodings),
      retryAfter: headers["retry-after"],
      contentRange: headers["content-range"],
      ...(release && { release }),
    },
    location: redirect ? headers.location : undefined,
  };
}

function typeText(type: string | undefined, unknownEncodings: readonly string[]): string | undefined {
  if (unknownEncodings.length === 0) return type;
  return `${type ?? "no type"} with the unknown Content-Encoding ${JSON.stringify(unknownEncodings.join(", "))}`;
}

function grown(body: Buffer, used: number, needed: number, limit: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(needed, 2 * body.length)));
  larger.set(body.subarray(0, used));
  return larger;
}

const plainWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host name could not be looked up",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

function describe(error: NodeJS.ErrnoException): string {
  const refusal = /^Bad response: (\d+)$/.exec(error.message)?.[1];
  if (refusal !== undefined) {
    const hint = refusal === "407" ? ", which is a matter of the user and the password in its URL" : "";
    return `the proxy opened no tunnel: it answered with HTTP status ${refusal}${hint}`;
  }
  const words = error.code === undefined ? undefined : plainWords[error.code];
  return words === undefined ? error.message : `${words} (${error.code})`;
}
