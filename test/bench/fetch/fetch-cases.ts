import { alternate } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { type BenchMirror, benchMirrors, stackInfo } from "../tiles/bench-stack.js";
import { type Corners, expectedSha256, reordered } from "../tiles/expected-volume.js";
import type { FetchTask } from "./fetch-task.js";
import {
  baselineOf,
  catpy,
  inProcess,
  inWarmProcess,
  threaded,
  threadedNew,
  threadedOut,
  threadedWarm,
} from "./fetchers.js";

/** Regions in z, y, x. */
export const regions = {
  /** 10 sections of 2048 × 2048: 160 tiles of 512², 880 of 256 × 192. */
  whole: [
    [0, 0, 0],
    [10, 2048, 2048],
  ],
  /** 16 sections of 1500 × 1500 that begin and end within tiles: 256 tiles of 512². */
  unaligned: [
    [0, 300, 200],
    [16, 1800, 1700],
  ],
  /** 256 × 256 of one tile. */
  single: [
    [5, 512, 1024],
    [6, 768, 1280],
  ],
} as const satisfies Record<string, Corners>;

interface FetchSetting {
  readonly name: string;
  readonly region: Corners;
  readonly tiles?: 512 | 256;
  readonly rounds: number;
  readonly orientation?: string;
  readonly delayed?: boolean;
  readonly cached?: boolean;
  /** Whether it is so little that starting workers would be all of it. */
  readonly little?: boolean;
}

const { whole, unaligned, single } = regions;

const settings: readonly FetchSetting[] = [
  { name: "160 tiles, cold", region: whole, rounds: 9 },
  { name: "160 tiles, cached", region: whole, rounds: 9, cached: true },
  { name: "unaligned 1500 × 1500 × 16, cold", region: unaligned, rounds: 5 },
  { name: "880 tiles of 256 × 192, cold", region: whole, rounds: 5, tiles: 256 },
  { name: "one 256 × 256, cold", region: single, rounds: 40, little: true },
  { name: "one 256 × 256, cached", region: single, rounds: 40, little: true, cached: true },
  { name: "160 tiles, cold, + 20 ms", region: whole, rounds: 5, delayed: true },
  { name: "unaligned 1500 × 1500 × 16, cold, + 20 ms", region: unaligned, rounds: 3, delayed: true },
  { name: "one 256 × 256, cold, + 20 ms", region: single, rounds: 20, little: true, delayed: true },
];

const orientations: readonly FetchSetting[] = ["zyx", "zxy", "yzx", "yxz", "xzy", "xyz"].map(
  (orientation) => ({ name: `160 tiles, cold, order ${orientation}`, region: whole, rounds: 5, orientation }),
);

/** Its axis mapping fits only orders that undo themselves. */
const wrongInCatpy = new Set(["yxz", "xzy"]);

/** End to end: from making the fetcher to the volume, in processes that have fetched before. */
export const fetchCases: readonly BenchCase[] = [
  ...(["jpeg", "png"] as const).flatMap((format) => settings.map((setting) => fetchCase(setting, format))),
  ...orientations.map((setting) => fetchCase(setting, "jpeg")),
];

function fetchCase(setting: FetchSetting, format: "jpeg" | "png"): BenchCase {
  const name = `${format.toUpperCase()} ${setting.name}`;
  return { group: "fetch", name, run: (context) => race(context, setting, mirrorOf(format, setting.tiles)) };
}

async function race(context: BenchContext, setting: FetchSetting, mirror: BenchMirror): Promise<BenchRow[]> {
  const { region, orientation = "zyx", cached = false, little = false } = setting;
  const folder = await context.tiles();
  const server = await (setting.delayed ? context.delayedServer() : context.server());
  const task: FetchTask = {
    info: stackInfo(mirror, server.origin),
    roi: reordered(region, orientation),
    orientation,
    keepFetcher: cached,
  };
  const fetchers = [
    ...(little || cached ? [threadedWarm] : [threadedNew, threaded, ...baselineOf(threaded), threadedWarm]),
    ...baselineOf(threadedWarm),
    ...(little ? [] : [threadedOut]),
    inProcess,
    ...(wrongInCatpy.has(orientation) ? [] : await catpy(context, little ? 0 : 2, undefined)),
  ];
  return alternate(
    fetchers.map((fetcher) => inWarmProcess(context, fetcher, task)),
    {
      rounds: context.rounds(setting.rounds),
      warmUp: little ? 5 : 2,
      expected: expectedSha256(folder, mirror, region, orientation),
    },
  );
}

/** The mirror with tiles of a format and width. */
export function mirrorOf(format: "jpeg" | "png", width: 512 | 256 = 512): BenchMirror {
  const mirror = benchMirrors.find((one) => one.format === format && one.tileWidth === width);
  if (mirror === undefined) throw new Error(`no mirror has ${format} tiles ${width} pixels wide`);
  return mirror;
}
