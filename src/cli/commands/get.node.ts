import { BrokenSliceHandling, type ImageFetcher, type MissingTile, type ProjectStack } from "../../index.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import type { Arguments } from "../input/arguments.node.js";
import { orientationOf, regionOf, tileEstimate } from "../input/region.node.js";
import { openFetcher, readStackInfo, sourceHelp, sourceOptions } from "../input/stack-source.node.js";
import {
  checkDiskSpace,
  checkOutput,
  formatOf,
  type OutputFormat,
  outputFormats,
} from "../output/output-file.node.js";
import { plainText } from "../output/plain-text.js";
import { bytesText, countText } from "../output/quantity-text.js";
import { isFilled } from "../output/report-text.js";
import { describeVolume } from "../output/volume-description.js";
import { UsageError } from "../usage-error.js";
import { getHelp } from "./get-help.js";
import { fetchToFile, metadataPath } from "./get-to-file.node.js";

const missingTiles: readonly MissingTile[] = ["fill", "throw"];

/** `catmaid-image get`. */
export const getCommand: Command = {
  name: "get",
  summary: "fetch a region into a .npy, .png or .raw file",
  help: getHelp(sourceHelp),
  options: {
    ...sourceOptions,
    roi: { type: "string" },
    space: { type: "string" },
    zoom: { type: "string" },
    orientation: { type: "string" },
    mirror: { type: "string" },
    "broken-slices": { type: "string" },
    missing: { type: "string" },
    fill: { type: "string" },
    threads: { type: "string" },
    attempts: { type: "string" },
    output: { type: "string", short: "o" },
    format: { type: "string" },
    slice: { type: "string" },
    columns: { type: "string" },
    metadata: { type: "boolean" },
    "max-memory": { type: "string" },
    "dry-run": { type: "boolean" },
    strict: { type: "boolean" },
    quiet: { type: "boolean", short: "q" },
    json: { type: "boolean" },
  },
  run: async (args, context) => {
    const output = args.text("output");
    const isDry = args.has("dry-run");
    if (output === undefined && !isDry)
      throw new UsageError("where to? Give --output FILE (.npy, .png or .raw)");
    const format = output === undefined ? undefined : formatOf(output, args.choice("format", outputFormats));
    if (format !== "png" && (args.has("slice") || args.has("columns"))) {
      throw new UsageError("--slice and --columns are for .png files");
    }
    const fetcherOptions = fetcherOptionsOf(args);
    if (output !== undefined) await checkOutput(output);
    if (output !== undefined && hasMetadata(args, format)) await checkOutput(metadataPath(output));
    const source = await readStackInfo(args, context);
    const threads = args.whole("threads", 0, 256);
    const { fetcher, stack } = openFetcher(source, args, context, fetcherOptions, threads);
    try {
      return await run(args, context, fetcher, stack, output, format);
    } finally {
      await fetcher.close();
    }
  },
};

async function run(
  args: Arguments,
  context: CommandContext,
  fetcher: ImageFetcher,
  stack: ProjectStack,
  output: string | undefined,
  format: OutputFormat | undefined,
): Promise<number> {
  const { terminal, signal } = context;
  const orientation = orientationOf(args);
  const region = regionOf(args, fetcher, stack, orientation);
  const bytes = region.shape.reduce((product, extent) => product * extent, 1);
  const mebibytes = args.number("max-memory", 1);
  const memory = mebibytes === undefined ? undefined : Math.floor(mebibytes * 2 ** 20);
  const limit = memory ?? 2 ** 30;
  if (format === "png" && bytes > limit) {
    throw new UsageError(
      `a picture of ${bytesText(bytes)} would be held in memory, which --max-memory limits to ${bytesText(limit)}: ` +
        "ask for less, or write .npy or .raw, which are streamed",
    );
  }
  if (output !== undefined && format !== "png") await checkDiskSpace(output, bytes);
  if (args.text("mirror") === "fastest") await fetcher.setFastestMirror({ signal });
  const { mirror } = fetcher;
  const tiles = tileEstimate(region, orientation, stack, mirror);
  const description = describeVolume({ ...region, orientation }, stack, mirror);
  const quiet = args.has("quiet");
  if (output === undefined || format === undefined || args.has("dry-run")) {
    if (args.has("json")) terminal.printJson({ ...description, bytes, tiles });
    else terminal.print(`${sizeText(region.shape, orientation, bytes)}, ${countText(tiles, "tile")}`);
    return exitCode.ok;
  }
  if (!quiet) {
    const from = plainText(mirror.title) || `mirror ${mirror.position}`;
    terminal.note(`${sizeText(region.shape, orientation, bytes)}, ${countText(tiles, "tile")} from ${from}`);
  }
  const report = await fetchToFile({
    fetcher,
    region,
    description,
    output,
    format,
    maxMemoryBytes: memory,
    columns: args.whole("columns", 1, 10_000),
    withMetadata: hasMetadata(args, format),
    asJson: args.has("json"),
    quiet,
    context,
  });
  return args.has("strict") && isFilled(report) ? exitCode.filled : exitCode.ok;
}

/** Bare voxels cannot be read without it. */
function hasMetadata(args: Arguments, format: OutputFormat | undefined): boolean {
  return format === "raw" || args.has("metadata");
}

function fetcherOptionsOf(args: Arguments) {
  const mirror = args.text("mirror");
  const broken = args.choice("broken-slices", Object.values(BrokenSliceHandling));
  const missing = args.choice("missing", missingTiles);
  const fill = args.whole("fill", 0, 255);
  const attempts = args.whole("attempts", 1, 100);
  return {
    outputOrientation: orientationOf(args),
    ...(mirror === undefined || mirror === "fastest" ? {} : { preferredMirror: mirror }),
    ...(broken === undefined ? {} : { brokenSliceHandling: broken }),
    ...(missing === undefined ? {} : { missingTile: missing }),
    ...(fill === undefined ? {} : { fillValue: fill }),
    ...(attempts === undefined ? {} : { retry: { attempts } }),
  };
}

function sizeText(shape: readonly number[], orientation: string, bytes: number): string {
  return `${shape.join(" × ")} voxels (${orientation.split("").join(", ")}), ${bytesText(bytes)}`;
}
