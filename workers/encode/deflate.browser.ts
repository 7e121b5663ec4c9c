import type { Deflate } from "./deflate.js";

/** Packs with the browser's own compression. */
export const deflate: Deflate = async (bytes, format) => {
  const stream = new CompressionStream(format === "gzip" ? "gzip" : "deflate");
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(packed).arrayBuffer());
};
