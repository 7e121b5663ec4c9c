import type { VolumeBlock, VolumeBox, VolumeWriter } from "../../../src/index.js";
import type { EveryTile } from "./fetch-task.js";

/** Takes a volume of equal tiles in z, y, x in boxes of any shape, checks each row, and keeps nothing. */
export class EveryTileWriter implements VolumeWriter {
  readonly #side: number;
  readonly #tile: Buffer;
  #missing: number;

  constructor({ pixels, count }: EveryTile) {
    this.#tile = Buffer.from(pixels, "base64");
    this.#side = Math.sqrt(this.#tile.length);
    this.#missing = count * this.#tile.length;
  }

  write({ lower: [, top, left], upper: [, , right] }: VolumeBox, { data, shape }: VolumeBlock): void {
    const side = this.#side;
    const [depth, height, width] = shape;
    for (let row = 0; row < depth * height; row++) {
      const y = (top + (row % height)) % side;
      for (let x = left; x < right; ) {
        const end = Math.min(right, x - (x % side) + side);
        const [from, to] = [y * side + (x % side), row * width + x - left];
        const run = end - x;
        if (this.#tile.compare(data as Uint8Array, to, to + run, from, from + run) === 0)
          this.#missing -= run;
        x = end;
      }
    }
  }

  /** Has one byte for each voxel that is wrong, missing or surplus. */
  rest(): Uint8Array {
    return new Uint8Array(Math.abs(this.#missing));
  }
}
