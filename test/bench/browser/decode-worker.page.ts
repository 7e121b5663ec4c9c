/** A worker of a page that decodes its files in the requested way. */

import { TileDecoder } from "../../../workers/decode/decode-tile.js";
import { CanvasDecoder } from "./canvas-decoder.js";
import { decodeWithImageDecoder } from "./image-decoder.js";

/** Ways to decode in a browser. */
export type BrowserDecoder = "ours" | "canvas" | "ImageDecoder";

/** The first message has the files. Each later message is an order to decode them all. */
export type DecodeOrder =
  | { readonly files: readonly Uint8Array<ArrayBuffer>[]; readonly type: string; readonly side: number }
  | { readonly decoder: BrowserDecoder; readonly passes: number };

let files: readonly Uint8Array<ArrayBuffer>[] = [];
let type = "";
let side = 0;
const kernels = new TileDecoder();
const canvas = new CanvasDecoder();

addEventListener("message", async ({ data }: MessageEvent<DecodeOrder>) => {
  if ("files" in data) {
    ({ files, type, side } = data);
    await kernels.prepare();
    postMessage([]);
    return;
  }
  const greys: Uint8Array[] = [];
  for (let pass = 0; pass < data.passes; pass++) {
    for (const [n, file] of files.entries()) greys[n] = await decode(file, data.decoder);
  }
  postMessage(greys, { transfer: greys.map(({ buffer }) => buffer as ArrayBuffer) });
});

function decode(file: Uint8Array<ArrayBuffer>, decoder: BrowserDecoder): Uint8Array | Promise<Uint8Array> {
  switch (decoder) {
    case "ours":
      return kernels.decode(file, { width: side, height: side }).data;
    case "canvas":
      return canvas.decode(file, type);
    case "ImageDecoder":
      return decodeWithImageDecoder(file, type);
  }
}
