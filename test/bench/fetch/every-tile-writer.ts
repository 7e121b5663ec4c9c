import type { VolumeBlock, VolumeBox, VolumeWriter } from "../../../src/index.js";

/** Takes a volume of equal tiles, checks each and keeps none. */
export class EveryTileWriter implements VolumeWriter {
  readonly #tile: Buffer;
  #wrong = 0;

  /** The pixels that each block must have, as base64. */
  constructor(tile: string) {
    this.#tile = Buffer.from(tile, "base64");
  }

  write(_box: VolumeBox, { data }: VolumeBlock): void {
    if (this.#tile.compare(data) !== 0) this.#wrong++;
  }

  /** Nothing, if all was right. */
  rest(): Uint8Array {
    return new Uint8Array(this.#wrong);
  }
}
