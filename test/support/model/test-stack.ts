import { greyPixel } from "./tile-drawing.js";

/** A small stack that the test server draws: x, y, z voxels of level 0, in tiles of 64 × 48. */
export const testStackSize = { x: 200, y: 150, z: 6 } as const;

const tileWidth = 64;
const tileHeight = 48;

/** CATMAID's description of the test stack, with a mirror of type 1 at the URL. */
export function testStackInfo(imageBase: string): object {
  return {
    sid: 1,
    pid: 1,
    stitle: "test stack",
    dimension: testStackSize,
    resolution: { x: 4, y: 4, z: 40 },
    translation: { x: 0, y: 0, z: 0 },
    num_zoom_levels: 0,
    broken_slices: {},
    mirrors: [
      {
        id: 1,
        title: "test server",
        position: 0,
        image_base: imageBase,
        file_extension: "png",
        tile_width: tileWidth,
        tile_height: tileHeight,
        tile_source_type: 1,
      },
    ],
  };
}

/** One tile of the stack. Tiles at the edge are smaller. */
export function tileOfTestStack(
  z: number,
  row: number,
  column: number,
): { data: Uint8Array; width: number; height: number } {
  const width = Math.min(tileWidth, testStackSize.x - column * tileWidth);
  const height = Math.min(tileHeight, testStackSize.y - row * tileHeight);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 1) {
    const x = column * tileWidth + (i % width);
    const y = row * tileHeight + Math.floor(i / width);
    data[i] = greyPixel(z, x, y);
  }
  return { data, width, height };
}

/** A region that crosses tile edges: z, y, x, half-open. Its 80 tiles are enough for workers in Node too. */
export const testRegion = [
  [1, 47, 62],
  [6, 146, 194],
] as const;

/** The voxels of {@link testRegion}, z slowest, from the formula. */
export function testRegionVoxels(): number[] {
  const [[z0, y0, x0], [z1, y1, x1]] = testRegion;
  const voxels: number[] = [];
  for (let z = z0; z < z1; z += 1) {
    for (let y = y0; y < y1; y += 1) for (let x = x0; x < x1; x += 1) voxels.push(greyPixel(z, x, y));
  }
  return voxels;
}
