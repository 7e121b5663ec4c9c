import { expect } from "vitest";
import { BlockPlan } from "../../../src/plan/block-plan.js";
import { arrayLevelOf } from "../../../src/source/array-level.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import type { VectorCheck } from "../model/vectors.js";

interface LocationInput {
  readonly view: { readonly width: number; readonly height: number };
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly blockSizeZ: number;
  readonly recipDimPerm: Triple;
  readonly location: { readonly xc: number; readonly yc: number; readonly z: number; readonly s: number };
}

/** The blocks that a viewer asks for: those of a plan of its visible region, in the axes of the stored array. */
export const blockCoordsForLocation: VectorCheck = {
  same: (row) => {
    const stack = ProjectStack.fromStackInfo(row.input.stackInfo);
    const { view, tileWidth, tileHeight, blockSizeZ, recipDimPerm, location } =
      row.input as unknown as LocationInput;
    // A viewer magnifies the next coarser level of its continuous zoom.
    const zoomLevel = Math.ceil(location.s);
    const mag = 2 ** (zoomLevel - location.s);
    const extent = stack.levelExtent(zoomLevel);
    const level = arrayLevelOf(stack, { offset: { x: 0, y: 0, z: 0 }, bounds: null }, zoomLevel, {
      dataType: "uint8",
      size: [extent.z, extent.y, extent.x],
      blockShape: [blockSizeZ, tileHeight, tileWidth],
    });
    const section = Math.floor(location.z / stack.downsampleFactor(zoomLevel).z);
    const shown = (center: number, length: number): readonly [number, number] => [
      Math.floor(center / mag),
      Math.ceil((center + length) / mag),
    ];
    const [left, right] = shown(location.xc, view.width);
    const [top, bottom] = shown(location.yc, view.height);
    const plan = new BlockPlan({
      stack,
      level,
      zoomLevel,
      box: { lower: [section, top, left], upper: [section + 1, bottom, right] },
      brokenSliceHandling: "fill",
    });
    const blocks = [...plan.steps()].flatMap((step) =>
      step.kind === "block" ? [[...step.block.at].reverse()] : [],
    );
    const stored = blocks.map((xyz) => recipDimPerm.map((axis) => xyz[axis] ?? Number.NaN));
    const corner = (of: (...values: number[]) => number): readonly number[] => [
      zoomLevel,
      ...[0, 1, 2].map((axis) => of(...stored.map((at) => at[axis] ?? Number.NaN))),
    ];
    expect({ min: corner(Math.min), max: corner(Math.max) }).toEqual(row.expected);
  },
};
