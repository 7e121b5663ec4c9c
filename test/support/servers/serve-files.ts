import { serve } from "./serve.js";

/**
 * Serves files by path, and parts of them, as a web server does, until the test ends. If only `….gz` exists, it is sent
 * under the plain name with an encoding, as nginx does with `gzip_static`.
 */
export function serveFiles(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  return serve((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://server").pathname.slice(1));
    const packed = files.get(`${path}.gz`);
    const file = files.get(path) ?? packed;
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (!files.has(path)) response.setHeader("Content-Encoding", "gzip");
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (first === undefined) {
      response.writeHead(200, { "Content-Length": file.length }).end(file);
      return;
    }
    const end = Math.min(Number(last) + 1, file.length);
    response.setHeader("Content-Range", `bytes ${first}-${end - 1}/${file.length}`);
    response.writeHead(206).end(file.subarray(Number(first), end));
  });
}
