import type { BenchCheck, BenchResult, BenchRow } from "./bench-case.js";
import type { Machine } from "./machine.js";

/** The machine and the versions, as a Markdown list. */
export function machineList(machine: Machine): string {
  return Object.entries(machine)
    .map(([name, value]) => `- ${name}: ${value}\n`)
    .join("");
}

/** All results as one Markdown table. */
export function resultTable(results: readonly BenchResult[]): string {
  return [
    "| | | | median | × | best | CPU | × | peak | rounds | check |",
    "|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ...results.flatMap(({ group, name, rows }) =>
      rows.map((row, n) => tableRow(n === 0 ? group : "", n === 0 ? name : "", row)),
    ),
    "",
  ].join("\n");
}

function tableRow(group: string, name: string, row: BenchRow): string {
  const { contender, median, unit, cpu, peakMb, ratio, samples, check } = row;
  const cells = [
    group,
    name,
    contender,
    `${figure(median)} ${unit}`,
    ratio === undefined ? "" : ratio.to === contender ? "1" : figure(ratio.times),
    figure(unit === "tiles/s" ? Math.max(...samples) : Math.min(...samples)),
    cpu === undefined ? "" : `${figure(cpu)} ${unit}`,
    ratio?.cpuTimes === undefined ? "" : ratio.to === contender ? "1" : figure(ratio.cpuTimes),
    peakMb === undefined ? "" : `${figure(peakMb)} MB`,
    `${samples.length}`,
    checkText(check),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A number with three digits. More would be noise. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function checkText({ verdict, note }: BenchCheck): string {
  if (verdict === "equal") return "equal";
  return verdict === "differs" ? `**DIFFERS** ${note ?? ""}` : `off in ${note ?? "some pixels"}`;
}
