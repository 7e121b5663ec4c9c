import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Handles a request of a server. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const closing = new Map<string, () => Promise<void>>();

/** Starts a server on a free port that ends with the test. Resolves to its URL. */
export async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closing.set(url, close);
  onTestFinished(() => stopServing(url));
  return url;
}

/** Ends a server before its test does. */
export async function stopServing(url: string): Promise<void> {
  const close = closing.get(url);
  closing.delete(url);
  await close?.();
}

/** Answers every request in the same way. */
export function answer(status: number, body: unknown, contentType = "application/json"): Handler {
  return (_, response) => {
    response.writeHead(status, { "Content-Type": contentType });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}
