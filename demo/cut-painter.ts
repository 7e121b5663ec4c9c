import type { Triple, VolumeBlock, VolumeBox, VolumeInfo, VolumeWriter } from "catmaid-image";
import { type VoxelColour, voxelColour } from "./voxel-colour.js";

/** Paints a cut while its tiles arrive. As the `out` of a fetch it receives each part once, and keeps no volume. */
export class CutPainter implements VolumeWriter {
  /** Shape of the cut: one section, rows, columns. */
  readonly shape: Triple;
  /** Each part is painted as soon as its tiles have arrived, whichever plane the tiles lie in. */
  readonly chunkShape: Triple = [1, 32, 256];
  /** The picture so far; transparent where nothing has arrived. */
  readonly picture: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #onPaint: () => void;
  #colour: VoxelColour = voxelColour("uint8");

  constructor(rows: number, columns: number, onPaint: () => void) {
    this.shape = [1, rows, columns];
    this.picture = document.createElement("canvas");
    this.picture.width = columns;
    this.picture.height = rows;
    const context = this.picture.getContext("2d");
    if (context === null) throw new Error("this browser gives no 2-D canvas");
    this.#context = context;
    this.#onPaint = onPaint;
  }

  begin({ dataType }: VolumeInfo): void {
    this.#colour = voxelColour(dataType);
  }

  write(box: VolumeBox, block: VolumeBlock): void {
    const [, rows, columns] = block.shape;
    const image = new ImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    pixels.forEach((_, i) => {
      pixels[i] = this.#colour(block.data[i] ?? 0) + 0xff000000;
    });
    const [, top, left] = box.lower;
    this.#context.putImageData(image, left, top);
    this.#onPaint();
  }
}
