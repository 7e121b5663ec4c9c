import type { PackNow } from "./pack.js";

/** Packs with the browser's own compression. Rejects for codecs, because workers of pages import no packages. */
export const pack: PackNow = async (bytes, { kind }) => {
  const stream = new CompressionStream((kind === "zlib" ? "deflate" : kind) as CompressionFormat);
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(packed).arrayBuffer());
};
