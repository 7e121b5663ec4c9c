import type { BenchResult, BenchRow } from "./bench-case.js";
import { figure } from "./result-table.js";

/** A ratio of two medians that we want to reach. */
interface Goal {
  /** What is compared. */
  readonly text: string;
  /** Group and name of the case, as in the results. */
  readonly in: string;
  /** Beginnings of the names of those whose best is divided by the best of `by`; rates are turned round. */
  readonly of: string;
  readonly by: string;
  /** What it must be at most, or at least. */
  readonly limit: readonly ["≤" | "≥", number];
  /** What would be good. */
  readonly hope: number;
}

const fetchers = [
  "ours, as it comes",
  "ours, 2 workers",
  "ours, 2 workers kept",
  "ours, 2 workers kept, out reused",
  "ours, no workers",
];

function faster(name: string, opponent: string, least: number, hope: number): Goal[] {
  return fetchers.map((by) => ({
    text: `${name}: ${opponent === "catpy" ? "catpy's best" : opponent} ÷ ${by}`,
    in: `fetch: ${name}`,
    of: opponent,
    by,
    limit: ["≥", least],
    hope,
  }));
}

const goals: readonly Goal[] = [
  ...[
    { kind: "JPEG grey 512² q75", native: "libjpeg-turbo", limits: [0.95, 0.8, 2.9, 2] },
    { kind: "PNG grey 512²", native: "libpng", limits: [0.45, 0.33, 1.8, 1.3] },
  ].flatMap(({ kind, native, limits: [wasm = 0, wasmHope = 0, plain = 0, plainHope = 0] }): Goal[] => {
    const shared = { in: `decode: ${kind}`, by: native };
    return [
      {
        text: `${kind}: kernel ÷ ${native}`,
        of: "ours, wasm",
        limit: ["≤", wasm],
        hope: wasmHope,
        ...shared,
      },
      {
        text: `${kind}: TypeScript ÷ ${native}`,
        of: "ours, TypeScript",
        limit: ["≤", plain],
        hope: plainHope,
        ...shared,
      },
    ];
  }),
  ...faster("JPEG 160 tiles, cold", "catpy", 3.5, 5),
  ...faster("PNG 160 tiles, cold", "catpy", 4.5, 6),
  ...faster("JPEG 880 tiles of 256 × 192, cold", "catpy, default", 6, 10),
  ...faster("JPEG 160 tiles, cold, + 20 ms", "catpy, default", 2.5, 4),
  ...["JPEG", "PNG"].flatMap((format): Goal[] => [
    littleGoal(`${format} one 256 × 256, cold`, 0.5),
    littleGoal(`${format} one 256 × 256, cached`, 0.2),
    {
      text: `${format} 160 tiles, peak memory: ours, as it comes ÷ catpy, threaded`,
      in: `memory: ${format} 160 tiles, peak of a process`,
      of: "ours, as it comes",
      by: "catpy",
      limit: ["≤", 1],
      hope: 0.7,
    },
  ]),
  {
    text: "Chromium, JPEG tiles/s of 2 workers: ours ÷ canvas",
    in: "browser: JPEG grey 512² q75, decoded by 2 workers",
    of: "canvas",
    by: "ours",
    limit: ["≥", 5],
    hope: 8,
  },
];

function littleGoal(name: string, hope: number): Goal {
  return {
    text: `${name}: ours ÷ catpy`,
    in: `fetch: ${name}`,
    of: "ours",
    by: "catpy",
    limit: ["≤", 1],
    hope,
  };
}

/** The goals that the results say something about, as a Markdown table; nothing where there is none. */
export function goalTable(results: readonly BenchResult[]): string {
  const lines = goals.flatMap((goal) => {
    const rows = results.find(({ group, name }) => `${group}: ${name}` === goal.in)?.rows ?? [];
    const [of, by] = [best(rows, goal.of), best(rows, goal.by)];
    if (of === undefined || by === undefined) return [];
    const ratio = of / by;
    const [sign, limit] = goal.limit;
    const reached = sign === "≤" ? ratio <= limit : ratio >= limit;
    const hoped = sign === "≤" ? ratio <= goal.hope : ratio >= goal.hope;
    const verdict = hoped ? "good" : reached ? "reached" : "missed";
    return [`| ${goal.text} | ${sign} ${limit} | ${goal.hope} | ${figure(ratio)} | ${verdict} |`];
  });
  if (lines.length === 0) return "";
  return ["| goal | limit | hope | now | |", "|---|--:|--:|--:|---|", ...lines, ""].join("\n");
}

/** The smallest median of those whose names begin so, as a time; of "ours, 2 workers", not that with workers kept. */
function best(rows: readonly BenchRow[], beginning: string): number | undefined {
  const exact = rows.filter(({ contender }) => contender === beginning);
  const found = exact.length > 0 ? exact : rows.filter(({ contender }) => contender.startsWith(beginning));
  if (found.length === 0) return undefined;
  return Math.min(...found.map(({ median, unit }) => (unit === "tiles/s" ? 1 / median : median)));
}
