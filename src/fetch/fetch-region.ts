import type { VolumeSink } from "../assemble/volume-sink.js";
import { runSteps } from "../concurrency/run-steps.js";
import type { PlanStep } from "../plan/plan-step.js";
import type { ScaledBox } from "../space/scaled-box.js";
import type { OpenSource } from "./failover.js";
import type { StepContext } from "./step-run.js";
import { blocksOf, StepRun } from "./step-run.js";

/** What {@link fetchRegion} works with. */
export interface RegionContext extends StepContext {
  /** Number of blocks that the log expects. */
  readonly planned: number;
  /** Most steps of the plan that are under way at a time. */
  readonly width: number;
}

/** A part of the region, and where its voxels go. */
export interface Portion {
  /** Which part. */
  readonly box: ScaledBox;
  /** Takes the portion's voxels; `undefined` while there is no memory, or if some voxels may not be wanted. */
  readonly sink: VolumeSink | undefined;
  /** Resolves to the sink for a box when there is memory, or to `undefined` if the box is not wanted. */
  open(box: ScaledBox, signal: AbortSignal): Promise<VolumeSink | undefined>;
}

interface PortionStep {
  readonly portion: Portion;
  readonly step: PlanStep;
}

/**
 * Fetches the portions of a region from a source and hands their voxels to their sinks. A portion begins while the last
 * blocks of the previous one are still under way.
 */
export function fetchRegion(
  portions: Iterable<Portion>,
  source: OpenSource,
  context: RegionContext,
  signal: AbortSignal,
): Promise<void> {
  const runOpened = async ({ portion, step }: PortionStep, stepSignal: AbortSignal): Promise<void> => {
    const sink = await portion.open(step.box, stepSignal);
    if (sink === undefined) context.log.replanned(-blocksOf(step));
    else await new StepRun(source, sink, context, stepSignal).run(step);
  };
  const run = (portionStep: PortionStep, stepSignal: AbortSignal): void | Promise<void> => {
    const { sink } = portionStep.portion;
    if (sink === undefined) return runOpened(portionStep, stepSignal);
    return new StepRun(source, sink, context, stepSignal).run(portionStep.step);
  };
  return runSteps(stepsOf(portions, source, context), context.width, run, signal);
}

function* stepsOf(
  portions: Iterable<Portion>,
  { plan }: OpenSource,
  { planned, log }: RegionContext,
): Generator<PortionStep> {
  let blocks = 0;
  for (const portion of portions) {
    for (const step of plan.steps(portion.box)) {
      blocks += blocksOf(step);
      yield { portion, step };
    }
  }
  // The planned number is only an estimate if portions and broken sections overlap.
  log.replanned(blocks - planned);
}
