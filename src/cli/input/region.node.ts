import { isCatmaidImageError } from "../../errors.js";
import {
  type Axis,
  type DataType,
  type ImageFetcher,
  type Orientation3D,
  type ProjectStack,
  ROIMode,
  type Triple,
} from "../../index.js";
import { UsageError } from "../usage-error.js";
import type { Arguments, CommandOptions } from "./arguments.node.js";
import { fetchHelp, fetchOptions } from "./fetch-options.node.js";
import { outsideStack, placeInStack } from "./region-place.js";
import { parseRoiText, type RoiExtent } from "./roi-text.js";

const orientations: readonly Orientation3D[] = ["zyx", "zxy", "yzx", "yxz", "xzy", "xyz"];
const spaces: readonly ROIMode[] = Object.values(ROIMode);

/** Options of the region to fetch, and of its voxels. */
export const regionOptions: CommandOptions = {
  roi: { type: "string" },
  space: { type: "string" },
  zoom: { type: "string" },
  orientation: { type: "string" },
  ...fetchOptions,
  fill: { type: "string" },
};

/** The part of `--help` about {@link regionOptions}. */
export const regionHelp: string = `The region:
  --roi ROI              such as "x=1000:2000,y=500+256,z=7": FROM:TO (TO excluded), FROM+LENGTH, or one voxel; or "all".
                         A bound or an axis that is left out is the stack's own. Voxels outside the stack are filled. A
                         region entirely outside is refused
  --space SPACE          unit of --roi: stack (voxels of zoom level 0; default), scaled (voxels of --zoom) or project
                         (nanometres, axes of the project)
  --zoom N               zoom level; default 0, full resolution
  --orientation AXES     axis order of the volume, slowest first; default zyx

${fetchHelp}
  --fill VALUE           value of filled voxels; the data type must be able to hold it; default 0`;

/** The region that a command line asks for. */
export interface Region extends RegionBox {
  /** The space of the ROI. */
  readonly space: ROIMode;
  readonly zoomLevel: number;
}

interface RegionBox {
  /** The ROI, with columns in output axis order. */
  readonly roi: readonly [lower: number[], upper: number[]];
  /** First voxel, in voxels of the zoom level, in output axis order. */
  readonly origin: Triple;
  /** Extent in voxels, in output axis order. */
  readonly shape: Triple;
}

/** Reads `--orientation`, which is needed before the fetcher is made. */
export function orientationOf(args: Arguments): Orientation3D {
  return args.choice("orientation", orientations) ?? "zyx";
}

/** The values of `--roi`, `--space`, `--zoom` and `--slice`. */
interface RegionWords {
  readonly text: string;
  readonly space: ROIMode;
  readonly zoomLevel: number;
  readonly slice: number | undefined;
}

/** Throws if `--roi`, `--space`, `--zoom` or `--slice` is wrong for any stack. */
export function checkRegionWords(args: Arguments): void {
  const { text, space } = regionWords(args);
  const anywhere = { lower: { x: 0, y: 0, z: 0 }, upper: { x: 1, y: 1, z: 1 } };
  parseRoiText(text, space, "zyx", anywhere);
}

/** Reads `--roi`, `--space`, `--zoom` and `--slice`. Throws if they do not fit the stack. */
export function regionOf(
  args: Arguments,
  fetcher: ImageFetcher<DataType>,
  stack: ProjectStack,
  orientation: Orientation3D,
): Region {
  const { text, space, zoomLevel, slice } = regionWords(args);
  stack.checkZoomLevel(zoomLevel);
  const boxIn = (roiSpace: ROIMode, textSpace: ROIMode): RegionBox => {
    const roi = parseRoiText(text, textSpace, orientation, extentIn(roiSpace, stack, zoomLevel));
    const [origin, upper] = byAxis(orientation, () => fetcher.roiToScaled(roi, roiSpace, zoomLevel));
    return { roi, origin, shape: [upper[0] - origin[0], upper[1] - origin[1], upper[2] - origin[2]] };
  };
  const region: Region = { ...boxIn(space, space), space, zoomLevel };
  const place = (box: RegionBox) => placeInStack(box, orientation, stack.levelExtent(zoomLevel));
  if (place(region) === "outside") {
    // Parsed as "scaled", because "project" refuses single voxels, and that would hide this advice.
    const elsewhere = (other: ROIMode) => place(boxIn(other, "scaled"));
    throw outsideStack(space, zoomLevel, extentIn(space, stack, zoomLevel), elsewhere);
  }
  return slice === undefined ? region : planeOf(region, slice);
}

function regionWords(args: Arguments): RegionWords {
  const text = args.text("roi");
  if (text === undefined)
    throw new UsageError('which region? Give --roi "x=1000:2000,y=1000:2000,z=20:30", or all');
  return {
    text,
    space: args.choice("space", spaces) ?? "stack",
    zoomLevel: args.whole("zoom", 0, 1000) ?? 0,
    slice: args.whole("slice", Number.MIN_SAFE_INTEGER),
  };
}

function planeOf({ zoomLevel, origin, shape }: Region, slice: number): Region {
  const end = origin[0] + shape[0];
  if (slice < origin[0] || slice >= end) {
    throw new UsageError(`--slice ${slice} is outside the region, which has ${origin[0]} to ${end - 1}`);
  }
  return {
    roi: [
      [slice, origin[1], origin[2]],
      [slice + 1, origin[1] + shape[1], origin[2] + shape[2]],
    ],
    space: "scaled",
    zoomLevel,
    origin: [slice, origin[1], origin[2]],
    shape: [1, shape[1], shape[2]],
  };
}

/** Estimates how many blocks, or tiles, a region touches. The last parameter is the shape of a block: z, y, x. */
export function blockEstimate(
  { origin, shape, zoomLevel }: Pick<Region, "origin" | "shape" | "zoomLevel">,
  orientation: Orientation3D,
  stack: ProjectStack,
  [depth, height, width]: Triple,
): number {
  const extent = stack.levelExtent(zoomLevel);
  return orientation.split("").reduce((blocks, letter, column) => {
    const axis = letter as Axis;
    const side = { x: width, y: height, z: depth }[axis];
    const first = Math.max(0, origin[column] as number);
    const end = Math.min(extent[axis], (origin[column] as number) + (shape[column] as number));
    return end <= first ? 0 : blocks * (Math.floor((end - 1) / side) - Math.floor(first / side) + 1);
  }, 1);
}

/** Replaces column numbers in the library's messages by axes, because `--roi` names axes. */
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
