import { deflateSync, gzipSync } from "node:zlib";
import type { Deflate } from "./deflate.js";

/** Packs with zlib. */
export const deflate: Deflate = async (bytes, format, level) =>
  new Uint8Array((format === "gzip" ? gzipSync : deflateSync)(bytes, { level }));
