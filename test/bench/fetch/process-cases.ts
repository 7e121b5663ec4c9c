import { alternate, type Contender } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { stackInfo } from "../tiles/bench-stack.js";
import { expectedSha256 } from "../tiles/expected-volume.js";
import { mirrorOf, regions } from "./fetch-cases.js";
import type { FetchAnswer, FetchTask } from "./fetch-task.js";
import {
  baselineOf,
  catpy,
  inNewProcess,
  inProcess,
  inWarmProcess,
  type RegionFetcher,
  threadedBy,
  threadedNew,
  threadedWarm,
} from "./fetchers.js";

const formats = ["jpeg", "png"] as const;

/** The same 160 tiles, each time in a process that has never fetched anything. */
export const processCases: readonly BenchCase[] = formats.flatMap((format) => [
  {
    group: "fetch",
    name: `${format.toUpperCase()} 160 tiles, first of a process`,
    run: (context) => race(context, format, "ms", ({ wallMs }) => wallMs),
  },
  {
    group: "fetch",
    name: `${format.toUpperCase()} 160 tiles, from the start of a process`,
    run: (context) => race(context, format, "ms", ({ endedAt }, startedAt) => endedAt - startedAt),
  },
  {
    group: "memory",
    name: `${format.toUpperCase()} 160 tiles, peak of a process`,
    run: (context) => race(context, format, "MB", ({ peakMb }) => peakMb),
  },
]);

/** The same 160 tiles with numbers of workers. */
export const threadCases: readonly BenchCase[] = formats.map((format) => ({
  group: "threads",
  name: `${format.toUpperCase()} 160 tiles, cold`,
  run: async (context) => {
    const fetchers = [threadedBy(1), threadedBy(2), threadedBy(4), inProcess];
    const { task, expected } = await wholeTask(context, format);
    return alternate(
      fetchers.map((fetcher) => inWarmProcess(context, fetcher, task)),
      { rounds: context.rounds(5), warmUp: 2, expected },
    );
  },
}));

async function race(
  context: BenchContext,
  format: "jpeg" | "png",
  unit: BenchRow["unit"],
  measure: (answer: FetchAnswer, startedAt: number) => number,
): Promise<BenchRow[]> {
  const fetchers: RegionFetcher[] = [
    threadedNew,
    threadedWarm,
    ...baselineOf(threadedWarm),
    inProcess,
    ...(await catpy(context, 2, undefined)),
  ];
  const { task, expected } = await wholeTask(context, format);
  const contenders: Contender[] = fetchers.map((fetcher) => inNewProcess(fetcher, task, measure));
  const rows = await alternate(contenders, { rounds: context.rounds(5), warmUp: 0, expected });
  return unit === "MB" ? rows.map(asMemory) : rows;
}

/** What was measured is no time. */
function asMemory({ cpu: _, ratio, ...row }: BenchRow): BenchRow {
  const { to, times } = ratio ?? { to: row.contender, times: 1 };
  return { ...row, unit: "MB", ratio: { to, times } };
}

async function wholeTask(
  context: BenchContext,
  format: "jpeg" | "png",
): Promise<{ task: FetchTask; expected: string }> {
  const mirror = mirrorOf(format);
  const { origin } = await context.server();
  return {
    task: { info: stackInfo(mirror, origin), roi: regions.whole, orientation: "zyx" },
    expected: expectedSha256(await context.tiles(), mirror, regions.whole),
  };
}
