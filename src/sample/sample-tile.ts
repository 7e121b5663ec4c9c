import { encodeGreyJpeg } from "../../workers/encode/encode-jpeg.js";
import { encodeColourPng, encodeGreyPng } from "../../workers/encode/encode-png.js";
import { greyToRgba } from "../../workers/encode/grey-to-rgba.js";
import { drawSampleTile } from "./draw-sample.js";
import { type SampleMirror, type SampleStack, sampleFactor } from "./sample-stack.js";
import { isTransposed, type SampleTileAddress } from "./sample-tile-address.js";

/** A grey image, row by row. */
export interface SampleImage {
  /** Grey values. */
  readonly data: Uint8Array;
  /** Number of columns. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
}

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

/** The tile that is drawn in the place of another one: itself, unless the stack repeats a few. */
export function drawnTile(stack: SampleStack, address: SampleTileAddress): SampleTileAddress {
  if (stack.repeatTiles === undefined) return address;
  const { column, row, z, zoomLevel } = address;
  const which = (column + 7 * row + 13 * z + 29 * zoomLevel) % stack.repeatTiles;
  return { column: which, row: 0, z: 0, zoomLevel: 0 };
}

/** The tile as a mirror's file holds it. `extent` is what {@link sampleTileExtent} gave. */
export function sampleTileImage(
  stack: SampleStack,
  mirror: SampleMirror,
  address: SampleTileAddress,
  extent: { readonly width: number; readonly height: number },
): SampleImage {
  const { plane, seed, repeatTiles } = stack;
  const { tileWidth, tileHeight } = mirror;
  const { column, row, z, zoomLevel } = drawnTile(stack, address);
  const { width, height } = repeatTiles === undefined ? extent : { width: tileWidth, height: tileHeight };
  const factor = sampleFactor(stack, zoomLevel) ?? { x: 1, y: 1, z: 1 };
  const place = { x: column * tileWidth, y: row * tileHeight, z, zoomLevel, factor };
  const drawn = { data: drawSampleTile({ ...place, width, height, plane, seed }), width, height };
  const tile = mirror.cropped === true ? drawn : padded(drawn, tileWidth, tileHeight);
  return isTransposed(stack, mirror) ? transposed(tile) : tile;
}

/** The bytes of a tile's file. */
export function encodeSampleTile(image: SampleImage, mirror: SampleMirror): Uint8Array {
  const { data, width, height } = image;
  switch (mirror.format) {
    case "png":
      return encodeGreyPng(data, width, height, { level: 1 });
    case "palette-png":
      return encodeColourPng(greyToRgba(data), width, height);
    case "jpeg":
      return encodeGreyJpeg(data, width, height);
  }
}

function padded(image: SampleImage, width: number, height: number): SampleImage {
  if (image.width === width && image.height === height) return image;
  const data = new Uint8Array(width * height);
  for (let row = 0; row < image.height; row++) {
    data.set(image.data.subarray(row * image.width, (row + 1) * image.width), row * width);
  }
  return { data, width, height };
}

function transposed({ data, width, height }: SampleImage): SampleImage {
  const out = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      out[column * height + row] = data[row * width + column] as number;
    }
  }
  return { data: out, width: height, height: width };
}
