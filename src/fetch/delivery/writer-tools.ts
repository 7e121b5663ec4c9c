import type { WriterTools } from "../../out/packing/pack.js";
import type { PackBytes } from "../../pool/pack-bytes.js";

/** The tools that a writer packs with; they work until the signal aborts. */
export function writerTools(packBytes: PackBytes, signal: AbortSignal): WriterTools {
  return {
    pack: (bytes, kind, level) => packBytes(bytes, { kind, level }, signal),
    packWith: (bytes, codec) => packBytes(bytes, codec, signal),
    signal,
  };
}
