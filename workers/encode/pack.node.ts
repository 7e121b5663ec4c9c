import { deflateSync, gzipSync } from "node:zlib";
import type { CodecModule } from "../protocol.js";
import type { PackNow } from "./pack.js";

/** Packs with zlib, or with the codec of a module. */
export const pack: PackNow = async (bytes, packing) => {
  if (packing.kind !== "codec") {
    return new Uint8Array(
      (packing.kind === "gzip" ? gzipSync : deflateSync)(bytes, { level: packing.level }),
    );
  }
  // A bundler has nothing to bundle here: the address is known when it runs.
  const codec = (await import(/* webpackIgnore: true */ /* @vite-ignore */ packing.module)) as CodecModule;
  return codec.default.fromConfig(packing.config).encode(bytes);
};
