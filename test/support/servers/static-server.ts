import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".css": "text/css",
};

/** A web server for the files in a folder. */
export interface StaticServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a folder, with a Content-Security-Policy if one is given. */
export async function serveFolder(folder: string, policy?: string): Promise<StaticServer> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://server").pathname);
    const file = join(folder, path === "/" ? "index.html" : path);
    if (policy !== undefined) response.setHeader("Content-Security-Policy", policy);
    try {
      const body = await readFile(file);
      response
        .writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
