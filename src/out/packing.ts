import { InvalidOutError } from "../errors.js";
import type { Bytes } from "../space/bytes.js";
import type { OutCompression, Pack, WriterTools } from "./pack.js";

/** What of the package `numcodecs` is used. */
interface PackageCodec {
  encode(bytes: Bytes): Bytes | Promise<Bytes>;
}

/**
 * Packs bytes: as gzip and zlib do where the fetcher decodes, by the optional package `numcodecs` otherwise. What is not
 * compressed is handed back as it is.
 */
export function packingOf(tools: WriterTools): Pack {
  return async (bytes, compression) => {
    switch (compression.kind) {
      case "none":
        return bytes;
      case "gzip":
      case "zlib":
        return tools.pack(bytes, compression.kind, compression.level ?? 6);
      case "zstd":
      case "blosc": {
        const packed = await (await codecOf(compression)).encode(bytes);
        return new Uint8Array(packed);
      }
    }
  };
}

/** Throws an `InvalidOutError` where the package is not there. */
async function codecOf(
  compression: OutCompression & { readonly kind: "zstd" | "blosc" },
): Promise<PackageCodec> {
  const { kind, level = 3 } = compression;
  try {
    if (kind === "zstd")
      return (await import("numcodecs/zstd")).default.fromConfig({ id: kind, level }) as PackageCodec;
    const { default: blosc } = await import("numcodecs/blosc");
    // The package shuffles four bytes, whatever the voxels have: single ones have nothing to shuffle.
    const shuffle = compression.elementBytes === 1 ? 0 : 1;
    return blosc.fromConfig({
      id: kind,
      cname: "zstd",
      clevel: level,
      shuffle,
      blocksize: 0,
    }) as PackageCodec;
  } catch (cause) {
    throw new InvalidOutError(
      `the compression ${kind} needs the package numcodecs: install it (npm install numcodecs), or choose gzip or none`,
      { cause },
    );
  }
}
