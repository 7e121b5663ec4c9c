import type { BrokenSliceHandling } from "../../../src/plan/broken-slices.js";
import type { Orientation3D, Triple, Vector3 } from "../../../src/space/axis-order.js";

/** A stack whose voxels are given by a formula, so that the expected result of a fetch can be computed voxel by voxel. */
export interface ModelStack {
  readonly dimension: Vector3;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly brokenSlices: readonly number[];
  /** Voxels of level 0 per voxel of each level; `null`: powers of two in x and y. */
  readonly downsampleFactors: readonly Vector3[] | null;
  readonly resolution: Vector3;
  readonly translation: Vector3;
  /** Whether tiles at the edges end with the level. Otherwise they have full size and continue with the formula. */
  readonly cropped: boolean;
}

/**
 * A stack without simplifying properties: tiles are not square, edges lie on no tile border, levels have odd sizes, the
 * origin is elsewhere.
 */
export function modelStack(changes: Partial<ModelStack> = {}): ModelStack {
  return {
    dimension: { x: 150, y: 107, z: 12 },
    tileWidth: 64,
    tileHeight: 48,
    brokenSlices: [],
    downsampleFactors: null,
    resolution: { x: 4, y: 5, z: 35 },
    translation: { x: 1000, y: -300, z: 70 },
    cropped: false,
    ...changes,
  };
}

/** The position of a tile of a model stack. */
export interface ModelTile {
  readonly depth: number;
  readonly row: number;
  readonly col: number;
  readonly zoomLevel: number;
}

/** The grey value of a voxel, 1 to 250. Tests use fill values outside this range. */
export function modelVoxel(x: number, y: number, z: number, zoomLevel: number): number {
  const mixed =
    Math.imul(x + 7, 73_856_093) ^
    Math.imul(y + 5, 19_349_663) ^
    Math.imul(z + 3, 83_492_791) ^
    Math.imul(zoomLevel + 1, 49_979_687);
  return (((mixed ^ (mixed >>> 15)) >>> 0) % 250) + 1;
}

/** The pixels of a tile; `undefined` if the level has no such tile. */
export function modelTilePixels(
  stack: ModelStack,
  { depth, row, col, zoomLevel }: ModelTile,
): { readonly data: Uint8Array<ArrayBuffer>; readonly width: number; readonly height: number } | undefined {
  const extent = levelExtent(stack, zoomLevel);
  const top = row * stack.tileHeight;
  const left = col * stack.tileWidth;
  if (depth < 0 || row < 0 || col < 0 || depth >= extent.z || top >= extent.y || left >= extent.x)
    return undefined;
  const width = stack.cropped ? Math.min(stack.tileWidth, extent.x - left) : stack.tileWidth;
  const height = stack.cropped ? Math.min(stack.tileHeight, extent.y - top) : stack.tileHeight;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data[y * width + x] = modelVoxel(left + x, top + y, depth, zoomLevel);
  return { data, width, height };
}

/** Voxels of level 0 per voxel of a level. */
export function levelFactor(stack: ModelStack, zoomLevel: number): Vector3 {
  return stack.downsampleFactors?.[zoomLevel] ?? { x: 2 ** zoomLevel, y: 2 ** zoomLevel, z: 1 };
}

/** Voxels of a level per axis. */
export function levelExtent(stack: ModelStack, zoomLevel: number): Vector3 {
  const { x, y, z } = levelFactor(stack, zoomLevel);
  const { dimension } = stack;
  return { x: Math.ceil(dimension.x / x), y: Math.ceil(dimension.y / y), z: Math.ceil(dimension.z / z) };
}

/** A region of a model stack. */
export interface ModelRegion {
  readonly orientation: Orientation3D;
  /** Scaled voxels, output order. */
  readonly lower: Triple;
  readonly upper: Triple;
  readonly zoomLevel: number;
  readonly handling: BrokenSliceHandling;
  readonly fillValue: number;
  /** Whether the server lacks a tile. */
  readonly isMissing?: (tile: ModelTile) => boolean;
}

