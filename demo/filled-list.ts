import type { FetchReport, FillCause } from "catmaid-image";

const explanations: Readonly<Record<FillCause, string>> = {
  "broken-slice": "declared broken by the stack",
  missing: "the server has no such tile",
  "not-held": "this mirror does not hold it",
  "short-tile": "the tile ends before the stack does",
  failed: "the tile could not be had",
};

/** One line per section and cause for what was filled or replaced, and one for what lies outside the stack. */
export function describeFilled(report: FetchReport): string[] {
  const counts = new Map<string, number>();
  for (const { block, cause } of report.filled) {
    const line = `Section ${block.at[0]}: ${explanations[cause]}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, tiles]) => `${line} (${tiles} ${tiles === 1 ? "tile" : "tiles"})`);
  for (const { section, sources } of report.replaced) {
    lines.push(`Section ${section}: broken; shows section ${sources.join(" and ")}`);
  }
  if (report.outside > 0) lines.push(`${report.outside.toLocaleString("en")} voxels lie outside the stack`);
  return lines;
}
