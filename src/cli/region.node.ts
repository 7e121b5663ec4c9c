import { type ImageFetcher, type Orientation3D, type ProjectStack, ROIMode, type Triple } from "../index.js";
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

/** Reads `--roi`, `--space` and `--zoom`. Throws before any request where they cannot be meant. */
export function regionOf(
  args: Arguments,
  fetcher: ImageFetcher,
  stack: ProjectStack,
  orientation: Orientation3D,
): Region {
  const space = args.choice("space", spaces) ?? "stack";
  const zoomLevel = args.whole("zoom", 0, 1000) ?? 0;
  stack.checkZoomLevel(zoomLevel);
  const extent = extentIn(space, stack, zoomLevel);
  const roi = parseRoiText(args.text("roi") ?? "", space, orientation, extent);
  const [lower, upper] = fetcher.roiToScaled(roi, space, zoomLevel);
  const shape: Triple = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
  return { roi, space, zoomLevel, origin: lower, shape };
}

/** About how many tiles a region touches. */
export function tileEstimate(
  { origin, shape }: Pick<Region, "origin" | "shape">,
  orientation: Orientation3D,
  tile: { readonly tileWidth: number; readonly tileHeight: number },
): number {
  return orientation.split("").reduce((tiles, axis, column) => {
    const side = { x: tile.tileWidth, y: tile.tileHeight, z: 1 }[axis] ?? 1;
    const first = Math.floor((origin[column] as number) / side);
    const last = Math.floor(((origin[column] as number) + (shape[column] as number) - 1) / side);
    return tiles * (last - first + 1);
  }, 1);
}

function extentIn(space: ROIMode, stack: ProjectStack, zoomLevel: number): RoiExtent {
  const start = { x: 0, y: 0, z: 0 };
  if (space === "stack") return { lower: start, upper: stack.dimension };
  if (space === "scaled") return { lower: start, upper: stack.levelExtent(zoomLevel) };
  const { transformer } = stack;
  return { lower: transformer.stackToProject(start), upper: transformer.stackToProject(stack.dimension) };
}
