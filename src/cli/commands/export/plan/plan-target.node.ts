import { resolve } from "node:path";
import type { ChunkFormat } from "../../../../out/index.node.js";
import { flatFormat, isFlatFormat } from "../../../../tasks/flat-format.js";
import type { Arguments } from "../../../input/arguments.node.js";
import { type Layout, layoutOf } from "../../../input/layout-options.node.js";
import { chunkFormatOf } from "../../../output/format-writer.node.js";
import { containerOf, formatOf, type OutputFormat, outputFormats } from "../../../output/output-format.js";
import { isStandardOutput } from "../../../output/standard-output.node.js";
import { UsageError } from "../../../usage-error.js";

/** Where the tasks of a plan write to. */
export interface PlanTarget {
  /** Absolute path, because tasks may run in other folders. */
  readonly output: string;
  readonly format: OutputFormat;
  readonly layout: Layout;
  readonly chunkFormat: ChunkFormat;
}

/** Reads `--output`, `--format` and the layout. Throws a {@link UsageError} if only a single process can write the format. */
export function planTargetOf(args: Arguments): PlanTarget {
  const output = args.text("output");
  if (output === undefined) {
    throw new UsageError("where to? Give --output, such as volume.ome.zarr or volume.npy");
  }
  const named = args.choice("format", outputFormats);
  if (isStandardOutput(output))
    throw new UsageError("tasks have no standard output in common: name a folder, or an .npy file");
  const format = formatOf(output, named);
  const container = containerOf(output, format);
  if (container === "zip") {
    throw new UsageError(
      `a .zip is one file, which one process writes: name a folder, and pack it when it is complete`,
    );
  }
  if (container === "file" && !isFlatFormat(format)) {
    throw new UsageError(
      `${format} is one file, whose parts depend on each other, so that one process writes it (catmaid-image get): ` +
        "for tasks take OME-Zarr, N5, precomputed, a folder of PNGs, .npy or .raw",
    );
  }
  const layout = layoutOf(args, format);
  return { output: resolve(output), format, layout, chunkFormat: plannedFormat(format, layout) };
}

/** The format that a plan names. */
export function plannedFormat(format: string, layout: Layout): ChunkFormat {
  if (isFlatFormat(format)) return flatFormat(format);
  return chunkFormatOf(format as Parameters<typeof chunkFormatOf>[0], layout);
}
