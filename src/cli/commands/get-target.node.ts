import type { DataType } from "../../index.js";
import type { ByteSink, ChunkFormat, ExistingExport } from "../../out/index.node.js";
import type { CommandContext } from "../command.node.js";
import type { Arguments } from "../input/arguments.node.js";
import { existingOf, type Layout, layoutOf } from "../input/layout-options.node.js";
import { voxelOptionsOf } from "../input/voxel-options.node.js";
import { chunkFormatOf, type FileFormat } from "../output/format-writer.node.js";
import { checkDiskSpace, type OutputFiles } from "../output/output-file.node.js";
import { containerOf, formatOf, type OutputFormat, outputFormats } from "../output/output-format.js";
import { bytesText } from "../output/quantity-text.js";
import { isStandardOutput } from "../output/standard-output.node.js";
import { UsageError } from "../usage-error.js";

/** Where a region goes. */
export type Target = FileTarget | DatasetTarget;

interface AnyTarget {
  /** Path of a file or folder, or a name of standard output. */
  readonly output: string;
  readonly format: OutputFormat;
  readonly layout: Layout;
  /** Value of `--max-memory` in bytes; `undefined` if it was not given. */
  readonly maxBytes: number | undefined;
}

/** A single file. */
export interface FileTarget extends AnyTarget {
  readonly container: "file";
  readonly format: FileFormat | "png";
  readonly toStandardOutput: boolean;
  /** Whether to write a JSON file beside the file. */
  readonly withMetadata: boolean;
  /** Number of planes side by side in a picture. */
  readonly columns: number | undefined;
}

/** Many files, in a folder or a `.zip`. */
export interface DatasetTarget extends AnyTarget {
  readonly container: "folder" | "zip";
  readonly chunkFormat: ChunkFormat;
  readonly existing: ExistingExport;
}

/** The files of a target. */
export interface Sinks {
  readonly files: OutputFiles;
  /** Sink of the voxels. Absent for standard output, folders and `.zip` files. */
  readonly voxels?: ByteSink;
  readonly metadata?: ByteSink;
}

/** Reads the options of the target. `undefined` for a dry run without `--output`. Throws if they contradict each other. */
export function targetOf(args: Arguments, { terminal }: CommandContext): Target | undefined {
  const output = args.text("output");
  const isDry = args.has("dry-run");
  const named = args.choice("format", outputFormats);
  const columns = args.whole("columns", 1, 10_000);
  const mebibytes = args.number("max-memory", 1);
  const maxBytes = mebibytes === undefined ? undefined : Math.floor(mebibytes * 2 ** 20);
  if (output === undefined && !isDry) {
    throw new UsageError(
      'where to? Give --output, such as volume.npy, volume.ome.zarr or volume.h5, or "-" for standard output',
    );
  }
  const toStandardOutput = output !== undefined && isStandardOutput(output);
  const format =
    output === undefined ? undefined : toStandardOutput ? (named ?? "npy") : formatOf(output, named);
  const container =
    output === undefined || format === undefined
      ? undefined
      : containerOf(toStandardOutput ? "file" : output, format);
  if ((format !== "png" || container !== "file") && (args.has("slice") || columns !== undefined)) {
    throw new UsageError("--slice and --columns are for .png files");
  }
  const { dataType = "uint8" } = voxelOptionsOf(args);
  if (output === undefined || format === undefined || container === undefined) return undefined;
  const layout = layoutOf(args, format);
  const existing = existingOf(args, container);
  if (container !== "file") {
    if (toStandardOutput) {
      throw new UsageError(`${format} is many files, and standard output is one: name a folder, or a .zip`);
    }
    if (args.has("metadata")) {
      throw new UsageError(
        "--metadata writes a file beside another, and a folder has it inside: leave it out",
      );
    }
    const chunkFormat = chunkFormatOf(format as Exclude<OutputFormat, FileFormat>, layout);
    return { output, format, container, layout, maxBytes, chunkFormat, existing };
  }
  checkHolds({ container, format }, dataType);
  if (toStandardOutput && args.has("metadata")) {
    throw new UsageError(
      "--metadata writes a file beside another, and standard output has none: leave it out",
    );
  }
  if (toStandardOutput && terminal.showsResults && !isDry) {
    throw new UsageError("voxels are no text for a terminal: redirect standard output, or name a file");
  }
  // A raw file cannot be read without its JSON.
  const withMetadata = !toStandardOutput && (format === "raw" || args.has("metadata"));
  const file = format as FileFormat | "png";
  return { output, toStandardOutput, format: file, container, layout, withMetadata, columns, maxBytes };
}

/** Throws a {@link UsageError} if a picture cannot hold voxels of a data type. Other formats have writers that check this. */
export function checkHolds(
  { container, format }: Pick<Target, "container" | "format">,
  dataType: DataType,
): void {
  if (container !== "file" || format !== "png" || dataType === "uint8") return;
  throw new UsageError(`pictures have 8 bits, and the voxels are ${dataType}: write them as .npy or .raw`);
}

export async function openSinks(target: Target, files: OutputFiles): Promise<Omit<Sinks, "files">> {
  const { output } = target;
  if (target.container !== "file") {
    // The .zip is begun when all its files are complete.
    if (target.container === "zip") await files.check(output);
    return {};
  }
  if (target.toStandardOutput) return {};
  const voxels = await files.open(output);
  return target.withMetadata ? { voxels, metadata: await files.open(metadataPath(output)) } : { voxels };
}

/** Path of the JSON file beside a file. */
export function metadataPath(output: string): string {
  return `${output}.json`;
}

/** Throws a {@link UsageError} if `bytes` of voxels do not fit on the disk or, where they are held, into the memory. */
export async function checkRoom(target: Target, bytes: number): Promise<void> {
  const { output, format, layout, maxBytes = 2 ** 30 } = target;
  if (target.container !== "file") {
    // The size is unknown with compression, or if an earlier run has stored a part.
    const isKnown = layout.compression === "none" && ["refuse", "overwrite"].includes(target.existing);
    return isKnown ? checkDiskSpace(output, bytes) : undefined;
  }
  if (format !== "png" && !target.toStandardOutput) {
    return layout.compression === "gzip" ? undefined : checkDiskSpace(output, bytes);
  }
  if (bytes <= maxBytes) return;
  const what = format === "png" ? "a picture" : "a volume for standard output";
  throw new UsageError(
    `${what} of ${bytesText(bytes)} would be held in memory, which --max-memory limits to ${bytesText(maxBytes)}: ` +
      "ask for less, or write .npy or .raw files, which are streamed",
  );
}
