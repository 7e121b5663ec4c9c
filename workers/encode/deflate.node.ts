import { constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";

const sampleBytes = 2 ** 15;

/**
 * Packs bytes as gzip or zlib. The noise of electron micrographs repeats nothing but runs of one value. Searching it
 * for other repetitions takes three times as long, and does not make the result shorter.
 *
 * @param level - 0 to 9.
 */
export function deflate(bytes: Uint8Array, format: "gzip" | "zlib", level: number): Uint8Array<ArrayBuffer> {
  const options = hasOnlyRuns(bytes, level) ? lookingForRuns(level) : lookingForAll(level);
  return new Uint8Array((format === "gzip" ? gzipSync : deflateSync)(bytes, options));
}

/**
 * Tries a sample from the middle: whether it hardly gets shorter, and not shorter still by a search for all
 * repetitions.
 */
function hasOnlyRuns(bytes: Uint8Array, level: number): boolean {
  if (level === 0 || bytes.length < 4 * sampleBytes) return false;
  const start = Math.floor((bytes.length - sampleBytes) / 2);
  const sample = bytes.subarray(start, start + sampleBytes);
  const length = deflateRawSync(sample, lookingForRuns(level)).length;
  return length > sampleBytes / 2 && length <= deflateRawSync(sample, lookingForAll(level)).length;
}

/** The largest tables (`memLevel` 9) save a seventh of the time. */
function lookingForAll(level: number): { readonly level: number; readonly memLevel: number } {
  return { level, memLevel: 9 };
}

function lookingForRuns(level: number): ReturnType<typeof lookingForAll> & { readonly strategy: number } {
  return { ...lookingForAll(level), strategy: constants.Z_RLE };
}
