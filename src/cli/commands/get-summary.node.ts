import type { DataType, FetchReport, ImageFetcher } from "../../index.js";
import type { Region } from "../input/region.node.js";
import { plainText, titleText } from "../output/plain-text.js";
import { blockNoun, bytesText, retriesText, timeText } from "../output/quantity-text.js";
import { blockCountsText, filledLines, labelled, replacedLines } from "../output/report-text.js";
import type { VolumeDescription } from "../output/volume-description.js";

/** A region that was fetched. */
export interface SummaryRequest {
  readonly fetcher: ImageFetcher<DataType>;
  readonly region: Region;
  readonly description: VolumeDescription;
  /** Where the region went, for people. */
  readonly place: string;
}

/** A summary of a fetch, in lines. */
export function summaryLines(
  { fetcher, place, description, region }: SummaryRequest,
  report: FetchReport,
  elapsedMs: number,
): string[] {
  const { axes, shape, resolution, origin, projectOffset, mirror } = description;
  const list = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(12))).join(", ");
  const names = axes.join(", ");
  const noun = blockNoun(fetcher.mirror);
  const { x, y, z } = projectOffset;
  return [
    `${plainText(place)}: ${shape.join(" × ")} voxels of ${list(resolution)} nm (${names}), zoom ${region.zoomLevel}`,
    `origin   ${list(origin)} (${names}) in voxels; ${list([x, y, z])} (x, y, z) in project nm`,
    `mirror   ${mirror.position}  ${titleText(mirror.title)}`,
    `${`${noun}s`.padEnd(9)}${blockCountsText(report)}; ${bytesText(report.bytes)} in ${timeText(elapsedMs)}${report.retries === 0 ? "" : `, ${retriesText(report.retries)}`}`,
    ...labelled("filled   ", filledLines(report, noun)),
    ...labelled("replaced ", replacedLines(report)),
  ];
}
