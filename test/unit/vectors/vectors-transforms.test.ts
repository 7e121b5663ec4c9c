import { expect } from "vitest";
import { BrokenSliceError } from "../../../src/errors.js";
import { brokenSources } from "../../../src/plan/broken-slices.js";
import type { Axis, Vector3 } from "../../../src/space/axis-order.js";
import { matchingAxis, parseStackOrientation } from "../../../src/space/stack-orientation.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import rows from "../../fixtures/vectors/catmaid-transforms.json" with { type: "json" };
import type { VectorCheck, VectorRow } from "../../support/model/vectors.js";
import { checkVectors } from "../../support/model/vectors.js";

const axes: readonly Axis[] = ["x", "y", "z"];

function stackOf(row: VectorRow): ProjectStack {
  return ProjectStack.fromStackInfo(row.input.stackInfo);
}

function argument<T>(row: VectorRow, index = 0): T {
  return (row.input.args as readonly T[])[index] as T;
}

function expected<T>(row: VectorRow): T {
  return row.expected as T;
}

// The recorded answers do not tell 0 from −0.
function expectVector(ours: Vector3, theirs: Vector3): void {
  for (const axis of axes) expect(ours[axis] + 0, axis).toBe(theirs[axis] + 0);
}

function nearestValid(stack: ProjectStack, section: number): number {
  return stack.brokenSlices.has(section) ? replacementOf(stack, section, "closest") : section;
}

/** The section that stands in for a section of level 0, as if that one was broken. */
function replacementOf(
  { dimension, brokenSlices }: ProjectStack,
  section: number,
  handling: "above" | "below" | "closest",
): number {
  const broken = new ProjectStack({
    dimension,
    resolution: { x: 1, y: 1, z: 1 },
    brokenSlices: [...brokenSlices, section],
  });
  const source = brokenSources(broken, 0, dimension.z, handling, (one) => one === section).get(section);
  if (source?.kind !== "section") throw new Error(`${handling} is one section`);
  return source.depth;
}

function projectToSections(stack: ProjectStack, point: Vector3): Vector3 {
  const section = stack.transformer.projectToSection(point);
  return { ...stack.transformer.projectToStack(point), z: nearestValid(stack, section) };
}

function projectToClampedSections(stack: ProjectStack, point: Vector3): Vector3 {
  const { x, y } = stack.transformer.projectToStack(point);
  const section = stack.transformer.projectToSection(point);
  const clamp = (axis: Axis, value: number): number =>
    Math.max(0, Math.min(stack.dimension[axis] - 1, value));
  return { x: clamp("x", x), y: clamp("y", y), z: nearestValid(stack, clamp("z", section)) };
}

const stackToProject: VectorCheck = {
  same: (row) =>
    expectVector(stackOf(row).transformer.stackToProject(argument<Vector3>(row)), expected<Vector3>(row)),
};

const projectToUnclampedStack: VectorCheck = {
  same: (row) =>
    expectVector(projectToSections(stackOf(row), argument<Vector3>(row)), expected<Vector3>(row)),
  other: {
    "all-broken": (row) => {
      expect(() => projectToSections(stackOf(row), argument<Vector3>(row))).toThrow(BrokenSliceError);
    },
    "broken-outside": (row) => {
      const { z } = projectToSections(stackOf(row), argument<Vector3>(row));
      expect({ ours: z, theirs: expected<Vector3>(row).z }).toEqual({ ours: 25, theirs: 24 });
    },
    "section-starts": (row) => {
      const ours = projectToSections(stackOf(row), argument<Vector3>(row));
      const { x, y, z } = expected<Vector3>(row);
      expectVector(ours, { x, y, z: z + 1 });
    },
  },
};

const projectToStack: VectorCheck = {
  same: (row) =>
    expectVector(projectToClampedSections(stackOf(row), argument<Vector3>(row)), expected<Vector3>(row)),
  other: {
    "broken-after-clamp": (row) => {
      const stack = stackOf(row);
      const { z } = projectToClampedSections(stack, argument<Vector3>(row));
      expect(stack.brokenSlices.has(expected<Vector3>(row).z)).toBe(true);
      expect(stack.brokenSlices.has(z)).toBe(false);
    },
  },
};

const projectToLinearStackZ: VectorCheck = {
  same: (row) => expect(linearSection(row)).toBe(row.expected),
  other: { "section-starts": (row) => expect(linearSection(row)).toBe(expected<number>(row) + 1) },
};

