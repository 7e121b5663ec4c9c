import type { CodecModule } from "../protocol.js";
import { deflate } from "./deflate.node.js";
import type { PackNow } from "./pack.js";

/** Packs with zlib, or with the codec of a module. */
export const pack: PackNow = async (bytes, packing) => {
  if (packing.kind !== "codec") return deflate(bytes, packing.kind, packing.level);
  // The comments tell bundlers to leave this import alone: the address is known only at run time.
  const codec = (await import(/* webpackIgnore: true */ /* @vite-ignore */ packing.module)) as CodecModule;
  return codec.default.fromConfig(packing.config).encode(bytes);
};
