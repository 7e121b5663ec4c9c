import { alternate } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { type BenchMirror, benchMirrors, stackInfo } from "../tiles/bench-stack.js";
import { type Corners, drawnFor, expectedSha256, reordered } from "../tiles/expected-volume.js";
import type { FetchTask } from "./fetch-task.js";
import {
  baselineOf,
  catpy,
  inNewProcess,
  inProcess,
  inWarmProcess,
  threaded,
  threadedOut,
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
  readonly rounds: number;
  /** Default: JPEG and PNG. */
  readonly formats?: readonly Format[];
  readonly tiles?: 512 | 256;
  readonly orientation?: string;
  readonly delayed?: boolean;
  readonly cached?: boolean;
  /** Whether each measurement is the first task of a new process. Its peak of memory is measured then too. */
  readonly newProcess?: boolean;
  /** Whether the region is within a single tile. */
  readonly little?: boolean;
}

type Format = BenchMirror["format"];

const { whole, unaligned, single } = regions;

const settings: readonly FetchSetting[] = [
  { name: "160 tiles", region: whole, rounds: 9 },
  { name: "160 tiles, from the cache", region: whole, rounds: 9, cached: true },
  { name: "160 tiles, first of a process", region: whole, rounds: 5, newProcess: true },
  { name: "160 tiles, + 20 ms", region: whole, rounds: 7, formats: ["jpeg"], delayed: true },
  { name: "880 tiles of 256 × 192", region: whole, rounds: 7, formats: ["jpeg"], tiles: 256 },
  { name: "unaligned 1500 × 1500 × 16", region: unaligned, rounds: 5, formats: ["jpeg"] },
  { name: "one 256 × 256", region: single, rounds: 40, little: true },
  { name: "one 256 × 256, from the cache", region: single, rounds: 40, little: true, cached: true },
];

const orders = ["zyx", "zxy", "yzx", "yxz", "xzy", "xyz"];

/** catpy's axis mapping is right only for orders that are their own inverse. */
const wrongInCatpy = new Set(["yxz", "xzy"]);

/** Measured end to end, from making the fetcher to the volume. */
export const fetchCases: readonly BenchCase[] = [
  ...settings.flatMap((setting) =>
    (setting.formats ?? ["jpeg", "png"]).map((format) => fetchCase("fetch", setting, format)),
  ),
  ...orders.map((orientation) =>
    fetchCase("order", { name: `160 tiles, ${orientation}`, region: whole, rounds: 5, orientation }, "jpeg"),
  ),
];

function fetchCase(group: string, setting: FetchSetting, format: Format): BenchCase {
  const name = `${format.toUpperCase()} ${setting.name}`;
  return { group, name, run: (context) => race(context, setting, mirrorOf(format, setting.tiles)) };
}

async function race(context: BenchContext, setting: FetchSetting, mirror: BenchMirror): Promise<BenchRow[]> {
  const { region, orientation = "zyx", cached = false, newProcess = false, little = false } = setting;
  const folder = await context.tiles();
  const server = await (setting.delayed ? context.delayedServer() : context.server());
  const task: FetchTask = {
    info: stackInfo(mirror, server.origin),
    roi: reordered(region, orientation),
    orientation,
    keepFetcher: cached,
  };
  const fetchers = [
    threaded,
    ...baselineOf(threaded),
    ...(little || newProcess ? [] : [threadedOut]),
    inProcess,
    ...(wrongInCatpy.has(orientation) ? [] : await catpy(context, little)),
  ];
  return alternate(
    fetchers.map((fetcher) =>
      newProcess ? inNewProcess(fetcher, task) : inWarmProcess(context, fetcher, task),
    ),
    {
      rounds: context.rounds(setting.rounds),
      warmUp: newProcess ? 0 : little ? 5 : 1,
      expected: expectedSha256(folder, drawnFor(mirror), region, orientation),
    },
  );
}

/** The mirror with tiles of a format and width. */
export function mirrorOf(format: Format, width: 512 | 256 = 512): BenchMirror {
  const mirror = benchMirrors.find((one) => one.format === format && one.tileWidth === width);
  if (mirror === undefined) throw new Error(`no mirror has ${format} tiles ${width} pixels wide`);
  return mirror;
}
