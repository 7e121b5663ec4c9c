/** How Node speaks HTTP: answers in all forms and pieces, bytes that are none, and connections that are kept. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { fc } from "@fast-check/vitest";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Exchange } from "../../../workers/transport/http/http-exchange.node.js";
import { exchange } from "../../../workers/transport/http/http-exchange.node.js";
import type { RawServer } from "../../support/servers/raw-server.js";
import { serveRaw } from "../../support/servers/raw-server.js";

const limits = { maxBodyBytes: 1_000_000, maxRefusalBytes: 1000, refusalMs: 500 };
const never = new AbortController().signal;

function get({ origin }: RawServer, path = "/a", signal = never): Promise<Exchange> {
  return exchange(new URL(path, origin), {}, limits, signal);
}

async function textOf(server: RawServer): Promise<string> {
  const { answer } = await get(server);
  const text = Buffer.from(answer.body).toString("latin1");
  answer.release?.();
  return text;
}

function whole(body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function chunked(body: string, size: number, extension = "", trailer = ""): string {
  const chunks: string[] = [];
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.slice(at, at + size);
    chunks.push(`${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`);
  }
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n${chunks.join("")}0${extension}\r\n${trailer}\r\n`;
}

/** Sends bytes in pieces that arrive one by one. */
async function sendPieces(socket: Socket, text: string, cuts: readonly number[]): Promise<void> {
  const places = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  for (const [n, place] of places.slice(0, -1).entries()) {
    socket.write(text.slice(place, places[n + 1]), "latin1");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const bodies = fc.string({ unit: "binary-ascii", maxLength: 300 });

const forms: Readonly<Record<string, (body: string) => string>> = {
  "a length": whole,
  "a length after other answers": (body) =>
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${whole(body)}`,
  "headers as others write them": (body) =>
    `HTTP/1.1 200\r\nx:\r\nCONTENT-LENGTH:\t${body.length} \r\nServer: a: b\r\nServer: \xe9\r\n\r\n${body}`,
  "chunks of one byte": (body) => chunked(body, 1),
  "chunks with extensions and trailers": (body) => chunked(body, 17, ' ; name="a;b"', "X-Sum: 5\r\nY: 6\r\n"),
};

describe("an answer in any pieces is read to its end, and its connection used again:", () => {
  test.each(Object.entries(forms))("%s", async (_name, form) => {
    let text = "";
    let cuts: readonly number[] = [];
    const server = await serveRaw((socket) => sendPieces(socket, text, cuts));
    await fc.assert(
      fc.asyncProperty(bodies, fc.array(fc.nat(400), { maxLength: 6 }), async (body, places) => {
        text = form(body);
        cuts = places.map((place) => Math.min(place, text.length));
        expect(await textOf(server)).toBe(body);
      }),
      { numRuns: 60 },
    );
    expect(server.connections).toBe(1);
  });
});

test.each([
  ["no length", "HTTP/1.1 200 OK\r\n\r\nall of it"],
  ["no length, of HTTP/1.0", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nall of it"],
  ["a length, of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nall of it"],
  [
    "a length, and that the connection ends",
    "HTTP/1.1 200 OK\r\nconnection: x, Close\r\nContent-Length: 9\r\n\r\nall of it",
  ],
])("an answer with %s is whole, and the next comes by another connection", async (_name, text) => {
  // Where the length is known, it is the client that closes.
  const isEnd = !text.includes("Content-Length");
  const server = await serveRaw((socket) => (isEnd ? socket.end(text) : socket.write(text)));
  expect([await textOf(server), await textOf(server)]).toEqual(["all of it", "all of it"]);
  expect(server.connections).toBe(2);
  await expect.poll(() => server.sockets.size).toBe(0);
});

test.each([204, 304])("a %s has no body, whatever length it names", async (status) => {
  const server = await serveRaw((socket, number) =>
    socket.write(number === 0 ? `HTTP/1.1 ${status} No\r\nContent-Length: 5\r\n\r\n` : whole("next")),
  );
  const { answer } = await get(server);
  expect([answer.status, answer.body.length]).toEqual([status, 0]);
  expect([await textOf(server), server.connections]).toEqual(["next", 1]);
});

const head = "HTTP/1.1 200 OK\r\n";
const withChunks = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const long = "a".repeat(70_000);

/** What could be read in two ways, or in none. */
const ambiguous: readonly (readonly [string, string])[] = [
  ["two lengths", `${head}Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc`],
  ["the same length twice", `${head}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`],
  ["a list of lengths", `${head}Content-Length: 3, 3\r\n\r\nabc`],
  [
    "a length and chunks",
    `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
  ],
  ["a signed length", `${head}Content-Length: +3\r\n\r\nabc`],
  ["a negative length", `${head}Content-Length: -3\r\n\r\nabc`],
  ["a length in hexadecimals", `${head}Content-Length: 0x3\r\n\r\nabc`],
  ["a length that no number holds", `${head}Content-Length: 99999999999999999999\r\n\r\nabc`],
  ["an empty length", `${head}Content-Length:\r\n\r\nabc`],
  ["a length that is too small", `${head}Content-Length: 3\r\n\r\nabcd`],
  ["another encoding of the transfer", `${head}Transfer-Encoding: gzip\r\n\r\nabc`],
  ["two encodings of the transfer", `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ["chunks twice", `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ["chunks by another name", `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ["lines that end in LF alone", "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc\r\n\r\n"],
  ["nothing but lines that end in LF alone", "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc"],
  ["the greeting of another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["a line that ends in LF alone", `${head}X: 1\nContent-Length: 3\r\n\r\nabc`],
  ["a line that ends in CR alone", `${head}X: 1\rContent-Length: 3\r\n\r\nabc`],
  ["a header in two lines", `${head}X: 1\r\n 2\r\nContent-Length: 3\r\n\r\nabc`],
  ["a space before the colon", `${head}Content-Length : 3\r\n\r\nabc`],
  ["a header without a name", `${head}: 3\r\n\r\nabc`],
  ["a header without a colon", `${head}Content-Length\r\n\r\nabc`],
  ["a header with a NUL", `${head}X: \0\r\nContent-Length: 3\r\n\r\nabc`],
  ["another version", "HTTP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabc"],
  ["an unknown minor version", "HTTP/1.2 200 OK\r\nContent-Length: 3\r\n\r\nabc"],
  ["a status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 3\r\n\r\nabc"],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 3\r\n\r\nabc"],
  ["no status", "HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"],
  ["a status line after an empty one", `\r\n${head}Content-Length: 3\r\n\r\nabc`],
  ["a head without end", `${head}X: ${long}`],
  ["many headers without end", `${head}${"X: 1\r\n".repeat(12_000)}`],
  ["a chunk whose size is none", `${withChunks}g\r\nabc\r\n0\r\n\r\n`],
  ["a chunk without a size", `${withChunks}\r\nabc\r\n0\r\n\r\n`],
  ["a chunk of a signed size", `${withChunks}+3\r\nabc\r\n0\r\n\r\n`],
  ["a chunk whose size has a prefix", `${withChunks}0x3\r\nabc\r\n0\r\n\r\n`],
  ["a chunk whose size follows a space", `${withChunks} 3\r\nabc\r\n0\r\n\r\n`],
  ["a chunk of two sizes", `${withChunks}3 3\r\nabc\r\n0\r\n\r\n`],
  ["a chunk of more bytes than there can be", `${withChunks}123456789\r\nabc\r\n0\r\n\r\n`],
  ["a chunk that is longer than its size", `${withChunks}3\r\nabcd\r\n0\r\n\r\n`],
  ["chunks whose lines end in LF alone", `${withChunks}3\nabc\n0\n\n`],
  ["a chunk with a CR in its extension", `${withChunks}3;a\rb\r\nabc\r\n0\r\n\r\n`],
  ["an extension without end", `${withChunks}3;${long}`],
  ["a trailer without end", `${withChunks}0\r\n${"X: 1\r\n".repeat(12_000)}`],
  ["bytes after the last chunk", `${withChunks}3\r\nabc\r\n0\r\n\r\nHTTP`],
];

test.each(ambiguous)(
  "%s: is an error, and nothing of it is taken for another answer",
  async (_name, text) => {
    const server = await serveRaw((socket, _number) =>
      socket.write(server.asked.length === 1 ? text : whole("the next"), "latin1"),
    );
    await expect(get(server)).rejects.toMatchObject({ reason: "network" });
    expect(await textOf(server)).toBe("the next");
    expect(server.connections).toBe(2);
    await expect.poll(() => server.sockets.size).toBe(1);
  },
);

test("bytes that come when nobody asked are no answer to the next request", async () => {
  const server = await serveRaw((socket) => socket.write(whole(`answer ${server.asked.length}`)));
  expect(await textOf(server)).toBe("answer 1");
  for (const socket of server.sockets) socket.write(whole("forged"));
  await expect.poll(() => server.sockets.size).toBe(0);
  expect([await textOf(server), server.connections]).toEqual(["answer 2", 2]);
});

describe("a connection that was kept, and is closed when the next request has come:", () => {
  const endings: readonly (readonly [string, (socket: Socket) => void])[] = [
    ["closed", (socket) => socket.end()],
    ["reset", (socket) => socket.resetAndDestroy()],
  ];

  test.each(endings)("%s before the answer, and the request is made once more", async (_name, close) => {
    const server = await serveRaw((socket, number) => {
      if (number === 1 && server.connections === 1) close(socket);
      else socket.write(whole(`${server.asked.length}`));
    });
    expect([await textOf(server), await textOf(server), server.connections]).toEqual(["1", "3", 2]);
  });

  test.each(endings)("%s within the answer, and that is a failure", async (_name, close) => {
    const server = await serveRaw((socket, number) => {
      if (number === 0) socket.write(whole("one"));
      else socket.write("HTTP/1.1 2", () => close(socket));
    });
    expect(await textOf(server)).toBe("one");
    await expect(get(server)).rejects.toMatchObject({ reason: "network" });
    expect(server.asked).toHaveLength(2);
  });

  test.each(endings)("%s on a new connection as well, and that is a failure", async (_name, close) => {
    const server = await serveRaw((socket) => {
      if (server.asked.length === 1) socket.write(whole("one"));
      else close(socket);
    });
    expect(await textOf(server)).toBe("one");
    await expect(get(server)).rejects.toMatchObject({ reason: "network" });
    expect(server.asked).toHaveLength(3);
  });
});

test("a connection that the server closed meanwhile is not used", async () => {
  const server = await serveRaw((socket) => {
    socket.write(whole("one"), () => socket.end());
  });
  expect(await textOf(server)).toBe("one");
  await expect.poll(() => server.sockets.size).toBe(0);
  expect([await textOf(server), server.asked.length]).toEqual(["one", 2]);
});

describe("an abort ends the request and its connection:", () => {
  test.each([
    ["before an answer", ""],
    ["within the head", "HTTP/1.1 200 OK\r\nContent-"],
    ["within the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"],
    ["within a refusal", "HTTP/1.1 404 No\r\nContent-Length: 100\r\n\r\nabc"],
  ])("%s", async (_name, text) => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, "removeEventListener");
    const add = vi.spyOn(controller.signal, "addEventListener");
    const server = await serveRaw((socket) => {
      socket.write(text, () => setImmediate(() => controller.abort("enough")));
      if (text === "") controller.abort("enough");
    });
    await expect(get(server, "/a", controller.signal)).rejects.toBe("enough");
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
  });

  test("before it is connected, and no request is sent", async () => {
    const server = await serveRaw((socket) => socket.write(whole("late")));
    const controller = new AbortController();
    const asking = get(server, "/a", controller.signal);
    controller.abort("enough");
    await expect(asking).rejects.toBe("enough");
    await expect(get(server, "/a", controller.signal)).rejects.toBe("enough");
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(server.asked).toEqual([]);
  });
});

test("headers that are given stand in for those that are sent anyway, and none can begin a line", async () => {
  const server = await serveRaw((socket) => socket.write(whole("")));
  const ask = (headers: Record<string, string>) =>
    exchange(new URL("/p?q=1#f", server.origin), headers, limits, never);
  await ask({ accept: "image/png", "user-agent": "\xe9", Host: "elsewhere" });
  expect(server.asked).toEqual([
    "GET /p?q=1 HTTP/1.1\r\nHost: elsewhere\r\nConnection: keep-alive\r\naccept: image/png\r\nuser-agent: \xe9",
  ]);
  await expect(ask({ "X-A": "a\r\nX-B: b" })).rejects.toThrow("cannot be sent");
  expect(server.asked).toHaveLength(1);
});

/** Of a certificate that is nobody's: that it is refused otherwise, untrusted-certificate.test.ts says. */
function trustAnybody(): Buffer {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return readFileSync(new URL("../../fixtures/tls/self-signed.pem", import.meta.url));
}

test("by TLS, a connection of a request that was aborted meanwhile does not stay", async () => {
  const server = await serveRaw((socket) => socket.write(whole("next")), trustAnybody());
  for (let turns = 0; turns < 10; turns++) {
    const controller = new AbortController();
    const asking = get(server, "/a", controller.signal);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    controller.abort("enough");
    await expect(asking).rejects.toBe("enough");
  }
  expect([await textOf(server), server.asked.length, server.sockets.size]).toEqual(["next", 1, 1]);
});

test("by TLS as well: requests at once have connections of their own, and later ones use those", async () => {
  const body = "0123456789".repeat(30_000);
  const server = await serveRaw((socket) => socket.write(whole(body)), trustAnybody());
  expect(await Promise.all(Array.from({ length: 4 }, () => textOf(server)))).toEqual(Array(4).fill(body));
  expect(server.connections).toBe(4);
  expect(await textOf(server)).toBe(body);
  expect(server.connections).toBe(4);
  const [socket] = server.sockets;
  if (socket !== undefined) {
    socket.destroy();
    await once(socket, "close");
  }
  expect(await textOf(server)).toBe(body);
});
