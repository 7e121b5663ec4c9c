import { encodeGreyJpeg } from "../../workers/encode/encode-jpeg.js";
import { encodeColourPng, encodeGreyPng } from "../../workers/encode/encode-png.js";
import { greyToRgba } from "../../workers/encode/grey-to-rgba.js";
import { drawSampleTile } from "./draw-sample.js";
import { type SampleMirror, type SampleStack, sampleFactor } from "./sample-stack.js";
import { isTransposed, type SampleTileAddress } from "./sample-tile-address.js";

/** How much of a tile lies in the stack, in pixels; undefined where the stack has no such tile. */
export function sampleTileExtent(
  stack: SampleStack,
  mirror: SampleMirror,
  { column, row, z, zoomLevel }: SampleTileAddress,
): { readonly width: number; readonly height: number } | undefined {
  const factor = sampleFactor(stack, zoomLevel);
  if (factor === undefined || (mirror.type === 6 && zoomLevel !== 0)) return undefined;
  // A level ends with the voxel that holds the stack's last voxel.
  const width = Math.ceil(stack.dimension.x / factor.x) - column * mirror.tileWidth;
  const height = Math.ceil(stack.dimension.y / factor.y) - row * mirror.tileHeight;
  const inside = column >= 0 && row >= 0 && z >= 0 && z < Math.ceil(stack.dimension.z / factor.z);
  if (!inside || width <= 0 || height <= 0 || stack.brokenSlices.includes(z * factor.z)) return undefined;
  return { width: Math.min(mirror.tileWidth, width), height: Math.min(mirror.tileHeight, height) };
}

/** The tile's file. `extent` is what {@link sampleTileExtent} gave. */
export function sampleTileFile(
  stack: SampleStack,
  mirror: SampleMirror,
  address: SampleTileAddress,
  extent: { readonly width: number; readonly height: number },
): Uint8Array {
  const { plane, seed } = stack;
  const { tileWidth, tileHeight } = mirror;
  const { width, height } = mirror.cropped === true ? extent : { width: tileWidth, height: tileHeight };
  const data = new Uint8Array(width * height);
  const { column, row, z, zoomLevel } = address;
  const factor = sampleFactor(stack, zoomLevel) ?? { x: 1, y: 1, z: 1 };
  const place = { x: column * tileWidth, y: row * tileHeight, z, factor, plane, seed };
  const turned = isTransposed(stack, mirror);
  const [right, below] = turned ? [height, 1] : [1, width];
  drawSampleTile({ ...place, ...extent }, { data, right, below });
  const sides = turned ? ([height, width] as const) : ([width, height] as const);
  if (mirror.format === "png") return encodeGreyPng(data, ...sides, { level: 1 });
  if (mirror.format === "jpeg") return encodeGreyJpeg(data, ...sides);
  return encodeColourPng(greyToRgba(data), ...sides);
}
