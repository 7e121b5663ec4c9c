import { encodeGreyPng } from "../../../workers/encode/encode-png.js";
import type { DataType, FetchReport, GetOptions, ImageFetcher } from "../../index.js";
import type { ByteSink, Bytes } from "../../out/index.node.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import type { CommandContext } from "../command.node.js";
import { streamBytes } from "../input/max-memory.node.js";
import type { Region } from "../input/region.node.js";
import { fileWriter } from "../output/format-writer.node.js";
import { montage } from "../output/montage.js";
import { isThere, writeWhole } from "../output/output-file.node.js";
import { ProgressBar } from "../output/progress-bar.node.js";
import { blockNoun } from "../output/quantity-text.js";
import { StandardOutput } from "../output/standard-output.node.js";
import type { VolumeDescription } from "../output/volume-description.js";
import { summaryLines } from "./get-summary.node.js";
import { type FileTarget, metadataPath, type Sinks, type Target } from "./get-target.node.js";

/** Estimated bytes before the voxels of a file. */
const headerBytes = 1024;

/** A region, and where it goes. */
export interface GetRequest<T extends Target = Target> {
  readonly fetcher: ImageFetcher<DataType>;
  readonly region: Region;
  readonly description: VolumeDescription;
  readonly target: T;
  readonly sinks: Sinks;
  readonly asJson: boolean;
  readonly quiet: boolean;
  readonly context: CommandContext;
  /** What each fetch does about blocks that cannot be fetched. */
  readonly tileError: Pick<GetOptions, "onTileError">;
}

/** Fetches the region, writes the files and prints a summary. */
export async function fetchToFile(request: GetRequest<FileTarget>): Promise<FetchReport> {
  const { description, sinks, asJson, quiet } = request;
  const { output, format, toStandardOutput } = request.target;
  const { terminal } = request.context;
  const bar = new ProgressBar(terminal, blockNoun(request.fetcher.mirror));
  const report = await fetchInto(sinks.voxels ?? standardOutput(request), request, bar).finally(() =>
    bar.clear(),
  );
  const { elapsedMs } = bar;
  const summary = { output, format, ...description, report, elapsedMs };
  const json = JSON.stringify(summary, null, 2);
  if (sinks.metadata !== undefined) await writeWhole(sinks.metadata, `${json}\n`);
  await sinks.files.commit();
  const place = toStandardOutput ? "standard output" : output;
  const lines = asJson ? [json] : quiet ? [] : summaryLines({ ...request, place }, report, elapsedMs);
  // The summary goes to standard error if the voxels go to standard output.
  for (const line of lines) toStandardOutput ? terminal.note(line) : terminal.print(line);
  const isAlone = !toStandardOutput && sinks.metadata === undefined;
  if (isAlone && !quiet && (await isThere(metadataPath(output)))) {
    terminal.warn(
      `${metadataPath(output)} was there before and need not fit these voxels: remove it, or write it anew with --metadata`,
    );
  }
  return report;
}

/** A sink for standard output. It holds the file in memory, so it gets the expected size. */
function standardOutput({ region, description, target, context }: GetRequest<FileTarget>): StandardOutput {
  const bytes = region.shape.reduce((product, extent) => product * extent, bytesPerVoxel(description.dtype));
  return new StandardOutput(context.terminal, target.format === "png" ? 0 : bytes + headerBytes);
}

async function fetchInto(
  sink: ByteSink,
  request: GetRequest<FileTarget>,
  bar: ProgressBar,
): Promise<FetchReport> {
  const { fetcher, region, context, quiet } = request;
  const { format, columns, layout, maxBytes = streamBytes } = request.target;
  const { roi, space, zoomLevel, shape } = region;
  const options = {
    ...request.tileError,
    roiMode: space,
    zoomLevel,
    signal: context.signal,
    ...(quiet
      ? {}
      : { onProgress: (progress: Parameters<ProgressBar["update"]>[0]) => bar.update(progress) }),
  };
  if (format !== "png") {
    const out = fileWriter(sink, format, layout);
    const maxMemoryBytes = Math.min(maxBytes, streamBytes);
    return (await fetcher.get(roi, { ...options, out, maxMemoryBytes })).report;
  }
  const { data, report } = await fetcher.get(roi, options);
  // `checkHolds` has made sure that voxels of a picture are bytes.
  const picture = montage(data as Bytes, shape, columns);
  await writeWhole(sink, encodeGreyPng(picture.data, picture.width, picture.height));
  return report;
}
