import { oneOf, refuseUnknown, wholeNumber } from "../../options/check-option.js";
import { bytesPerVoxel, type DataType } from "../../space/data-type.js";
import type { OutCompression } from "./pack.js";

/** How chunks are packed, by name. */
export type CompressionName = OutCompression["kind"];

/**
 * How chunks are packed: a name, or a name with a level. Higher levels take longer and give smaller files. The platform has
 * `"gzip"` and `"zlib"` (levels 0 to 9, default 6; browsers ignore the level). `"zstd"` (levels 1 to 22, default 3) and
 * `"blosc"` (zstd of shuffled bytes; levels 1 to 9, default 5) need the optional package `numcodecs`.
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

/** A compression with its level, for voxels of any data type. */
export interface NamedCompression {
  readonly kind: CompressionName;
  /** The level that the files' metadata name; 0 for `"none"`. */
  readonly level: number;
}

/** Reads the option. Throws an `InvalidOptionError` unless it is one of the compressions that the format offers. */
export function readCompression(
  option: CompressionOption,
  offered: readonly CompressionName[],
): NamedCompression {
  if (typeof option !== "string") refuseUnknown(option, new Set(["kind", "level"]), "compression");
  const { kind, level } = typeof option === "string" ? { kind: option, level: undefined } : option;
  const { least, most, usual } = levels[oneOf("compression", kind, offered)];
  return { kind, level: wholeNumber(`the level of ${kind}`, level ?? usual, least, most) };
}

/** How voxels of a data type are packed. */
export function outCompression({ kind, level }: NamedCompression, dataType: DataType): OutCompression {
  if (kind === "none") return { kind };
  return kind === "blosc" ? { kind, level, elementBytes: bytesPerVoxel(dataType) } : { kind, level };
}
