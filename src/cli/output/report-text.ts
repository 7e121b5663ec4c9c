import type { FetchReport, FillCause, FilledBlock } from "../../index.js";
import { countText } from "./quantity-text.js";

const causes: Readonly<Record<FillCause, string>> = {
  missing: "missing on the server",
  "not-held": "not held by this mirror",
  "broken-slice": "of broken sections",
  "short-tile": "of smaller size than declared, filled up",
  failed: "that could not be fetched or decoded",
};

/** How many blocks were fetched, cached, filled and so on. */
export function blockCountsText({ blocks }: FetchReport): string {
  const { fetched, cached, filled, empty } = blocks;
  return [
    `${fetched} fetched`,
    ...(cached > 0 ? [`${cached} from cache`] : []),
    ...(empty > 0 ? [`${empty} not stored on the server (all 0)`] : []),
    ...(filled > 0 ? [`${filled} filled`] : []),
  ].join(", ");
}

/** What was filled and why, with a line for each cause. Empty if nothing was filled. */
export function filledLines(report: FetchReport, noun: "tile" | "block", outside = "voxel"): string[] {
  const lines: string[] = [];
  for (const cause of Object.keys(causes) as FillCause[]) {
    const blocks = report.filled.filter((entry) => entry.cause === cause);
    if (report.fills[cause] > 0)
      lines.push(`${countText(report.fills[cause], noun)} ${causes[cause]}${exampleOf(cause, blocks, noun)}`);
  }
  if (report.outside > 0) lines.push(`${countText(report.outside, outside)} outside the stack`);
  return lines;
}

/** Puts a label before the first line, and indents the others as far. */
export function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${i === 0 ? label : " ".repeat(label.length)}${line}`);
}

/** The broken sections that were replaced by others, with a line for each. */
export function replacedLines(report: FetchReport): string[] {
  return report.replaced.map(
    ({ section, sources }) =>
      `broken section ${section} by ${sources.join(" and ")} (--broken-slices); does not count as filled`,
  );
}

/** Whether any voxel was filled. Replaced sections do not count, because `--broken-slices` asked for them. */
export function isFilled(report: FetchReport): boolean {
  return report.filled.length > 0 || report.outside > 0;
}

function exampleOf(cause: FillCause, blocks: readonly FilledBlock[], noun: "tile" | "block"): string {
  if (cause === "broken-slice") {
    // A block has many sections, so its position does not say which one is broken.
    if (noun === "block") return "";
    const sections = [...new Set(blocks.map(({ block }) => block.at[0]))];
    const shown = sections.slice(0, 8).join(", ");
    return ` (z ${shown}${sections.length > 8 ? ", …" : ""})`;
  }
  const url = blocks.find((entry) => entry.url !== undefined)?.url;
  return url === undefined ? "" : ` (${blocks.length === 1 ? "" : "the first: "}${url})`;
}
