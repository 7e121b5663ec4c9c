import { Worker } from "node:worker_threads";
import workerSource from "virtual:node-tile-worker-source";
import { ThreadedImageFetcher } from "../../src/fetcher/threaded-image-fetcher.js";
import type { Triple } from "../../src/space/axis-order.js";
import { chanceOf } from "../support/faults/fault-chance.js";
import { bodyFaults, connectionFaults, stalls, statusFaults } from "../support/faults/fault-kinds.js";
import { CountedSignal } from "../support/fetching/counted-signal.js";
import { modelStackInfo } from "../support/model/model-fetcher.js";
import type { Misbehaviour, ServedTile } from "../support/model/model-server.js";
import { ModelServer } from "../support/model/model-server.js";
import type { ModelTile } from "../support/model/model-stack.js";
import { modelStack, modelVoxel } from "../support/model/model-stack.js";
import { type SoakMeasures, SoakMeter } from "./soak-meter.js";

/** How long and how rough. */
export interface SoakOptions {
  readonly tiles: number;
  readonly seed: number;
  /** A worker is killed each time that so many more tiles have come. */
  readonly tilesPerKill: number;
  readonly threads: number;
  readonly onRound?: (figures: SoakFigures) => void;
}

/** What came of it. */
export interface SoakFigures extends SoakMeasures {
  tiles: number;
  rounds: number;
  requests: number;
  faults: number;
  retries: number;
  kills: number;
  workersStarted: number;
  abortedFetches: number;
  voxels: number;
  wrongVoxels: number;
  fills: number;
  unreportedFills: number;
  leftListeners: number;
}

type Box = readonly [lower: Triple, upper: Triple];

const size = { x: 320, y: 320, z: 400 };
const tile = 32;
const fillValue = 255;
const faultRate = 0.1;
const missingRate = 0.005;
const apt = [...connectionFaults, ...statusFaults, ...bodyFaults].filter(({ isRetried }) => isRetried);

/** Fetches region after region from a server of which every tenth answer is a fault, while workers are killed. */
export async function runSoak(options: SoakOptions): Promise<SoakFigures> {
  const { seed, threads, tilesPerKill } = options;
  const stack = modelStack({ dimension: size, tileWidth: tile, tileHeight: tile, cropped: true });
  const figures: SoakFigures = { ...emptyFigures };
  const server = await ModelServer.start(stack, (served) => {
    figures.requests++;
    const act = faultOf(served, seed + figures.rounds * 7919);
    if (act !== undefined) figures.faults++;
    return isAbsent(served, seed) ? { status: 404 } : act;
  });
  const alive = new Set<Worker>();
  const createWorker = (): Worker => {
    const worker = new Worker(workerSource, { eval: true });
    figures.workersStarted++;
    alive.add(worker);
    worker.on("exit", () => alive.delete(worker));
    return worker;
  };
  const fetcher = ThreadedImageFetcher.fromStackInfo(modelStackInfo(stack, [server.base()]), {
    threads,
    createWorker,
    fillValue,
    timeoutMs: 3000,
    cacheBytes: 300 * tile * tile,
    retry: { attempts: 14, baseDelayMs: 1, maxDelayMs: 20 },
  });
  const signal = new CountedSignal();
  const meter = new SoakMeter();
  let killedAt = 0;
  try {
    for (; figures.tiles < options.tiles; figures.rounds++) {
      const roi = anyRegion(seed, figures.rounds);
      const before = figures.tiles;
      const aborting = new AbortController();
      const aborted = fetcher.get(roi, { signal: aborting.signal }).catch(() => figures.abortedFetches++);
      const { data, report } = await fetcher.get(roi, {
        signal: signal.signal,
        onProgress: ({ done, planned }) => {
          figures.tiles = before + done;
          if (done > planned / 4) aborting.abort();
          if (figures.tiles - killedAt < tilesPerKill) return;
          killedAt = figures.tiles;
          const victim = [...alive][figures.kills % alive.size];
          if (victim === undefined) return;
          figures.kills++;
          void victim.terminate();
        },
      });
      await aborted;
      compare(
        roi,
        data,
        new Set(report.filled.flatMap(({ tile: filled }) => (filled === undefined ? [] : [nameOf(filled)]))),
        seed,
        figures,
      );
      figures.tiles = before + report.tiles.fetched + report.tiles.filled;
      figures.retries += report.retries;
      figures.leftListeners += signal.listeners;
      server.requests.length = 0;
      server.release();
      Object.assign(figures, meter.read());
      options.onRound?.(figures);
    }
  } finally {
    await fetcher.close();
    await server.close();
  }
  return figures;
}

const emptyFigures: SoakFigures = {
  tiles: 0,
  rounds: 0,
  requests: 0,
  faults: 0,
  retries: 0,
  kills: 0,
  workersStarted: 0,
  abortedFetches: 0,
  voxels: 0,
  wrongVoxels: 0,
  fills: 0,
  unreportedFills: 0,
  leftListeners: 0,
  seconds: 0,
  rssMiB: [],
  heapMiB: [],
  handles: [],
};

function faultOf(served: ServedTile, seed: number): Misbehaviour | undefined {
  const chance = chanceOf(seed, served) / faultRate;
  if (chance >= 1) return undefined;
  // Those that only the time limit ends take so long that a few of them are enough.
  const among = chance < 0.002 ? stalls : apt;
  return among[Math.floor(chance * 1000) % among.length]?.act;
}

function isAbsent(served: ModelTile, seed: number): boolean {
  return chanceOf(seed, { path: nameOf(served), attempt: 0 }) < missingRate;
}

function nameOf({ depth, row, col }: ModelTile): string {
  return `${depth}/${row}_${col}`;
}

/** Some ten sections, on no tile border. */
function anyRegion(seed: number, round: number): Box {
  const pick = (what: string, below: number): number =>
    Math.floor(chanceOf(seed, { path: what, attempt: round }) * below);
  const [z, y, x] = [pick("z", size.z - 10), pick("y", 40), pick("x", 40)];
  return [
    [z, y, x],
    [z + 10, size.y - pick("bottom", 40), size.x - pick("right", 40)],
  ];
}

function compare(
  [lower, upper]: Box,
  data: ArrayLike<number>,
  reported: ReadonlySet<string>,
  seed: number,
  figures: SoakFigures,
): void {
  const [z0, y0, x0] = lower;
  const [z1, y1, x1] = upper;
  for (let depth = z0; depth < z1; depth++)
    for (let row = Math.floor(y0 / tile); row * tile < y1; row++)
      for (let col = Math.floor(x0 / tile); col * tile < x1; col++) {
        const place = { depth, row, col, zoomLevel: 0 };
        const isFill = reported.has(nameOf(place));
        if (isAbsent(place, seed)) figures.fills++;
        if (isAbsent(place, seed) !== isFill) figures.unreportedFills++;
        for (let y = Math.max(y0, row * tile); y < Math.min(y1, (row + 1) * tile); y++)
          for (let x = Math.max(x0, col * tile); x < Math.min(x1, (col + 1) * tile); x++) {
            const at = ((depth - z0) * (y1 - y0) + y - y0) * (x1 - x0) + x - x0;
            figures.voxels++;
            if (data[at] !== (isFill ? fillValue : modelVoxel(x, y, depth, 0))) figures.wrongVoxels++;
          }
      }
}
