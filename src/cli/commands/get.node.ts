import { BrokenSliceHandling, type ImageFetcher, type MissingTile, type ProjectStack } from "../../index.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import type { Arguments } from "../input/arguments.node.js";
import { checkRegionWords, orientationOf, regionOf, tileEstimate } from "../input/region.node.js";
import { openFetcher, readStackInfo, sourceHelp, sourceOptions } from "../input/stack-source.node.js";
import { fileChunkShape } from "../output/chunk-shape.js";
import { OutputFiles } from "../output/output-file.node.js";
import { titleText } from "../output/plain-text.js";
import { bytesText, countText } from "../output/quantity-text.js";
import { isFilled } from "../output/report-text.js";
import { describeVolume } from "../output/volume-description.js";
import { getHelp } from "./get-help.js";
import { checkRoom, openSinks, type Sinks, type Target, targetOf } from "./get-target.node.js";
import { fetchToFile } from "./get-to-file.node.js";

const missingTiles: readonly MissingTile[] = ["fill", "throw"];
/** What is gathered before it goes to a file; two or three of these are in memory. */
const chunkBytes = 64 * 2 ** 20;
/** The same where sections are not the slowest axis: small chunks would need every tile many times. */
const turnedChunkBytes = 256 * 2 ** 20;

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
    overwrite: { type: "boolean" },
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
    const target = targetOf(args, context);
    const fetcherOptions = fetcherOptionsOf(args);
    const threads = args.whole("threads", 0, 256);
    checkRegionWords(args);
    const files = new OutputFiles(args.has("overwrite"));
    try {
      const sinks = target === undefined ? {} : await openSinks(target, files);
      const source = await readStackInfo(args, context);
      const { fetcher, stack } = openFetcher(source, args, context, fetcherOptions, threads);
      try {
        return await run(args, context, fetcher, stack, target, { files, ...sinks });
      } finally {
        await fetcher.close();
      }
    } finally {
      await files.discard();
    }
  },
};

async function run(
  args: Arguments,
  context: CommandContext,
  fetcher: ImageFetcher,
  stack: ProjectStack,
  target: Target | undefined,
  sinks: Sinks,
): Promise<number> {
  const { terminal, signal } = context;
  const orientation = orientationOf(args);
  const region = regionOf(args, fetcher, stack, orientation);
  const bytes = region.shape.reduce((product, extent) => product * extent, 1);
  if (target !== undefined) await checkRoom(target, bytes);
  if (args.text("mirror") === "fastest") await fetcher.setFastestMirror({ signal });
  const { mirror } = fetcher;
  const tiles = tileEstimate(region, orientation, stack, mirror);
  const description = describeVolume({ ...region, orientation }, stack, mirror);
  const quiet = args.has("quiet");
  const asJson = args.has("json");
  if (target === undefined || args.has("dry-run")) {
    if (asJson) terminal.printJson({ ...description, bytes, tiles });
    else terminal.print(`${sizeText(region.shape, orientation, bytes)}, ${countText(tiles, "tile")}`);
    return exitCode.ok;
  }
  if (!quiet && !asJson) {
    const from = titleText(mirror.title) || `mirror ${mirror.position}`;
    terminal.note(`${sizeText(region.shape, orientation, bytes)}, ${countText(tiles, "tile")} from ${from}`);
  }
  const report = await fetchToFile({
    fetcher,
    region,
    description,
    target,
    sinks,
    chunkShape: fileChunkShape(
      region.shape,
      orientation,
      mirror,
      orientation.startsWith("z") ? chunkBytes : turnedChunkBytes,
    ),
    asJson,
    quiet,
    context,
  });
  return args.has("strict") && isFilled(report) ? exitCode.filled : exitCode.ok;
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