function linearSection(row: VectorRow): number {
  const [z, y, x] = row.input.args as readonly [number, number, number];
  return stackOf(row).transformer.projectToSection({ x, y, z });
}

const sectionsThatDoNotRoundTrip: VectorCheck = {
  same: (row) => expect(lostSections(row)).toEqual(row.expected),
  other: { "section-starts": (row) => expect(lostSections(row)).toEqual([]) },
};

function lostSections(row: VectorRow): readonly number[] {
  const { transformer } = stackOf(row);
  const [from, to] = row.input.args as readonly [number, number];
  const lost: number[] = [];
  for (let z = from; z <= to; z++) {
    if (transformer.projectToSection(transformer.stackToProject({ x: 0, y: 0, z })) !== z) lost.push(z);
  }
  return lost;
}

const slices: VectorCheck = {
  same: (row) => {
    const { brokenSlices, dimension } = stackOf(row);
    const all = Array.from({ length: dimension.z }, (_, z) => z);
    expect({ slices: all.filter((z) => !brokenSlices.has(z)), broken_slices: [...brokenSlices] }).toEqual(
      row.expected,
    );
  },
};

function validDistance(direction: "above" | "below"): VectorCheck {
  return {
    same: (row) => {
      const section = argument<number>(row);
      const distance = () => replacementOf(stackOf(row), section, direction) - section;
      if (row.expected === null) expect(distance).toThrow(BrokenSliceError);
      else expect(distance()).toBe(row.expected);
    },
  };
}

const isSliceBroken: VectorCheck = {
  same: (row) => expect(stackOf(row).brokenSlices.has(argument<number>(row))).toBe(row.expected),
};

interface Levels {
  readonly MAX_S: number;
  readonly downsample_factors: readonly Vector3[];
  readonly MAX_X: number;
  readonly MAX_Y: number;
  readonly MAX_Z: number;
}

const levels: VectorCheck = {
  same: (row) => {
    const stack = stackOf(row);
    const { MAX_S, MAX_X, MAX_Y, MAX_Z, downsample_factors } = expected<Levels>(row);
    expect(stack.maxZoomLevel).toBe(MAX_S);
    expect(downsample_factors.map((_, level) => stack.downsampleFactor(level))).toEqual(downsample_factors);
    expect(stack.dimension).toEqual({ x: MAX_X + 1, y: MAX_Y + 1, z: MAX_Z + 1 });
    expect(stack.hasZoomLevel(MAX_S)).toBe(true);
    expect(stack.hasZoomLevel(MAX_S + 1)).toBe(false);
  },
  other: {
    "no-factors": (row) => {
      const { maxZoomLevel, downsampleFactors } = stackOf(row);
      expect(expected<Levels>(row).MAX_S).toBe(-1);
      expect({ maxZoomLevel, downsampleFactors }).toEqual({ maxZoomLevel: 2, downsampleFactors: null });
    },
  },
};

const mirrorIdsByPriority: VectorCheck = {
  same: (row) => expect(stackOf(row).mirrors.map(({ id }) => id)).toEqual(row.expected),
};

const effectiveDownsampleFactor: VectorCheck = {
  same: (row) => expect(effectiveFactor(row)).toBe(row.expected),
  other: { "no-factors": (row) => expect(effectiveFactor(row)).toBe(2 ** argument<number>(row)) },
};

function effectiveFactor(row: VectorRow): number {
  const { x, y } = stackOf(row).downsampleFactor(argument<number>(row));
  return Math.max(x, y);
}

const metadata: VectorCheck = {
  same: (row) => {
    const { clamp, labelMetadata } = expected<{ clamp: unknown; labelMetadata: unknown }>(row);
    const stack = stackOf(row);
    expect(stack.clamp).toBe(Boolean(clamp));
    const ours = (stack.metadata ?? {}) as { readonly catmaidLabelMeta?: unknown };
    expect(ours.catmaidLabelMeta ?? null).toEqual(labelMetadata);
  },
};

const extentsBox: VectorCheck = {
  same: (row) => {
    const { transformer, dimension } = stackOf(row);
    const { min, max } = expected<{ min: Vector3; max: Vector3 }>(row);
    expectVector(transformer.stackToProject({ x: 0, y: 0, z: 0 }), min);
    const last = { x: dimension.x - 1, y: dimension.y - 1, z: dimension.z - 1 };
    expectVector(transformer.stackToProject(last), max);
  },
};

