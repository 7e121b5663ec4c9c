import { encodeGreyPng } from "../../../workers/encode/encode-png.js";
import type { FetchReport, ImageFetcher } from "../../index.js";
import type { ByteSink } from "../../out/index.node.js";
import type { CommandContext } from "../command.node.js";
import type { Region } from "../input/region.node.js";
import { montage } from "../output/montage.js";
import {
  isThere,
  OutputFiles,
  type OutputFormat,
  volumeWriter,
  writeWhole,
} from "../output/output-file.node.js";
import { plainText } from "../output/plain-text.js";
import { ProgressBar } from "../output/progress-bar.node.js";
import { bytesText, retriesText, timeText } from "../output/quantity-text.js";
import { filledLines, replacedLines, reportJson } from "../output/report-text.js";
import type { VolumeDescription } from "../output/volume-description.js";

/** A region, and the file that it goes to. */
export interface FileRequest {
  readonly fetcher: ImageFetcher;
  readonly region: Region;
  readonly description: VolumeDescription;
  readonly output: string;
  readonly format: OutputFormat;
  /** Most memory for what is streamed, in bytes. */
  readonly maxMemoryBytes: number | undefined;
  /** Planes side by side in a picture. */
  readonly columns: number | undefined;
  /** Whether a JSON file goes with it. */
  readonly withMetadata: boolean;
  readonly asJson: boolean;
  readonly quiet: boolean;
  readonly context: CommandContext;
}

/** Fetches the region, writes the files and says what was done. Leaves no incomplete file behind. */
export async function fetchToFile(request: FileRequest): Promise<FetchReport> {
  const { output, description, context } = request;
  const files = new OutputFiles();
  const bar = new ProgressBar(context.terminal);
  try {
    const voxels = await files.open(output);
    const metadata = request.withMetadata ? await files.open(metadataPath(output)) : undefined;
    const report = await fetchInto(voxels, request, bar);
    const elapsedMs = bar.elapsedMs;
    const summary = { output, format: request.format, ...description, report: reportJson(report), elapsedMs };
    if (metadata !== undefined) await writeWhole(metadata, `${JSON.stringify(summary, null, 2)}\n`);
    await files.commit();
    bar.clear();
    if (request.asJson) context.terminal.printJson(summary);
    else if (!request.quiet)
      for (const line of summaryLines(request, report, elapsedMs)) context.terminal.print(line);
    if (metadata === undefined && !request.quiet && (await isThere(metadataPath(output)))) {
      context.terminal.warn(
        `${metadataPath(output)} was there before and need not fit these voxels: remove it, or write it anew with --metadata`,
      );
    }
    return report;
  } finally {
    bar.clear();
    await files.discard();
  }
}

/** The JSON file that goes with a file. */
export function metadataPath(output: string): string {
  return `${output}.json`;
}

async function fetchInto(sink: ByteSink, request: FileRequest, bar: ProgressBar): Promise<FetchReport> {
  const { fetcher, region, format, columns, context, quiet } = request;
  const { roi, space, zoomLevel, shape } = region;
  const options = {
    roiMode: space,
    zoomLevel,
    signal: context.signal,
    ...(quiet
      ? {}
      : { onProgress: (progress: Parameters<ProgressBar["update"]>[0]) => bar.update(progress) }),
  };
  if (format !== "png") {
    const out = volumeWriter(sink, format);
    const memory = request.maxMemoryBytes === undefined ? {} : { maxMemoryBytes: request.maxMemoryBytes };
    return (await fetcher.get(roi, { ...options, ...memory, out })).report;
  }
  const { data, report } = await fetcher.get(roi, options);
  const picture = montage(data, shape, columns === undefined ? {} : { columns });
  await writeWhole(sink, encodeGreyPng(picture.data, picture.width, picture.height));
  return report;
}

function summaryLines(
  { output, description, region }: FileRequest,
  report: FetchReport,
  elapsedMs: number,
): string[] {
  const { axes, shape, resolution, origin, projectOffset, mirror } = description;
  const { fetched, cached, filled } = report.tiles;
  const list = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(12))).join(", ");
  const names = axes.join(", ");
  const tiles = [
    `${fetched} fetched`,
    ...(cached > 0 ? [`${cached} from cache`] : []),
    ...(filled > 0 ? [`${filled} filled`] : []),
  ];
  const { x, y, z } = projectOffset;
  return [
    `${output}: ${shape.join(" × ")} voxels of ${list(resolution)} nm (${names}), zoom ${region.zoomLevel}`,
    `origin   ${list(origin)} (${names}) in voxels; ${list([x, y, z])} (x, y, z) in project nm`,
    `mirror   ${mirror.position}  ${plainText(mirror.title)}`,
    `tiles    ${tiles.join(", ")}; ${bytesText(report.bytes)} in ${timeText(elapsedMs)}${report.retries === 0 ? "" : `, ${retriesText(report.retries)}`}`,
    ...[...filledLines(report), ...replacedLines(report)].map(
      (line, i) => `${i === 0 ? "filled   " : "         "}${line}`,
    ),
  ];
}