/** The expected result of a fetch. */
export interface ExpectedVolume {
  /** Grey values, dense in output order. */
  readonly data: Uint8Array;
  /** How many voxels lie on no tile of the level. */
  readonly outside: number;
  /** Whether a broken section has no other section to replace it. */
  readonly unanswerable: boolean;
}

const plain = { orientation: "zyx", zoomLevel: 0, handling: "fill", fillValue: 0 } as const;

/**
 * The expected result of a fetch, computed voxel by voxel in the plainest way. Default: of level 0, in the order z, y, x,
 * with 0 where there is nothing.
 */
export function expectedVolume(
  stack: ModelStack,
  asked: Pick<ModelRegion, "lower" | "upper"> & Partial<ModelRegion>,
): ExpectedVolume {
  const region: ModelRegion = { ...plain, ...asked };
  const { lower, upper, orientation, fillValue } = region;
  const values: number[] = [];
  let outside = 0;
  for (let i = lower[0]; i < upper[0]; i++)
    for (let j = lower[1]; j < upper[1]; j++)
      for (let k = lower[2]; k < upper[2]; k++) {
        const at = { x: 0, y: 0, z: 0 };
        [i, j, k].forEach((value, column) => {
          at[orientation[column] as "x" | "y" | "z"] = value;
        });
        const isBeyond = isOutside(stack, region.zoomLevel, at);
        if (isBeyond) outside++;
        values.push(isBeyond ? fillValue : expectedVoxel(stack, region, at));
      }
  return { data: Uint8Array.from(values), outside, unanswerable: values.some(Number.isNaN) };
}

function isOutside(stack: ModelStack, zoomLevel: number, { x, y, z }: Vector3): boolean {
  const extent = levelExtent(stack, zoomLevel);
  const factor = levelFactor(stack, zoomLevel);
  if (x < 0 || y < 0 || z < 0 || x >= extent.x || y >= extent.y || z >= extent.z) return true;
  // CATMAID does not ask for tiles that only a partial voxel reaches.
  const col = Math.floor(x / stack.tileWidth);
  const row = Math.floor(y / stack.tileHeight);
  return (
    col > (stack.dimension.x / factor.x - 1) / stack.tileWidth ||
    row > (stack.dimension.y / factor.y - 1) / stack.tileHeight
  );
}

function expectedVoxel(stack: ModelStack, region: ModelRegion, { x, y, z }: Vector3): number {
  const { zoomLevel, fillValue, handling } = region;
  const factor = levelFactor(stack, zoomLevel);
  const col = Math.floor(x / stack.tileWidth);
  const row = Math.floor(y / stack.tileHeight);
  const valueAt = (depth: number): number | undefined =>
    region.isMissing?.({ depth, row, col, zoomLevel }) ? undefined : modelVoxel(x, y, depth, zoomLevel);

  // A section of a level stands for the first section of level 0 that lies in it.
  const sectionOf = (depth: number): number => {
    let section = 0;
    while (Math.floor(section / factor.z) !== depth)
      if (++section > 10_000) throw new Error("no such section");
    return section;
  };
  const intact = (depth: number): boolean => !stack.brokenSlices.includes(sectionOf(depth));
  if (intact(z)) return valueAt(z) ?? fillValue;

  const last = Math.floor((stack.dimension.z - 1) / factor.z);
  let above: number | undefined = z;
  while (above !== undefined && !intact(above)) above = above === 0 ? undefined : above - 1;
  let below: number | undefined = z;
  while (below !== undefined && !intact(below)) below = below === last ? undefined : below + 1;
  const from = (depth: number | undefined): number =>
    depth === undefined ? Number.NaN : (valueAt(depth) ?? fillValue);
  switch (handling) {
    case "above":
      return from(above);
    case "below":
      return from(below);
    case "closest":
    case "interpolate": {
      if (above === undefined || below === undefined) return from(above ?? below);
      if (handling === "closest") return from(z - above <= below - z ? above : below);
      const [low, high] = [valueAt(above), valueAt(below)];
      if (low === undefined || high === undefined) return fillValue;
      return Math.floor(low + ((high - low) * (z - above)) / (below - above) + 0.5);
    }
    default:
      return fillValue;
  }
}
