import { encodeGreyJpeg } from "../../workers/encode/encode-jpeg.js";
import { encodeColourPng, encodeGreyPng } from "../../workers/encode/encode-png.js";
import { greyToRgba } from "../../workers/encode/grey-to-rgba.js";
import { drawSampleOnto } from "./draw-sample.js";
import type { SampleFile } from "./sample-file.js";
import { isBroken, type SampleMirror, type SampleStack, sampleFactor } from "./sample-stack.js";
import { isTransposed, sampleTileAddress } from "./sample-tile-address.js";

/** The tile at a URL of a mirror of tiles; `undefined` if the stack has none. See {@link sampleTileAddress}. */
export function sampleTile(
  stack: SampleStack,
  mirror: SampleMirror,
  path: string,
  query: URLSearchParams,
): SampleFile | undefined {
  const address = sampleTileAddress(stack, mirror, path, query);
  if (address === undefined) return undefined;
  const { column, row, z, zoomLevel } = address;
  const factor = sampleFactor(stack, zoomLevel);
  if (factor === undefined) return undefined;
  const { tileWidth, tileHeight, format } = mirror;
  const { plane, seed, dimension } = stack;
  const place = { x: column * tileWidth, y: row * tileHeight, z, factor, plane, seed };
  // A level ends with the voxel that holds the stack's last voxel.
  const inside = {
    width: Math.min(tileWidth, Math.ceil(dimension.x / factor.x) - place.x),
    height: Math.min(tileHeight, Math.ceil(dimension.y / factor.y) - place.y),
  };
  const isInside = column >= 0 && row >= 0 && z >= 0 && z < Math.ceil(dimension.z / factor.z);
  if (!isInside || inside.width <= 0 || inside.height <= 0 || isBroken(stack, z, factor)) return undefined;
  const make = () => {
    const { width, height } = mirror.cropped === true ? inside : { width: tileWidth, height: tileHeight };
    const data = new Uint8Array(width * height);
    const turned = isTransposed(stack, mirror);
    const [right, below] = turned ? [height, 1] : [1, width];
    drawSampleOnto({ data, right, below }, { ...place, ...inside });
    const sides = turned ? ([height, width] as const) : ([width, height] as const);
    if (format === "png") return encodeGreyPng(data, ...sides, { level: 1 });
    if (format === "jpeg") return encodeGreyJpeg(data, ...sides);
    return encodeColourPng(greyToRgba(data), ...sides);
  };
  return { contentType: format === "jpeg" ? "image/jpeg" : "image/png", make };
}
