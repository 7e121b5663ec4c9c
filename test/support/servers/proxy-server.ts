import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

/** A proxy, and the requests that it received. */
export interface ProxyServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** `GET <url>` or `CONNECT <host>:<port>`, in order. */
  readonly asked: string[];
}

/**
 * Starts a real HTTP proxy that ends with the test. It forwards plain requests, and opens tunnels with CONNECT.
 *
 * @param user - The `user:password` that it requires.
 */
export async function startProxy(user?: string): Promise<ProxyServer> {
  const asked: string[] = [];
  const wanted = user === undefined ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
  const isLetIn = ({ headers }: IncomingMessage): boolean => headers["proxy-authorization"] === wanted;
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (isLetIn(incoming)) forward(incoming, response);
    else response.writeHead(407, { "Proxy-Authenticate": "Basic" }).end();
  });
  const open = new Set<Duplex>();
  server.on("connect", (incoming, client) => {
    asked.push(`CONNECT ${incoming.url}`);
    if (isLetIn(incoming)) tunnel(incoming, client, open);
    else client.end("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function forward(incoming: IncomingMessage, response: ServerResponse): void {
  const { "proxy-authorization": _, ...headers } = incoming.headers;
  const outgoing = request(new URL(incoming.url ?? ""), { headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.writeHead(502).end());
  outgoing.end();
}

function tunnel(incoming: IncomingMessage, client: Duplex, open: Set<Duplex>): void {
  const { hostname, port } = new URL(`http://${incoming.url}`);
  const target = connect(Number(port), hostname, () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    target.pipe(client);
    client.pipe(target);
  });
  for (const socket of [client, target]) {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {
      client.destroy();
      target.destroy();
    });
  }
}
