import { median, withRatios } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { LineProcess } from "../line-process.js";
import { stackInfo } from "../tiles/bench-stack.js";
import { sha256 } from "../tiles/expected-volume.js";
import { sameTile, sameTileSide } from "../tiles/same-tile.js";
import type { FetchAnswer, FetchTask } from "./fetch-task.js";
import { baselineOf, catpy, inProcess, type RegionFetcher, threadedWarm } from "./fetchers.js";

const [columns, rows, sections] = [10, 10, 1000];

/** Numbers of tiles, as extents in tiles along z, y and x. */
const sizes = [
  { tiles: 10, extent: [1, 1, 10], rounds: 5 },
  { tiles: 100, extent: [1, 10, 10], rounds: 5 },
  { tiles: 1000, extent: [10, 10, 10], rounds: 3 },
  { tiles: 10_000, extent: [100, 10, 10], rounds: 1 },
  { tiles: 100_000, extent: [1000, 10, 10], rounds: 1 },
] as const;

type Size = (typeof sizes)[number];

/** catpy's time and memory per tile grow, so that more would take minutes. */
const mostForCatpy = 1000;

/**
 * Time and memory per tile of regions of any size: tiles of 64 × 64, which the server need not draw, go to a writer that
 * keeps nothing, so that whatever grows is the library's own.
 */
export const scalingCases: readonly BenchCase[] = sizes.map((size) => ({
  group: "scaling",
  name: `${size.tiles.toLocaleString("en")} tiles of 64 × 64`,
  run: (context) => race(context, size),
}));

async function race(context: BenchContext, size: Size): Promise<BenchRow[]> {
  const fetchers = [
    threadedWarm,
    ...baselineOf(threadedWarm),
    inProcess,
    ...(size.tiles <= mostForCatpy ? await catpy(context, 2, undefined) : []),
  ];
  const { origin } = await context.server();
  const answers = fetchers.map((): FetchAnswer[] => []);
  for (let round = 0; round < context.rounds(size.rounds); round++) {
    for (const [n, fetcher] of fetchers.entries()) answers[n]?.push(await afterWarmUp(fetcher, origin, size));
  }
  const found = fetchers.map(({ name }, n) => rowOf(name, answers[n] ?? [], size.tiles));
  return withRatios(found, threadedWarm.name);
}

function rowOf(contender: string, answers: readonly FetchAnswer[], tiles: number): BenchRow {
  const samples = answers.map(({ wallMs }) => (1000 * wallMs) / tiles);
  const expected = sha256(new Uint8Array(0));
  return {
    contender,
    median: median(samples),
    unit: "µs/tile",
    cpu: median(answers.map(({ cpuMs }) => (1000 * cpuMs) / tiles)),
    peakMb: median(answers.map(({ peakMb }) => peakMb)),
    samples,
    check: answers.every((answer) => answer.sha256 === expected)
      ? { verdict: "equal" }
      : { verdict: "differs", note: "not every tile came as it should" },
  };
}

/** In a new process, as memory is measured, that has fetched a hundred tiles before. */
async function afterWarmUp(fetcher: RegionFetcher, origin: string, size: Size): Promise<FetchAnswer> {
  const [command = "", ...args] = fetcher.command;
  const child = new LineProcess(command, args);
  try {
    for (let n = 0; n < 3; n++) await child.ask({ ...taskOf(origin, sizes[1]), ...fetcher.task });
    return await child.ask<FetchAnswer>({ ...taskOf(origin, size), ...fetcher.task });
  } finally {
    await child.close();
  }
}

function taskOf(origin: string, { tiles, extent }: Size): FetchTask {
  const dimension = { x: columns * sameTileSide, y: rows * sameTileSide, z: sections };
  const mirror = {
    key: "same",
    extension: "png",
    tileWidth: sameTileSide,
    tileHeight: sameTileSide,
  } as const;
  const [z, y, x] = extent;
  return {
    info: stackInfo(mirror, origin, dimension),
    roi: [
      [0, 0, 0],
      [z, y * sameTileSide, x * sameTileSide],
    ],
    orientation: "zyx",
    everyTile: { pixels: Buffer.from(sameTile()).toString("base64"), count: tiles },
  };
}
