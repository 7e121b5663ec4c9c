import type { TilePixels } from "./copy-box.js";

/**
 * The section between two others, linear in z: `lower + (upper − lower) · upperWeight`, rounded half up. It extends
 * as far as both tiles do.
 */
export function blendTiles(lower: TilePixels, upper: TilePixels, upperWeight: number): TilePixels {
  const width = Math.min(lower.width, upper.width);
  const height = Math.min(lower.height, upper.height);
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const a = row * lower.width;
    const b = row * upper.width;
    const to = row * width;
    for (let column = 0; column < width; column++) {
      const low = lower.data[a + column] as number;
      const high = upper.data[b + column] as number;
      data[to + column] = Math.floor(low + (high - low) * upperWeight + 0.5);
    }
  }
  return { data, width, height };
}
