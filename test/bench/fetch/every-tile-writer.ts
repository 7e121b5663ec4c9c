import type { VolumeBlock, VolumeBox, VolumeWriter } from "../../../src/index.js";
import type { EveryTile } from "./fetch-task.js";

/** Takes a volume of equal tiles, checks each and keeps none. */
export class EveryTileWriter implements VolumeWriter {
  readonly #pixels: Buffer;
  #missing: number;

  constructor({ pixels, count }: EveryTile) {
    this.#pixels = Buffer.from(pixels, "base64");
    this.#missing = count;
  }

  write(_box: VolumeBox, { data }: VolumeBlock): void {
    if (this.#pixels.compare(data as Uint8Array) === 0) this.#missing--;
  }

  /** A byte for each tile that did not come as it should, or came once too often. */
  rest(): Uint8Array {
    return new Uint8Array(Math.abs(this.#missing));
  }
}
