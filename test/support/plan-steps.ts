import type { TiledMirror } from "../../src/source/tiles/tile-level.js";
import type { PlanStep } from "../../src/plan/plan-step.js";
import type { ScaledBox } from "../../src/space/scaled-box.js";
import { BlockPlan } from "../../src/plan/block-plan.js";
import type { BrokenSliceHandling } from "../../src/plan/broken-slices.js";
import type { TileIndex } from "../../src/stack/mirror/tile-index.js";
import { Stack } from "../../src/stack/stack.js";
import type { StackOptions } from "../../src/stack/stack-options.js";

const mirror: TiledMirror = { tileWidth: 512, tileHeight: 256 };
const dimension = { x: 2000, y: 1000, z: 20 };

/** A stack, and how a plan over it is made. */
export interface PlanOptions extends Partial<StackOptions> {
  readonly zoomLevel?: number;
  readonly handling?: BrokenSliceHandling;
  readonly tiles?: TiledMirror;
}

/** A plan over a stack of 2000 × 1000 × 20 voxels in tiles of 512 × 256, but for what the options say. */
export function planOf(
  lower: ScaledBox["lower"],
  upper: ScaledBox["upper"],
  options: PlanOptions = {},
): BlockPlan {
  const { zoomLevel = 0, handling = "fill", tiles = mirror, ...stack } = options;
  return new BlockPlan({
    stack: new Stack({ dimension, ...stack }),
    mirror: tiles,
    zoomLevel,
    box: { lower, upper },
    brokenSliceHandling: handling,
  });
}

/** Text of a step: where its voxels come from, and its box. */
export function show(step: PlanStep): string {
  const tile = ({ depth, row, col }: TileIndex): string => `${depth}/${row}/${col}`;
  const box = `[${step.box.lower}] [${step.box.upper}]`;
  if (step.kind === "outside") return `outside ${box}`;
  if (step.kind === "blend") {
    return `blend ${tile(step.lowerTile)} ${tile(step.upperTile)} ${step.upperWeight} ${box}`;
  }
  return `${step.kind} ${tile(step.tile)} ${box}`;
}
