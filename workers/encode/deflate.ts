/** Packs bytes as gzip or zlib does. `level`, 0 to 9, is what a browser's own compression does not let one choose. */
export type Deflate = (
  bytes: Uint8Array,
  format: "gzip" | "zlib",
  level: number,
) => Promise<Uint8Array<ArrayBuffer>>;
