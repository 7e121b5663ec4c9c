import { codecModule } from "#codec-module";
import type { CodecConfig, CodecModule } from "../../../workers/protocol.js";
import { InvalidOutError } from "../../errors.js";
import type { OutCompression, Pack, WriterTools } from "./pack.js";

type CodecCompression = OutCompression & { readonly kind: "zstd" | "blosc" };

/**
 * Makes the function that packs a writer's bytes: with gzip or zlib, or with the optional package `numcodecs`. Packing runs
 * where the fetcher decodes, or in the calling thread if workers cannot import `numcodecs`. With the kind `"none"` the
 * function returns the given bytes themselves.
 */
export function packingOf(tools: WriterTools): Pack {
  return async (bytes, compression) => {
    const { kind } = compression;
    switch (kind) {
      case "none":
        return bytes;
      case "gzip":
      case "zlib":
        return tools.pack(bytes, kind, compression.level ?? 6);
      case "zstd":
      case "blosc": {
        const config = codecConfig(compression);
        const module = codecModule(kind);
        if (module !== undefined && tools.packWith !== undefined)
          return tools.packWith(bytes, { kind: "codec", module, config });
        const { default: codec } = await loadCodec(kind);
        return codec.fromConfig(config).encode(bytes);
      }
    }
  };
}

/** Throws an `InvalidOutError` if a compression needs a package that is not installed. */
export async function checkCompression(compression: OutCompression | undefined): Promise<void> {
  const { kind } = compression ?? { kind: "none" };
  if (kind === "zstd" || kind === "blosc") await loadCodec(kind);
}

function codecConfig(compression: CodecCompression): CodecConfig {
  const { kind: id, level = 3 } = compression;
  if (id === "zstd") return { id, level };
  // The package always shuffles in groups of four bytes, which does not help voxels of a single byte.
  const shuffle = compression.elementBytes === 1 ? 0 : 1;
  return { id, cname: "zstd", clevel: level, shuffle, blocksize: 0 };
}

async function loadCodec(kind: CodecCompression["kind"]): Promise<CodecModule> {
  try {
    // Each import is awaited inside the `try`: that tells bundlers that the package may be missing.
    if (kind === "zstd") return (await import("numcodecs/zstd")) as CodecModule;
    return (await import("numcodecs/blosc")) as CodecModule;
  } catch (cause) {
    throw new InvalidOutError(
      `the compression ${kind} needs the package numcodecs: install it (npm install numcodecs), or choose gzip or none`,
      { cause },
    );
  }
}
