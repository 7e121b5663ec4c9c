import type { DataType, ImageFetcher, MirrorLevel, ProjectStack } from "../../index.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import type { Arguments } from "../input/arguments.node.js";
import { fetcherOptionsOf, fetchHelp, fetchOptions, threadsOf } from "../input/fetch-options.node.js";
import { blockEstimate, checkRegionWords, orientationOf, regionOf } from "../input/region.node.js";
import { openFetcher, readStackInfo, sourceHelp, sourceOptions } from "../input/stack-source.node.js";
import { OutputFiles } from "../output/output-file.node.js";
import { titleText } from "../output/plain-text.js";
import { blockNoun, bytesText, countText } from "../output/quantity-text.js";
import { isFilled } from "../output/report-text.js";
import { describeVolume } from "../output/volume-description.js";
import { UsageError } from "../usage-error.js";
import { getHelp } from "./get-help.js";
import { checkHolds, checkRoom, openSinks, type Sinks, type Target, targetOf } from "./get-target.node.js";
import { fetchToFile } from "./get-to-file.node.js";

/** `catmaid-image get`. */
export const getCommand: Command = {
  name: "get",
  summary: "fetch a region into a .npy, .png or .raw file",
  help: getHelp(sourceHelp, fetchHelp),
  options: {
    ...sourceOptions,
    roi: { type: "string" },
    space: { type: "string" },
    zoom: { type: "string" },
    orientation: { type: "string" },
    ...fetchOptions,
    fill: { type: "string" },
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
    const fetcherOptions = { ...fetcherOptionsOf(args), outputOrientation: orientationOf(args) };
    const threads = threadsOf(args);
    checkRegionWords(args);
    const files = new OutputFiles(args.has("overwrite"));
    try {
      const sinks = target === undefined ? {} : await openSinks(target, files);
      const source = await readStackInfo(args, context);
      const { fetcher, stack } = openFetcher(source, args, context, fetcherOptions, threads);
      try {
        return await run(args, context, { fetcher, stack }, target, { files, ...sinks });
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
  readonly fetcher: ImageFetcher<DataType>;
  readonly stack: ProjectStack;
}

async function run(
  args: Arguments,
  context: CommandContext,
  { fetcher, stack }: OpenStack,
  target: Target | undefined,
  sinks: Sinks,
): Promise<number> {
  const { terminal, signal } = context;
  const orientation = orientationOf(args);
  const region = regionOf(args, fetcher, stack, orientation);
  if (args.text("mirror") === "fastest") await fetcher.setFastestMirror({ signal });
  const { mirror } = fetcher;
  const { dataType, blockShape } = await levelOf(fetcher, region.zoomLevel, signal);
  const bytes = region.shape.reduce((product, extent) => product * extent, bytesPerVoxel(dataType));
  if (target !== undefined) {
    checkHolds(target.format, dataType);
    await checkRoom(target, bytes);
  }
  const blocks = blockEstimate(region, orientation, stack, blockShape);
  const noun = blockNoun(mirror);
  const description = describeVolume({ ...region, orientation, dataType }, stack, mirror);
  const quiet = args.has("quiet");
  const asJson = args.has("json");
  if (target === undefined || args.has("dry-run")) {
    if (asJson) terminal.printJson({ ...description, bytes, blocks, tiles: blocks });
    else terminal.print(`${sizeText(region.shape, orientation, bytes)}, ${countText(blocks, noun)}`);
    return exitCode.ok;
  }
  if (!quiet && !asJson) {
    const from = titleText(mirror.title) || `mirror ${mirror.position}`;
    terminal.note(`${sizeText(region.shape, orientation, bytes)}, ${countText(blocks, noun)} from ${from}`);
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

/** What the mirror in use has of a zoom level. */
async function levelOf(
  fetcher: ImageFetcher<DataType>,
  zoomLevel: number,
  signal: AbortSignal,
): Promise<MirrorLevel> {
  const { levels } = await fetcher.describeMirror(fetcher.mirror, { signal });
  const level = levels[zoomLevel];
  if (level !== undefined && !("problem" in level)) return level;
  throw new UsageError(level?.problem ?? `the stack has no zoom level ${zoomLevel}`);
}

function sizeText(shape: readonly number[], orientation: string, bytes: number): string {
  return `${shape.join(" × ")} voxels (${orientation.split("").join(", ")}), ${bytesText(bytes)}`;
}
