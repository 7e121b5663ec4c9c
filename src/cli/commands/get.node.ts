import type { DataType, ImageFetcher, MirrorLevel, ProjectStack } from "../../index.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import type { Arguments } from "../input/arguments.node.js";
import { fetcherOptionsOf, threadsOf, tileErrorOf } from "../input/fetch-options.node.js";
import { layoutOptions } from "../input/layout-options.node.js";
import {
  blockEstimate,
  checkRegionWords,
  orientationOf,
  regionOf,
  regionOptions,
} from "../input/region.node.js";
import { resumeLine } from "../input/resume-line.node.js";
import { openFetcher, readStackInfo, sourceOptions } from "../input/stack-source.node.js";
import { OutputFiles } from "../output/output-file.node.js";
import { titleText } from "../output/plain-text.js";
import { blockNoun, bytesText, countText } from "../output/quantity-text.js";
import { isFilled } from "../output/report-text.js";
import { describeVolume } from "../output/volume-description.js";
import { UsageError } from "../usage-error.js";
import { getHelp } from "./get-help.node.js";
import { checkHolds, checkRoom, openSinks, type Sinks, type Target, targetOf } from "./get-target.node.js";
import { fetchToDataset } from "./get-to-dataset.node.js";
import { fetchToFile } from "./get-to-file.node.js";

/** Above this size, the command asks for confirmation, as the fetch takes much time and disk space. */
const askedBytes = 10e9;

export const getCommand: Command = {
  name: "get",
  summary: "fetch a region into a file, or into a folder such as OME-Zarr or N5",
  help: getHelp,
  options: {
    ...sourceOptions,
    ...regionOptions,
    output: { type: "string", short: "o" },
    overwrite: { type: "boolean" },
    resume: { type: "boolean" },
    repair: { type: "boolean" },
    yes: { type: "boolean", short: "y" },
    format: { type: "string" },
    ...layoutOptions,
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
    tileErrorOf(args);
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

/** A stack with its fetcher. */
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
    checkHolds(target, dataType);
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
  if (bytes > askedBytes && !args.has("yes")) {
    const isMeant = await terminal.confirm(`Fetch ${bytesText(bytes)} to ${target.output}?`, signal);
    if (!isMeant) throw new Error("nothing was fetched: ask for less, for a higher --zoom, or say yes");
  }
  const request = {
    fetcher,
    region,
    description,
    sinks,
    asJson,
    quiet,
    context,
    tileError: tileErrorOf(args),
  };
  const { reports, filledBefore } =
    target.container === "file"
      ? { reports: [await fetchToFile({ ...request, target })], filledBefore: 0 }
      : await fetchToDataset({ ...request, target, stack, resumeLine: resumeLine(args, mirror) });
  const hasFills = filledBefore > 0 || reports.some(isFilled);
  return args.has("strict") && hasFills ? exitCode.filled : exitCode.ok;
}

/** The zoom level in the mirror in use. Throws if the mirror does not have it. */
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
