import { oneOf, refuseUnknown, wholeNumber } from "../options/check-option.js";
import { bytesPerVoxel, type DataType } from "../space/data-type.js";
import type { OutCompression } from "./pack.js";

/** How chunks are packed, by name. */
export type CompressionName = OutCompression["kind"];

/**
 * How chunks are packed: by name, or with a level, which is a trade of time for size. `"gzip"` and `"zlib"` (levels 0 to 9,
 * default 6; browsers have no other) are the platform's; `"zstd"` (levels 1 to 22, default 3) and `"blosc"` (zstd of shuffled
 * bytes; levels 1 to 9, default 5) need the optional package `numcodecs`.
 */
export type CompressionOption =
  | CompressionName
  | { readonly kind: CompressionName; readonly level?: number | undefined };

const levels: Readonly<
  Record<CompressionName, { readonly least: number; readonly most: number; readonly usual: number }>
> = {
  none: { least: 0, most: 0, usual: 0 },
  gzip: { least: 0, most: 9, usual: 6 },
  zlib: { least: 0, most: 9, usual: 6 },
  zstd: { least: 1, most: 22, usual: 3 },
  blosc: { least: 1, most: 9, usual: 5 },
};

/** A compression with its level, whatever its voxels are. */
export interface NamedCompression {
  readonly kind: CompressionName;
  /** As the files say; 0 for none. */
  readonly level: number;
}

/** Reads the option. Throws an `InvalidOptionError` for what is none of those that the format has. */
export function readCompression(
  option: CompressionOption,
  offered: readonly CompressionName[],
): NamedCompression {
  if (typeof option !== "string") refuseUnknown(option, new Set(["kind", "level"]), "compression");
  const { kind, level } = typeof option === "string" ? { kind: option, level: undefined } : option;
  const { least, most, usual } = levels[oneOf("compression", kind, offered)];
  return { kind, level: wholeNumber(`the level of ${kind}`, level ?? usual, least, most) };
}

/** What packs voxels of a data type. */
export function outCompression({ kind, level }: NamedCompression, dataType: DataType): OutCompression {
  if (kind === "none") return { kind };
  return kind === "blosc" ? { kind, level, elementBytes: bytesPerVoxel(dataType) } : { kind, level };
}
