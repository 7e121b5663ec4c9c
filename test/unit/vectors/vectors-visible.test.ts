import { expect } from "vitest";
import { InvalidZoomLevelError } from "../../../src/errors.js";
import { BlockPlan } from "../../../src/plan/block-plan.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import rows from "../../fixtures/vectors/catmaid-visible.json" with { type: "json" };
import { isOfBlocks } from "../../support/blocks/block-vectors.js";
import { levelOf } from "../../support/fetching/plan-steps.js";
import type { VectorCheck, VectorRow } from "../../support/model/vectors.js";
import { checkVectors } from "../../support/model/vectors.js";

interface Visible {
  readonly firstRow: number;
  readonly firstCol: number;
  readonly lastRow: number;
  readonly lastCol: number;
  readonly z: number;
  readonly zoom: number;
  readonly mag: number;
  readonly anisotropy: { readonly x: number; readonly y: number };
}

interface VisibleInput {
  readonly view: { readonly width: number; readonly height: number };
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly args: readonly [xc: number, yc: number, z: number, s: number, efficiencyThreshold: number];
}

const tilesForLocation: VectorCheck = {
  same: (row) => {
    const stack = ProjectStack.fromStackInfo(row.input.stackInfo);
    const input = row.input as unknown as VisibleInput;
    const theirs = row.expected as Visible;
    // A viewer's level is the next coarser one of its continuous zoom.
    const zoomLevel = Math.min(stack.maxZoomLevel, Math.max(0, Math.ceil(input.args[3])));
    expect(zoomLevel).toBe(theirs.zoom);
    const last = stack.lastTile(input, zoomLevel);
    expect({
      col: expectedLast(input, theirs, "x", last.col),
      row: expectedLast(input, theirs, "y", last.row),
    }).toEqual({ col: theirs.lastCol, row: theirs.lastRow });
    expect(depthShown(stack, input, zoomLevel)).toBe(theirs.z);
  },
  other: {
    "level-outside": (row) => {
      const stack = ProjectStack.fromStackInfo(row.input.stackInfo);
      const { zoom } = row.expected as Visible;
      expect(() => stack.checkZoomLevel(zoom)).toThrow(InvalidZoomLevelError);
      expect(() => planAt(stack, row.input as unknown as VisibleInput, zoom, 0)).toThrow(
        InvalidZoomLevelError,
      );
    },
  },
};

/** The last column or row that a view reaches, if the stack has it, else the stack's. */
function expectedLast(input: VisibleInput, theirs: Visible, axis: "x" | "y", last: number): number {
  const center = input.args[axis === "x" ? 0 : 1];
  const tile = (axis === "x" ? input.tileWidth : input.tileHeight) * theirs.mag * theirs.anisotropy[axis];
  const extent = axis === "x" ? input.view.width : input.view.height;
  return Math.min(last, Math.floor((center + extent) / tile));
}

/** The section of the level whose tiles a plan asks for to show a section of level 0. */
function depthShown(stack: ProjectStack, input: VisibleInput, zoomLevel: number): number {
  const section = Math.floor(input.args[2]);
  const levelSection = Math.floor(section / stack.downsampleFactor(zoomLevel).z);
  const [step] = planAt(stack, input, zoomLevel, levelSection).steps();
  if (step?.kind !== "block") throw new Error(`no tile for section ${levelSection}`);
  return step.block.at[0];
}

function planAt(stack: ProjectStack, input: VisibleInput, zoomLevel: number, section: number): BlockPlan {
  return new BlockPlan({
    stack,
    level: levelOf(stack, input, zoomLevel),
    zoomLevel,
    box: { lower: [section, 0, 0], upper: [section + 1, 1, 1] },
    brokenSliceHandling: "closest",
  });
}

const ofTiles = (rows as unknown as readonly VectorRow[]).filter((row) => !isOfBlocks(row));

checkVectors("catmaid-visible", ofTiles, (row) =>
  row.input.fn === "tilesForLocation" ? tilesForLocation : undefined,
);
