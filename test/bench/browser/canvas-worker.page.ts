/** A worker of a page that fetches tiles and decodes them with a canvas, like a viewer written in an hour. */

import { CanvasDecoder } from "./canvas-decoder.js";

const canvas = new CanvasDecoder();

addEventListener("message", async ({ data: { url, type } }: MessageEvent<{ url: string; type: string }>) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const grey = await canvas.decode(new Uint8Array(await response.arrayBuffer()), type);
  postMessage({ url, grey }, { transfer: [grey.buffer as ArrayBuffer] });
});
