import { inTurns } from "../../concurrency/in-turns.js";
import { withAnySignal } from "../../concurrency/linked-signal.js";
import { ThreadTurn } from "../../concurrency/thread-turn.js";
import type { BlockSource } from "../../source/block-source.js";
import type { DataType, Voxels } from "../../space/data-type.js";
import { createVoxels, elementOf } from "../../space/data-type.js";
import type { ScaledBox } from "../../space/scaled-box.js";
import type { Point, PointSpace } from "../../stack/scaled-points.js";
import { scalePoints } from "../../stack/scaled-points.js";
import type { Portion } from "../fetch-region.js";
import { fetchRegion } from "../fetch-region.js";
import { withReport } from "../fetch-report.js";
import type { FetchRequest } from "../fetch-request.js";
import { checkSource } from "../fetch-request.js";
import { openFirst, openSource } from "../open-source.js";
import { regionContext } from "../region-context.js";
import { blocksOf } from "../step-run.js";
import { PointBlocks, runsOf } from "./point-blocks.js";
import { PointPlan } from "./point-plan.js";
import { PointSink } from "./point-sink.js";
import type { Samples } from "./samples.js";

/** A checked request for the voxels of points, with everything needed to fetch them. */
export interface PointsRequest extends FetchRequest, PointSpace {
  readonly points: readonly Point[];
}

/** Fetches each block that points lie in once, and reads their voxels. `D` is the data type of the sources. */
export function samplePoints<D extends DataType>(request: PointsRequest): Promise<Samples<D>> {
  return withAnySignal(request.signals, (signal) => fetchPoints<D>(request, signal));
}

async function fetchPoints<D extends DataType>(
  request: PointsRequest,
  signal: AbortSignal,
): Promise<Samples<D>> {
  const { zoomLevel, maxRequests } = request;
  const turn = new ThreadTurn(signal);
  const voxels = await voxelsOf(request, turn);
  const blocksIn = (source: BlockSource): Promise<PointBlocks> =>
    PointBlocks.of(voxels, source.level(zoomLevel), zoomLevel, turn);
  const first = await openFirst(
    request,
    async (source) => {
      checkSource(request, source);
      const points = await blocksIn(source);
      return { points, plan: new PointPlan(request, source.level(zoomLevel), points, points) };
    },
    signal,
  );
  const { points, plan } = first.planned;
  const { dataType } = first.source.level(zoomLevel);
  const blocks = {
    dataType,
    outsideVoxels: request.points.length - points.pointCount,
    replacedSections: plan.replacedSections,
    planned: await countBlocks(points, plan, turn),
    width: maxRequests,
    regionBlocks: points.blockCount,
    // Points use only a part of each block, so a later fetch nearby finds the blocks in the cache.
    keepsAllBlocks: true,
  };
  const planFor = async (source: BlockSource): Promise<PointPlan> =>
    new PointPlan(request, source.level(zoomLevel), points, await blocksIn(source));
  const context = regionContext(request, first, blocks, planFor, signal);
  const opened = await openSource(first.source, plan, request);
  const data = createVoxels(dataType, request.points.length);
  // To the compiler numbers and bigints are alike.
  (data as Uint8Array).fill(elementOf(dataType, request.fillValue) as number);
  const sink = new PointSink(points, data, turn);
  await fetchRegion(portionsOf(points, sink), opened, context, signal).catch((error: unknown) => {
    // A caller that aborts gets the very reason that it gave.
    throw error === signal.reason ? error : withReport(error, context.log.report());
  });
  return {
    data: data as Voxels<D>,
    mask: sink.mask(),
    dataType: dataType as D,
    zoomLevel,
    report: context.log.finish(),
    causeOf: (point) => sink.causeOf(point),
  };
}

async function voxelsOf(request: PointsRequest, turn: ThreadTurn): Promise<Float64Array> {
  const { points } = request;
  const voxels = new Float64Array(3 * points.length);
  const scale = ([from, to]: readonly [number, number]): void =>
    scalePoints(points, from, to, request, voxels);
  await inTurns(runsOf(points.length), scale, turn);
  return voxels;
}

/** Number of blocks that the report counts. */
async function countBlocks(points: PointBlocks, plan: PointPlan, turn: ThreadTurn): Promise<number> {
  let blocks = 0;
  const count = (box: ScaledBox): void => {
    for (const step of plan.steps(box)) blocks += blocksOf(step);
  };
  await inTurns(points.boxes(), count, turn);
  return blocks;
}

function* portionsOf(points: PointBlocks, sink: PointSink): Generator<Portion> {
  for (const box of points.boxes()) yield { box, sink, open: async () => sink };
}
