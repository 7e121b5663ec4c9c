import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from "node:http";
import { brotliDecompressSync, inflateSync, unzipSync } from "node:zlib";
import { shownUrl } from "./shown-url.js";
import { returnBody, takeBody } from "./spare-bodies.node.js";
import {
  contentLength,
  drainMs,
  maxDrainedBytes,
  type TileTransport,
  type TransportAnswer,
  TransportFailure,
  tooLarge,
  truncated,
} from "./tile-transport.js";

/** As many hops as any sane server needs. */
const maxRedirects = 5;

// Idle sockets of an agent do not keep the process alive. The scheduler bounds the requests, not the agents.
const plain: Client = { request, agent: new Agent({ keepAlive: true }) };
let secure: Promise<Client> | undefined;

interface Client {
  readonly request: (url: URL, options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

/** TLS is a good part of what a worker would load at its start, and many tile servers do without it. */
function secureClient(): Promise<Client> {
  secure ??= import("node:https").then((https) => ({
    request: https.request,
    agent: new https.Agent({ keepAlive: true }),
  }));
  return secure;
}

/**
 * Requests of Node, by `node:http`, which costs a fraction of `fetch` per request (docs/performance.md). Redirects
 * are followed by hand, so that the headers stay with the origin that they are meant for.
 */
export const tileTransport: TileTransport = async (request, signal) => {
  let url = new URL(request.url);
  let headers = request.headers;
  for (let hops = 0; ; hops += 1) {
    const client = url.protocol === "https:" ? await secureClient() : plain;
    const { answer, location } = await exchange(client, url, headers, request.maxBodyBytes, signal, false);
    if (location === undefined) return answer;
    const next = followed(location, url);
    if (hops === maxRedirects) {
      throw new TransportFailure(
        "redirect",
        `was redirected more than ${maxRedirects} times, last to ${shownUrl(next.href)}`,
      );
    }
    if (next.origin !== url.origin) headers = {};
    url = next;
  }
};

interface Exchange {
  readonly answer: TransportAnswer;
  /** Where a redirect leads. */
  readonly location: string | undefined;
}

function followed(location: string, base: URL): URL {
  const next = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (next === undefined || (next.protocol !== "http:" && next.protocol !== "https:")) {
    throw new TransportFailure("redirect", "was redirected to something that is no http(s) URL");
  }
  next.username = "";
  next.password = "";
  return next;
}

function exchange(
  client: Client,
  url: URL,
  headers: Readonly<Record<string, string>>,
  maxBodyBytes: number,
  signal: AbortSignal,
  freshSocket: boolean,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const agent = freshSocket ? false : client.agent;
    const request = client.request(url, { headers: { Accept: "*/*", ...headers }, agent });
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
      breakAnswer = readAnswer(response, maxBodyBytes, (outcome) => {
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
        exchange(client, url, headers, maxBodyBytes, signal, true).then(resolve, reject);
      } else {
        fail(new TransportFailure("network", `failed: ${describe(error)}`));
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
  maxBodyBytes: number,
  done: (outcome: Exchange | Error) => void,
): (error: NodeJS.ErrnoException) => void {
  const status = response.statusCode ?? 0;
  const success = status >= 200 && status < 300;
  const limit = success ? maxBodyBytes : maxDrainedBytes;
  const announced = contentLength(response.headers["content-length"]);
  if (success && announced !== undefined && announced > limit) {
    done(tooLarge(limit));
    return () => {};
  }

  // Of an answer that is no success the status counts, whatever becomes of its body.
  const statusAlone = (): void => done(exchanged(response, status, new Uint8Array(0)));
  const impatience = success
    ? undefined
    : setTimeout(() => {
        statusAlone();
        response.destroy();
      }, drainMs);
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
    if (response.complete) done(unencoded(response, status, body, received, maxBodyBytes));
    else if (!success) statusAlone();
    else done(truncated(received, announced ?? received + 1));
  });
  return broken;
}

/** A server may announce what it likes: more memory than this is taken when the bytes have come. */
const trustedBytes = 1024 * 1024;

function unencoded(
  response: IncomingMessage,
  status: number,
  memory: Buffer,
  received: number,
  maxBodyBytes: number,
): Exchange | Error {
  const encoding = status >= 200 && status < 300 ? response.headers["content-encoding"] : undefined;
  const body = memory.subarray(0, received);
  if (encoding === undefined || received === 0) {
    return exchanged(response, status, body, () => returnBody(memory));
  }
  try {
    return exchanged(response, status, decoded(body, encoding, maxBodyBytes));
  } catch (error) {
    if (error instanceof TransportFailure) return error;
    return new TransportFailure("network", "has a damaged Content-Encoding");
  }
}

function exchanged(
  response: IncomingMessage,
  status: number,
  body: Uint8Array,
  release?: () => void,
): Exchange {
  const { headers } = response;
  const redirect = status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  return {
    answer: {
      status,
      body,
      contentType: headers["content-type"],
      retryAfter: headers["retry-after"],
      ...(release && { release }),
    },
    location: redirect ? headers.location : undefined,
  };
}

function grown(body: Buffer, used: number, needed: number, limit: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(needed, 2 * body.length)));
  larger.set(body.subarray(0, used));
  return larger;
}

/** Nobody asked for an encoding, but servers with `gzip_types *` send it all the same. */
function decoded(body: Uint8Array, encoding: string, maxOutputLength: number): Uint8Array {
  try {
    switch (encoding.trim().toLowerCase()) {
      case "identity":
        return body;
      case "gzip":
      case "x-gzip":
        return unzipSync(body, { maxOutputLength });
      case "deflate":
        return inflateSync(body, { maxOutputLength });
      case "br":
        return brotliDecompressSync(body, { maxOutputLength });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxOutputLength);
    throw error;
  }
  throw new TransportFailure("network", `has the unknown Content-Encoding ${JSON.stringify(encoding)}`);
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
  const words = error.code === undefined ? undefined : plainWords[error.code];
  return words === undefined ? error.message : `${words} (${error.code})`;
}
