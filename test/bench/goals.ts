import type { BenchResult, BenchRow } from "./bench-case.js";
import { figure } from "./result-table.js";

/** A ratio of two figures of a case that we want to reach. */
interface Goal {
  /** Group and name of the case, as in the results. */
  readonly in: string;
  /** Name of our contender. */
  readonly ours: string;
  /** Beginning of the names of the other contenders. The best of them counts. */
  readonly theirs: string;
  /** Whether peaks of memory are compared instead of times. */
  readonly memory?: boolean;
  /**
   * How many times faster than theirs ours has to be, and how many times we hope for. If the second number is smaller:
   * what fraction of theirs ours may take, and what fraction we hope for.
   */
  readonly bar: readonly [limit: number, hope: number];
}

const goals: readonly Goal[] = [
  fetchGoal("JPEG 160 tiles", "ours", "catpy", [2.4, 3]),
  fetchGoal("JPEG 160 tiles", "ours, out reused", "catpy", [3, 3.5]),
  fetchGoal("PNG 160 tiles", "ours", "catpy", [3, 3.6]),
  fetchGoal("PNG 160 tiles", "ours, out reused", "catpy", [4, 4.5]),
  fetchGoal("JPEG 880 tiles of 256 × 192", "ours", "catpy, default", [4.5, 6]),
  fetchGoal("JPEG 160 tiles, + 20 ms", "ours", "catpy, default", [2.1, 3]),
  ...["JPEG", "PNG"].flatMap((format): Goal[] => [
    { ...fetchGoal(`${format} 160 tiles, first of a process`, "ours", "catpy", [0.85, 0.75]), memory: true },
    fetchGoal(`${format} one 256 × 256`, "ours", "catpy", [1, 0.5]),
    fetchGoal(`${format} one 256 × 256, from the cache`, "ours", "catpy", [1, 0.2]),
  ]),
  ...["raw", "gzip", "Blosc-zstd"].flatMap((packing) => [
    blockGoal(packing, "aligned", "zarrita", [0.7, 0.5]),
    blockGoal(packing, "unaligned", "zarrita", [0.8, 0.6]),
  ]),
  ...["raw", "gzip"].map((packing) => blockGoal(packing, "aligned", "n5-wasm", [0.35, 0.25])),
  ...["HDF5", "OME-Zarr 0.4"].flatMap((format) => [
    exportGoal(format, "uncompressed", "catpy", [2, 3]),
    exportGoal(format, "gzip", "catpy", [2, 3]),
  ]),
  // That is 0.7 of its speed, and 0.9.
  ...["HDF5", "OME-Zarr 0.4", "N5", "OME-Zarr 0.5, shards of 16 MB", "TIFF"].map((format) =>
    exportGoal(format, "uncompressed", "kept nothing", [1.43, 1.11]),
  ),
  {
    in: "decode: compressed_segmentation 64³ uint64",
    ours: "ours",
    theirs: "neuroglancer",
    bar: [0.65, 0.1],
  },
  { in: "decode: JPEG grey 512² q75", ours: "ours, wasm", theirs: "libjpeg-turbo", bar: [0.95, 0.8] },
  { in: "decode: JPEG grey 512² q75", ours: "ours, TypeScript", theirs: "libjpeg-turbo", bar: [2.9, 2] },
  { in: "decode: PNG grey 512²", ours: "ours, wasm", theirs: "libpng", bar: [0.45, 0.33] },
  { in: "decode: PNG grey 512²", ours: "ours, TypeScript", theirs: "libpng", bar: [1.8, 1.3] },
  {
    in: "browser: JPEG grey 512² q75, decoded by 2 workers",
    ours: "ours",
    theirs: "canvas",
    bar: [5, 8],
  },
];

function fetchGoal(name: string, ours: string, theirs: string, bar: Goal["bar"]): Goal {
  return { in: `fetch: ${name}`, ours, theirs, bar };
}

function blockGoal(packing: string, region: string, theirs: string, bar: Goal["bar"]): Goal {
  return { in: `blocks: ${packing} 64³, ${region} 512 × 512 × 64`, ours: "ours", theirs, bar };
}

function exportGoal(format: string, packing: string, theirs: string, bar: Goal["bar"]): Goal {
  return { in: `export: 201 MB as ${format}, ${packing}`, ours: "ours", theirs, bar };
}

/** The goals that the results have figures for, as a Markdown table; empty if there are none. */
export function goalTable(results: readonly BenchResult[]): string {
  const lines = goals.flatMap((goal) => {
    const rows = results.find(({ group, name }) => `${group}: ${name}` === goal.in)?.rows ?? [];
    return goalRow(goal, rows);
  });
  if (lines.length === 0) return "";
  return [
    "| goal | ours | | theirs | | ratio | | hope | |",
    "|---|---|--:|---|--:|--:|--:|--:|---|",
    ...lines,
    "",
    "The ratio is theirs ÷ ours where it has to be at least so much (≥), and ours ÷ theirs where at most (≤).",
    "",
  ].join("\n");
}

function goalRow({ in: name, ours, theirs, memory = false, bar }: Goal, rows: readonly BenchRow[]): string[] {
  const cost = memory ? ({ peakMb = Number.NaN }: BenchRow) => peakMb : costOf;
  const own = rows.find(({ contender }) => contender === ours);
  const [other] = rows
    .filter(({ contender }) => contender.startsWith(theirs))
    .sort((a, b) => cost(a) - cost(b));
  if (own === undefined || other === undefined) return [];
  const [limit, hope] = bar;
  const smaller = hope < limit;
  const ratio = smaller ? cost(own) / cost(other) : cost(other) / cost(own);
  const reaches = (least: number) => (smaller ? ratio <= least : ratio >= least);
  const cells = [
    memory ? `${name}, peak memory` : name,
    ...[own, other].flatMap(({ contender, median, unit, peakMb = 0 }) => [
      contender,
      memory ? `${figure(peakMb)} MB` : `${figure(median)} ${unit}`,
    ]),
    figure(ratio),
    `${smaller ? "≤" : "≥"} ${limit}`,
    hope,
    reaches(hope) ? "good" : reaches(limit) ? "reached" : "missed",
  ];
  return [`| ${cells.join(" | ")} |`];
}

/** A figure that is better if it is smaller: a time, or the time per tile. */
function costOf({ median, unit }: BenchRow): number {
  return unit === "tiles/s" ? 1 / median : median;
}
