/** Serves the files of a folder: `static-server.process.mjs PORT FOLDER`. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const [port = "0", folder = "."] = process.argv.slice(2);
const types: Readonly<Record<string, string>> = { ".png": "image/png", ".jpg": "image/jpeg" };

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://server").pathname);
  const file = join(folder, path.startsWith("/same/") ? "/same.png" : path);
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Cache-Control", "no-store");
  try {
    const body = await readFile(file);
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    response.setHeader("Content-Length", body.length);
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), "127.0.0.1");