const planeAndNormal: VectorCheck = {
  same: (row) => {
    const { orientation } = stackOf(row);
    const [x, y, normal] = axes.map((axis) => matchingAxis(orientation, axis));
    expect({ plane: { x, y }, normal }).toEqual(row.expected);
  },
};

interface StackFields {
  readonly dimension: Vector3;
  readonly resolution: Vector3;
  readonly translation: Vector3;
  readonly downsample_factors: readonly Vector3[];
  readonly orientation: number;
  readonly canaryLocation: Vector3;
  readonly baseToSelfPerm: readonly number[];
}

function liveStack(fields: Partial<StackFields>, mirrors: readonly unknown[]): ProjectStack {
  return ProjectStack.fromCatmaidStack({ ...fields, mirrors, stackToProject: () => undefined });
}

const reorientedStack: VectorCheck = {
  same: (row) => expectReoriented(row, expected<StackFields>(row).translation),
  other: {
    "reoriented-translation": (row) =>
      expectReoriented(row, (row.input.stackInfo as StackFields).translation),
  },
};

function expectReoriented(row: VectorRow, translation: Vector3): void {
  const fields = expected<StackFields & { readonly mirrorIds: readonly number[] }>(row);
  const { mirrors } = row.input.stackInfo as { mirrors: readonly { readonly id: number }[] };
  const stack = liveStack(
    fields,
    mirrors.filter(({ id }) => fields.mirrorIds.includes(id)),
  );
  expect(stack.dimension).toEqual(fields.dimension);
  expect(stack.resolution).toEqual(fields.resolution);
  expect(stack.translation).toEqual(translation);
  expect(stack.downsampleFactors).toEqual(fields.downsample_factors);
  expect(stack.canaryLocation).toEqual(fields.canaryLocation);
  expect(stack.orientation).toBe(parseStackOrientation(fields.orientation));
  expect(stack.mirrors.map(({ isSupported }) => isSupported)).toEqual([true]);
}

const reorientedToProject: VectorCheck = {
  same: (row) => expectReorientedPoint(row, "reoriented"),
  other: { "reoriented-translation": (row) => expectReorientedPoint(row, "base") },
};

function expectReorientedPoint(row: VectorRow, which: "reoriented" | "base"): void {
  const base = row.input.stackInfo as StackFields;
  const from = parseStackOrientation(base.orientation);
  const to = parseStackOrientation(row.input.orientation);
  const perm = axes.map((axis) => axes.indexOf(matchingAxis(from, matchingAxis(to, axis))));
  const permute = (vector: Vector3): Vector3 => {
    const [x, y, z] = perm.map((axis) => vector[axes[axis] ?? "x"]) as [number, number, number];
    return { x, y, z };
  };
  const stack = liveStack(
    {
      dimension: permute(base.dimension),
      resolution: permute(base.resolution),
      translation: permute(base.translation),
      downsample_factors: base.downsample_factors.map(permute),
      orientation: row.input.orientation as number,
      baseToSelfPerm: perm,
    },
    [],
  );
  const answer = expected<Readonly<Record<"base" | "reoriented" | "reorientedVoxel", Vector3>>>(row);
  expectVector(permute(row.input.baseVoxel as Vector3), answer.reorientedVoxel);
  expectVector(stack.transformer.stackToProject(answer.reorientedVoxel), answer[which]);
}

const checks: Readonly<Record<string, VectorCheck>> = {
  stackToProject,
  projectToUnclampedStack,
  projectToStack,
  projectToLinearStackZ,
  sectionsThatDoNotRoundTrip,
  slices,
  validZDistanceAfter: validDistance("below"),
  validZDistanceBefore: validDistance("above"),
  isSliceBroken,
  levels,
  mirrorIdsByPriority,
  effectiveDownsampleFactor,
  metadata,
  "createStackToProjectBox(createStackExtentsBox)": extentsBox,
  planeAndNormal,
  ReorientedStack: reorientedStack,
  "ReorientedStack.stackToProject": reorientedToProject,
};

checkVectors(
  "catmaid-transforms",
  rows as unknown as readonly VectorRow[],
  (row) => checks[String(row.input.fn)],
);
