import { BlockPlan } from "../../../src/plan/block-plan.js";
import type { BlockSource } from "../../../src/source/block-source.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Stack } from "../../../src/stack/stack.js";

/** The last block of each axis, z, y, x, that a plan of a whole zoom level asks for. */
export function lastBlockAsked(stack: Stack, source: BlockSource, zoomLevel: number): Triple {
  const extent = stack.levelExtent(zoomLevel);
  const plan = new BlockPlan({
    stack,
    level: source.level(zoomLevel),
    zoomLevel,
    box: { lower: [0, 0, 0], upper: [extent.z, extent.y, extent.x] },
    brokenSliceHandling: "fill",
  });
  const asked = [...plan.steps()].flatMap((step) => (step.kind === "block" ? [step.block.at] : []));
  const last = (axis: 0 | 1 | 2): number => Math.max(...asked.map((at) => at[axis]));
  return [last(0), last(1), last(2)];
}
