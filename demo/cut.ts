import type { Axis, Orientation3D, ProjectStack, Triple, Vector3 } from "catmaid-image";

/** The plane of the picture, named across and down, as CATMAID names stack orientations. */
export type CutPlane = "xy" | "xz" | "zy";

/** What the page shows: a plane through a voxel, at a zoom level. */
export interface View {
  readonly plane: CutPlane;
  readonly zoomLevel: number;
  /** The voxel in the middle, at zoom level 0. */
  readonly centre: Vector3;
}

/** A cut as a region one voxel thick, in scaled voxels. The axes are in the order normal, down, across. */
export interface Cut {
  readonly lower: Triple;
  readonly upper: Triple;
  /** Extent of a voxel in nm, the same order. */
  readonly resolution: Triple;
}

/** Size of the picture's area in the page, in CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

const axesOfPlane: Readonly<Record<CutPlane, readonly [normal: Axis, down: Axis, across: Axis]>> = {
  xy: ["z", "y", "x"],
  xz: ["y", "z", "x"],
  zy: ["x", "y", "z"],
};

/** The axes of a cut: along its normal, down and across the picture. */
export function cutAxes(plane: CutPlane): readonly [normal: Axis, down: Axis, across: Axis] {
  return axesOfPlane[plane];
}

/** The axis order in which a cut is fetched, so that it is a picture, row by row. */
export function cutOrientation(plane: CutPlane): Orientation3D {
  return axesOfPlane[plane].join("") as Orientation3D;
}

/** The section that a view shows, in scaled voxels along the normal. */
export function sectionOf(stack: ProjectStack, view: View): number {
  const [normal] = axesOfPlane[view.plane];
  const { levelExtent, perVoxel } = level(stack, view.zoomLevel);
  return clamp(Math.floor(view.centre[normal] / perVoxel[normal]), 0, levelExtent[normal] - 1);
}

/** How many sections there are along the normal of a view. */
export function sectionCount(stack: ProjectStack, view: View): number {
  return level(stack, view.zoomLevel).levelExtent[axesOfPlane[view.plane][0]];
}

/** The view of another section. */
export function atSection(stack: ProjectStack, view: View, section: number): View {
  const [normal] = axesOfPlane[view.plane];
  const { perVoxel } = level(stack, view.zoomLevel);
  return { ...view, centre: within(stack, { ...view.centre, [normal]: section * perVoxel[normal] }) };
}

/** The view moved by a part of the picture, in CSS pixels to the right and down. */
export function moved(stack: ProjectStack, view: View, right: number, down: number): View {
  const [, downAxis, acrossAxis] = axesOfPlane[view.plane];
  const nm = nmPerPixel(stack, view);
  const centre = {
    ...view.centre,
    [acrossAxis]: view.centre[acrossAxis] + (right * nm) / stack.resolution[acrossAxis],
    [downAxis]: view.centre[downAxis] + (down * nm) / stack.resolution[downAxis],
  };
  return { ...view, centre: within(stack, centre) };
}

/** How many nm a CSS pixel shows: the smaller side of a voxel of the picture. */
export function nmPerPixel(stack: ProjectStack, view: View): number {
  const [, down, across] = axesOfPlane[view.plane];
  const { nm } = level(stack, view.zoomLevel);
  return Math.min(nm[down], nm[across]);
}

/** The region that fills the viewport, or the whole stack if that is smaller. */
export function cutOf(stack: ProjectStack, view: View, viewport: Viewport): Cut {
  const [normal, down, across] = axesOfPlane[view.plane];
  const { levelExtent, perVoxel, nm } = level(stack, view.zoomLevel);
  const pixel = nmPerPixel(stack, view);
  const section = sectionOf(stack, view);
  const range = (axis: Axis, pixels: number): [number, number] => {
    const voxels = clamp(Math.round((pixels * pixel) / nm[axis]), 1, levelExtent[axis]);
    const first = Math.round(view.centre[axis] / perVoxel[axis] - voxels / 2);
    const lower = clamp(first, 0, levelExtent[axis] - voxels);
    return [lower, lower + voxels];
  };
  const [top, bottom] = range(down, viewport.height);
  const [left, right] = range(across, viewport.width);
  return {
    lower: [section, top, left],
    upper: [section + 1, bottom, right],
    resolution: [nm[normal], nm[down], nm[across]],
  };
}

/** The corners of a cut in nm of project space. */
export function cutInNm(
  stack: ProjectStack,
  view: View,
  cut: Cut,
): readonly [lower: Vector3, upper: Vector3] {
  const { perVoxel } = level(stack, view.zoomLevel);
  const corner = (voxels: Triple): Vector3 => {
    const point = { x: 0, y: 0, z: 0 };
    axesOfPlane[view.plane].forEach((axis, column) => {
      point[axis] = (voxels[column] ?? 0) * perVoxel[axis];
    });
    return stack.transformer.stackToProject(point);
  };
  return [corner(cut.lower), corner(cut.upper)];
}

function level(stack: ProjectStack, zoomLevel: number) {
  const perVoxel = stack.downsampleFactor(zoomLevel);
  const { x, y, z } = stack.resolution;
  const nm: Vector3 = { x: x * perVoxel.x, y: y * perVoxel.y, z: z * perVoxel.z };
  return { levelExtent: stack.levelExtent(zoomLevel), perVoxel, nm };
}

function within({ dimension }: ProjectStack, { x, y, z }: Vector3): Vector3 {
  return {
    x: clamp(x, 0, dimension.x - 1),
    y: clamp(y, 0, dimension.y - 1),
    z: clamp(z, 0, dimension.z - 1),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
