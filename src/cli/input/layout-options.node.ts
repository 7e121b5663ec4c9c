import type { ExistingExport, Triple } from "../../out/index.node.js";
import {
  type Container,
  compressionsOf,
  formatsWith,
  type LayoutWord,
  type OutputFormat,
  takes,
} from "../output/output-format.js";
import { UsageError } from "../usage-error.js";
import type { Arguments, CommandOptions } from "./arguments.node.js";

/** How an export is laid out. Absent members mean the format's defaults. Triples are in output axis order. */
export interface Layout {
  readonly chunkShape?: Triple;
  readonly shardShape?: Triple;
  readonly compression?: Compression;
  /** The number of levels in all, if levels are computed; `"server"` if they are fetched. */
  readonly levels: number | "server";
}

const compressions = ["none", "gzip", "zstd", "blosc"] as const;

/** A value of `--compression`. */
export type Compression = (typeof compressions)[number];

/** Options of how an export is laid out. */
export const layoutOptions: CommandOptions = {
  chunk: { type: "string" },
  shard: { type: "string" },
  compression: { type: "string" },
  levels: { type: "string" },
};

/** The part of `--help` about {@link layoutOptions}. */
export const layoutHelp: string = `  --chunk A,B,C          extent of a chunk in voxels, in the order of --orientation (default Z,Y,X); default 64,64,64.
                         For ${formatsWith("chunk")}
  --shard A,B,C          extent of a shard, one file of many chunks: a multiple of the chunk. For ${formatsWith("shard")}
  --compression HOW      none, gzip, zstd or blosc (the last two need: npm install numcodecs); default: gzip, but none in
                         HDF5 and in precomputed without --shard
  --levels N             number of levels, the first included; default 1. The others are computed: means, or of labels the
                         most frequent value. "server" fetches the stack's zoom levels instead, except levels in which
                         the region begins inside a voxel. For ${formatsWith("levels")}`;

/** Reads the layout. Throws a {@link UsageError} for options that the format does not have. */
export function layoutOf(args: Arguments, format: OutputFormat): Layout {
  const words: readonly LayoutWord[] = ["chunk", "shard", "compression", "levels"];
  for (const word of words) {
    if (!args.has(word) || takes(format, word)) continue;
    throw new UsageError(`--${word} is for ${formatsWith(word)}, and this is ${format}: leave it out`);
  }
  const chunkShape = tripleOf(args, "chunk");
  const shardShape = tripleOf(args, "shard");
  const compression = args.choice("compression", compressions);
  if (compression !== undefined && !compressionsOf(format).includes(compression)) {
    throw new UsageError(
      `${format} is written with --compression ${compressionsOf(format).join(" or ")}, not ${compression}`,
    );
  }
  const levels = args.text("levels") === "server" ? "server" : (args.whole("levels", 1, 64) ?? 1);
  return {
    ...(chunkShape && { chunkShape }),
    ...(shardShape && { shardShape }),
    ...(compression && { compression }),
    levels,
  };
}

const existingWords = ["resume", "repair", "overwrite"] as const;

/** Reads `--resume`, `--repair` and `--overwrite`. */
export function existingOf(args: Arguments, container: Container): ExistingExport {
  const [word = "refuse", other] = existingWords.filter((name) => args.has(name));
  if (other !== undefined) throw new UsageError(`--${word} and --${other} are at odds: which is it to be?`);
  if (container === "file" && (word === "resume" || word === "repair")) {
    throw new UsageError(
      `--${word} goes on with what is many files, and a single one is written anew: leave it out, or write OME-Zarr, N5, ` +
        "precomputed or a folder of PNGs",
    );
  }
  return word;
}

function tripleOf(args: Arguments, name: "chunk" | "shard"): Triple | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const sides = text.split(",").map((side) => (/^\s*\d{1,9}\s*$/.test(side) ? Number(side) : 0));
  const [slow = 0, middle = 0, fast = 0] = sides;
  if (sides.length === 3 && slow > 0 && middle > 0 && fast > 0) return [slow, middle, fast];
  throw new UsageError(`--${name} must be three whole numbers above 0, such as 64,128,128, not "${text}"`);
}
