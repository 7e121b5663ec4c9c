/** Decodes as most web pages do: with the browser's own decoder, a canvas, and reading it back. */
export class CanvasDecoder {
  #context: OffscreenCanvasRenderingContext2D | null = null;

  async decode(file: Uint8Array<ArrayBuffer>, type: string): Promise<Uint8Array> {
    const image = await createImageBitmap(new Blob([file], { type }));
    const { width, height } = image;
    if (this.#context?.canvas.width !== width || this.#context.canvas.height !== height) {
      this.#context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    }
    if (this.#context === null) throw new Error("this browser has no 2D canvas in workers");
    this.#context.drawImage(image, 0, 0);
    image.close();
    const { data } = this.#context.getImageData(0, 0, width, height);
    const grey = new Uint8Array(width * height);
    for (let n = 0; n < grey.length; n++) grey[n] = data[4 * n] as number;
    return grey;
  }
}
