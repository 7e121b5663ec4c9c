import { InvalidOptionError, InvalidZoomLevelError } from "../../errors.js";
import type { Vector3 } from "../../space/axis-order.js";
import type { ScaledBox } from "../../space/scaled-box.js";
import { noOffset } from "../../stack/mirror/mirror-extent.js";
import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import { lastTileOf, levelDepthOf } from "../../stack/pyramid.js";
import type { Stack } from "../../stack/stack.js";
import type { BlockLevel } from "../block-source.js";

/** What a mirror's level depends on. Without `offset` and `bounds`, the mirror's array is the stack. */
export type TiledMirror = Pick<StackMirror, "tileWidth" | "tileHeight"> &
  Partial<Pick<StackMirror, "offset" | "bounds" | "hasZoomLevel">>;

/** Where the tiles of a mirror lie in a stack. */
export type TileLevel = Omit<BlockLevel, "dataType" | "absent">;

// In voxels of level 0. Those are whole numbers, so a smaller difference is a rounding error.
const slack = 1e-6;

/**
 * Lays the tiles of a mirror over a zoom level of a stack.
 *
 * @throws InvalidZoomLevelError if the mirror's offset is not a whole number of the level's voxels, or its layout has
 * no such level.
 * @throws InvalidOptionError for a mirror without a tile size.
 */
export function tileLevelOf(stack: Stack, mirror: TiledMirror, zoomLevel: number): TileLevel {
  if (!(mirror.tileWidth >= 1 && mirror.tileHeight >= 1)) {
    throw new InvalidOptionError(
      `a mirror of tiles needs a tile size, got ${mirror.tileWidth} × ${mirror.tileHeight}`,
    );
  }
  if (mirror.hasZoomLevel?.(zoomLevel) === false) {
    throw new InvalidZoomLevelError(
      `the mirror cannot serve zoom level ${zoomLevel}: it has zoom level 0 only; take that or another mirror`,
    );
  }
  const offset = levelOffset(mirror.offset ?? noOffset, stack.downsampleFactor(zoomLevel), zoomLevel);
  return {
    blockShape: [1, mirror.tileHeight, mirror.tileWidth],
    origin: [0 - offset.z, 0 - offset.y, 0 - offset.x],
    covered: coveredBox(stack, mirror, zoomLevel, offset),
    held: heldBox(stack, mirror, zoomLevel, offset),
  };
}

function levelOffset(offset: Vector3, factor: Vector3, zoomLevel: number): Vector3 {
  const scaled = {
    x: Math.round(offset.x / factor.x) + 0,
    y: Math.round(offset.y / factor.y) + 0,
    z: Math.round(offset.z / factor.z) + 0,
  };
  const isWhole = (["x", "y", "z"] as const).every(
    (axis) => Math.abs(scaled[axis] * factor[axis] - offset[axis]) <= slack,
  );
  if (isWhole) return scaled;
  throw new InvalidZoomLevelError(
    `the mirror cannot serve zoom level ${zoomLevel}: its offset of (${offset.x}, ${offset.y}, ${offset.z}) voxels is no ` +
      `whole number of the level's, which are ${factor.x} × ${factor.y} × ${factor.z}; take another level or mirror`,
  );
}

/** The voxels of a level on tiles that a whole voxel of the stack reaches. CATMAID asks for no other tiles. */
function coveredBox(stack: Stack, mirror: TiledMirror, zoomLevel: number, offset: Vector3): ScaledBox {
  const { dimension, clamp } = stack;
  const factor = stack.downsampleFactor(zoomLevel);
  const extent = stack.levelExtent(zoomLevel);
  const whole = { x: Math.floor(dimension.x / factor.x), y: Math.floor(dimension.y / factor.y) };
  // The stack's end in the mirror's own coordinates.
  const end = { x: whole.x + offset.x, y: whole.y + offset.y, z: 1 };
  const last = lastTileOf(end, { x: 1, y: 1, z: 1 }, mirror);
  const isNone = clamp && (whole.x === 0 || whole.y === 0);
  const first = clamp ? 0 : Number.NEGATIVE_INFINITY;
  return {
    lower: [0, first, first],
    upper: [
      isNone ? 0 : levelDepthOf(dimension.z, factor.z),
      Math.min(extent.y, (last.row + 1) * mirror.tileHeight - offset.y),
      Math.min(extent.x, (last.col + 1) * mirror.tileWidth - offset.x),
    ],
  };
}

function heldBox(stack: Stack, { bounds }: TiledMirror, zoomLevel: number, offset: Vector3): ScaledBox {
  const factor = stack.downsampleFactor(zoomLevel);
  const lower = (axis: "x" | "y" | "z"): number => {
    // An array has no voxels before its first, but CATMAID can be configured to ask for tiles there.
    const first = stack.clamp || axis === "z" ? 0 - offset[axis] : Number.NEGATIVE_INFINITY;
    return bounds ? Math.max(first, Math.ceil((bounds.lower[axis] - slack) / factor[axis]) + 0) : first;
  };
  const upper = (axis: "x" | "y" | "z"): number => {
    // The last voxel of a level may lie partly outside the stack. A mirror that reaches the stack's end holds it.
    if (!bounds || bounds.upper[axis] >= stack.dimension[axis]) return Number.POSITIVE_INFINITY;
    return Math.floor((bounds.upper[axis] + slack) / factor[axis]);
  };
  return {
    lower: [lower("z"), lower("y"), lower("x")],
    upper: [upper("z"), upper("y"), upper("x")],
  };
}
