import type { GridLevel } from "../../../src/plan/block-grid.js";
import { BlockPlan } from "../../../src/plan/block-plan.js";
import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import type { PlanStep } from "../../../src/plan/plan-step.js";
import { type TiledMirror, tileLevelOf } from "../../../src/source/tiles/tile-level.js";
import type { BlockIndex } from "../../../src/space/block.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import { Stack } from "../../../src/stack/stack.js";
import type { StackOptions } from "../../../src/stack/stack-options.js";

const mirror: TiledMirror = { tileWidth: 512, tileHeight: 256 };
const dimension = { x: 2000, y: 1000, z: 20 };

/** A stack, and the options of a plan for it. */
export interface PlanOptions extends Partial<StackOptions> {
  readonly zoomLevel?: number;
  readonly handling?: BrokenSliceHandling;
  readonly tiles?: TiledMirror;
  /** Sections per block. Default: 1, as for tiles. */
  readonly depth?: number;
}

/** A plan for a stack of 2000 × 1000 × 20 voxels in tiles of 512 × 256, unless the options differ. */
export function planOf(
  lower: ScaledBox["lower"],
  upper: ScaledBox["upper"],
  options: PlanOptions = {},
): BlockPlan {
  const { zoomLevel = 0, handling = "fill", tiles = mirror, depth = 1, ...rest } = options;
  const stack = new Stack({ dimension, ...rest });
  return new BlockPlan({
    stack,
    level: levelOf(stack, tiles, zoomLevel, depth),
    zoomLevel,
    box: { lower, upper },
    brokenSliceHandling: handling,
  });
}

/** The tiles of a mirror, or blocks of several sections instead. */
export function levelOf(stack: Stack, tiles: TiledMirror, zoomLevel: number, depth = 1): GridLevel {
  const level = tileLevelOf(stack, tiles, zoomLevel);
  const [, height, width] = level.blockShape;
  return { ...level, blockShape: [depth, height, width] };
}

/** A step as text: the source of its voxels, and its box. */
export function show(step: PlanStep): string {
  const at = ({ block }: { readonly block: BlockIndex }): string => block.at.join("/");
  const box = `[${step.box.lower}] [${step.box.upper}]`;
  if (step.kind === "outside") return `outside ${box}`;
  if (step.kind === "blend") {
    return `blend ${at(step.lower)} ${at(step.upper)} ${step.upperWeight} ${box}`;
  }
  return `${step.kind} ${at(step)} ${box}`;
}
