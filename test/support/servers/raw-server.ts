import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";
import { onTestFinished } from "vitest";

/** A server that writes any bytes. Its answers need not be HTTP. */
export interface RawServer {
  /** `http://127.0.0.1:<port>`, or the same with https. */
  readonly origin: string;
  /** The heads of all requests, in order. */
  readonly asked: string[];
  /** How many connections there were in all. */
  connections: number;
  /** The open connections. */
  readonly sockets: Set<Socket>;
}

/**
 * Starts a server that ends with the test.
 *
 * @param answer - Called for each request, with its socket and its number on that socket, from 0.
 * @param pem - Key and certificate. If given, the server speaks TLS.
 */
export async function serveRaw(
  answer: (socket: Socket, number: number, head: string) => void,
  pem?: Buffer,
): Promise<RawServer> {
  const seen = { origin: "", asked: [] as string[], connections: 0, sockets: new Set<Socket>() };
  const onConnection = (socket: Socket): void => {
    seen.connections++;
    seen.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => seen.sockets.delete(socket));
    socket.on("error", () => {});
    let text = "";
    let number = 0;
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        seen.asked.push(head);
        answer(socket, number++, head);
      }
    });
  };
  const server: Server =
    pem === undefined
      ? createServer(onConnection)
      : createSecureServer({ key: pem, cert: pem }, onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of seen.sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  seen.origin = `${pem === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return seen;
}
