import {
  BrokenSliceHandling,
  type ImageFetcher,
  type MissingTile,
  type ProjectStack,
  type TileDataType,
} from "../../index.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import type { Arguments } from "../input/arguments.node.js";
import { checkRegionWords, orientationOf, regionOf, tileEstimate } from "../input/region.node.js";
import { openFetcher, readStackInfo, sourceHelp, sourceOptions } from "../input/stack-source.node.js";
import { bytesPerVoxel, tileFormatOf, tileFormatOptions } from "../input/tile-format.node.js";
import { OutputFiles } from "../output/output-file.node.js";
import { titleText } from "../output/plain-text.js";
import { bytesText, countText } from "../output/quantity-text.js";
import { isFilled } from "../output/report-text.js";
import { describeVolume } from "../output/volume-description.js";
import { getHelp } from "./get-help.js";
import { checkRoom, openSinks, type Sinks, type Target, targetOf } from "./get-target.node.js";
import { fetchToFile } from "./get-to-file.node.js";

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
    ...tileFormatOptions,
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
        const { dataType } = fetcherOptions;
        return await run(args, context, { fetcher, stack, dataType }, target, { files, ...sinks });
      } finally {
        await fetcher.close();
      }
    } finally {
      await files.discard();
    }
  },
};

/** What a region is fetched from. */
interface OpenStack {
  readonly fetcher: ImageFetcher<TileDataType>;
  readonly stack: ProjectStack;
  readonly dataType: TileDataType;
}

async function run(
  args: Arguments,
  context: CommandContext,
  { fetcher, stack, dataType }: OpenStack,
  target: Target | undefined,
  sinks: Sinks,
): Promise<number> {
  const { terminal, signal } = context;
  const orientation = orientationOf(args);
  const region = regionOf(args, fetcher, stack, orientation);
  const bytes = region.shape.reduce((product, extent) => product * extent, bytesPerVoxel[dataType]);
  if (target !== undefined) await checkRoom(target, bytes);
  if (args.text("mirror") === "fastest") await fetcher.setFastestMirror({ signal });
  const { mirror } = fetcher;
  const tiles = tileEstimate(region, orientation, stack, mirror);
  const description = describeVolume({ ...region, orientation, dataType }, stack, mirror);
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
  const format = tileFormatOf(args);
  const fill = args.whole("fill", 0, format.dataType === "uint8" ? 255 : 65535);
  const attempts = args.whole("attempts", 1, 100);
  return {
    outputOrientation: orientationOf(args),
    ...format,
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
