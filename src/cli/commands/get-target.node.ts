import type { DataType } from "../../index.js";
import type { ByteSink } from "../../out/index.node.js";
import type { CommandContext } from "../command.node.js";
import type { Arguments } from "../input/arguments.node.js";
import { voxelOptionsOf } from "../input/voxel-options.node.js";
import { checkDiskSpace, type OutputFiles } from "../output/output-file.node.js";
import { formatOf, type OutputFormat, outputFormats } from "../output/output-format.js";
import { bytesText } from "../output/quantity-text.js";
import { isStandardOutput } from "../output/standard-output.node.js";
import { UsageError } from "../usage-error.js";

/** Where a region goes. */
export interface Target {
  /** A file, or standard output. */
  readonly output: string;
  readonly toStandardOutput: boolean;
  readonly format: OutputFormat;
  /** Whether a JSON file goes with it. */
  readonly withMetadata: boolean;
  /** Planes side by side in a picture. */
  readonly columns: number | undefined;
  /** Limit for what is held in memory, in bytes. */
  readonly maxBytes: number;
}

/** The files of a {@link Target}, begun. */
export interface Sinks {
  readonly files: OutputFiles;
  /** Standard output has none. */
  readonly voxels?: ByteSink;
  readonly metadata?: ByteSink;
}

/** Where the region is to go; undefined if nowhere. Throws where that cannot be meant. */
export function targetOf(args: Arguments, { terminal }: CommandContext): Target | undefined {
  const output = args.text("output");
  const isDry = args.has("dry-run");
  const named = args.choice("format", outputFormats);
  const columns = args.whole("columns", 1, 10_000);
  const maxBytes = (args.number("max-memory", 1) ?? 1024) * 2 ** 20;
  if (output === undefined && !isDry) {
    throw new UsageError('where to? Give --output FILE (.npy, .png or .raw), or "-" for standard output');
  }
  const toStandardOutput = output !== undefined && isStandardOutput(output);
  const format =
    output === undefined ? undefined : toStandardOutput ? (named ?? "npy") : formatOf(output, named);
  if (format !== "png" && (args.has("slice") || columns !== undefined)) {
    throw new UsageError("--slice and --columns are for .png files");
  }
  const { dataType = "uint8" } = voxelOptionsOf(args);
  if (format !== undefined) checkHolds(format, dataType);
  if (output === undefined || format === undefined) return undefined;
  if (toStandardOutput && args.has("metadata")) {
    throw new UsageError(
      "--metadata writes a file beside another, and standard output has none: leave it out",
    );
  }
  if (toStandardOutput && terminal.showsResults && !isDry) {
    throw new UsageError("voxels are no text for a terminal: redirect standard output, or name a file");
  }
  // Bare voxels cannot be read without it.
  const withMetadata = !toStandardOutput && (format === "raw" || args.has("metadata"));
  return { output, toStandardOutput, format, withMetadata, columns, maxBytes };
}

/** Throws a {@link UsageError} where a file cannot hold voxels of a type. */
export function checkHolds(format: OutputFormat, dataType: DataType): void {
  if (format !== "png" || dataType === "uint8") return;
  throw new UsageError(`pictures have 8 bits, and the voxels are ${dataType}: write them as .npy or .raw`);
}

/** Begins the files of a target. */
export async function openSinks(
  { output, toStandardOutput, withMetadata }: Target,
  files: OutputFiles,
): Promise<Omit<Sinks, "files">> {
  if (toStandardOutput) return {};
  const voxels = await files.open(output);
  return withMetadata ? { voxels, metadata: await files.open(metadataPath(output)) } : { voxels };
}

/** The JSON file that goes with a file. */
export function metadataPath(output: string): string {
  return `${output}.json`;
}

/** Throws a {@link UsageError} where the disk, or the memory, has no room for so many bytes. */
export async function checkRoom(
  { output, toStandardOutput, format, maxBytes }: Target,
  bytes: number,
): Promise<void> {
  if (format !== "png" && !toStandardOutput) return checkDiskSpace(output, bytes);
  if (bytes <= maxBytes) return;
  const what = format === "png" ? "a picture" : "a volume for standard output";
  throw new UsageError(
    `${what} of ${bytesText(bytes)} would be held in memory, which --max-memory limits to ${bytesText(maxBytes)}: ` +
      "ask for less, or write .npy or .raw files, which are streamed",
  );
}
