import { isCatmaidImageError } from "../../errors.js";
import {
  type Axis,
  type ImageFetcher,
  type Orientation3D,
  type ProjectStack,
  ROIMode,
  type Triple,
} from "../../index.js";
import { UsageError } from "../usage-error.js";
import type { Arguments } from "./arguments.node.js";
import { parseRoiText, type RoiExtent } from "./roi-text.js";

const orientations: readonly Orientation3D[] = ["zyx", "zxy", "yzx", "yxz", "xzy", "xyz"];
const spaces: readonly ROIMode[] = Object.values(ROIMode);

/** The region that a command line asks for. */
export interface Region {
  /** The ROI, columns in the output orientation. */
  readonly roi: readonly [number[], number[]];
  /** Its space. */
  readonly space: ROIMode;
  /** Zoom level. */
  readonly zoomLevel: number;
  /** First voxel, in voxels of the zoom level, output order. */
  readonly origin: Triple;
  /** Extent in voxels, output order. */
  readonly shape: Triple;
}

/** What must be known before the fetcher is made. */
export function orientationOf(args: Arguments): Orientation3D {
  return args.choice("orientation", orientations) ?? "zyx";
}

/** Reads `--roi`, `--space`, `--zoom` and `--slice`. Throws before any request where they cannot be meant. */
export function regionOf(
  args: Arguments,
  fetcher: ImageFetcher,
  stack: ProjectStack,
  orientation: Orientation3D,
): Region {
  const text = args.text("roi");
  if (text === undefined)
    throw new UsageError('which region? Give --roi "x=1000:2000,y=1000:2000,z=20:30", or all');
  const space = args.choice("space", spaces) ?? "stack";
  const zoomLevel = args.whole("zoom", 0, 1000) ?? 0;
  stack.checkZoomLevel(zoomLevel);
  const extent = extentIn(space, stack, zoomLevel);
  const roi = parseRoiText(text, space, orientation, extent);
  const [lower, upper] = byAxis(orientation, () => fetcher.roiToScaled(roi, space, zoomLevel));
  const shape: Triple = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
  const slice = args.whole("slice", Number.MIN_SAFE_INTEGER);
  if (slice === undefined) return { roi, space, zoomLevel, origin: lower, shape };
  if (slice < lower[0] || slice >= upper[0]) {
    throw new UsageError(`--slice ${slice} is outside the region, which has ${lower[0]} to ${upper[0] - 1}`);
  }
  const plane: Region["roi"] = [
    [slice, lower[1], lower[2]],
    [slice + 1, upper[1], upper[2]],
  ];
  return {
    roi: plane,
    space: "scaled",
    zoomLevel,
    origin: [slice, lower[1], lower[2]],
    shape: [1, shape[1], shape[2]],
  };
}

/** About how many tiles of the stack a region touches. */
export function tileEstimate(
  { origin, shape, zoomLevel }: Pick<Region, "origin" | "shape" | "zoomLevel">,
  orientation: Orientation3D,
  stack: ProjectStack,
  tile: { readonly tileWidth: number; readonly tileHeight: number },
): number {
  const extent = stack.levelExtent(zoomLevel);
  return orientation.split("").reduce((tiles, letter, column) => {
    const axis = letter as Axis;
    const side = { x: tile.tileWidth, y: tile.tileHeight, z: 1 }[axis];
    const first = Math.max(0, origin[column] as number);
    const end = Math.min(extent[axis], (origin[column] as number) + (shape[column] as number));
    return end <= first ? 0 : tiles * (Math.floor((end - 1) / side) - Math.floor(first / side) + 1);
  }, 1);
}

/** The library counts the columns of an ROI, which --roi does not have. */
function byAxis<T>(orientation: Orientation3D, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isCatmaidImageError(error) || error.code !== "invalid-roi") throw error;
    throw new UsageError(
      error.message.replace(/in column ([012])/, (_, column) => `along ${orientation[column]}`),
    );
  }
}

function extentIn(space: ROIMode, stack: ProjectStack, zoomLevel: number): RoiExtent {
  const start = { x: 0, y: 0, z: 0 };
  if (space === "stack") return { lower: start, upper: stack.dimension };
  if (space === "scaled") return { lower: start, upper: stack.levelExtent(zoomLevel) };
  const { transformer } = stack;
  return { lower: transformer.stackToProject(start), upper: transformer.stackToProject(stack.dimension) };
}
