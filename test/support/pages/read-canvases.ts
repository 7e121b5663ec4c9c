import type { Locator } from "playwright";

/** What a canvas shows, which is grey. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** Reads canvases; rejects if a pixel is transparent or not grey. */
export async function readCanvases(canvases: Locator): Promise<Picture[]> {
  const read = await canvases.evaluateAll((elements) =>
    (elements as HTMLCanvasElement[]).map((canvas) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, width, height) ?? { data: [] };
      let grey = "";
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green, blue, alpha] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
        if (green !== red || blue !== red || alpha !== 255)
          throw new Error(`pixel ${at / 4} is ${red}, ${green}, ${blue}, ${alpha}`);
        grey += String.fromCharCode(red);
      }
      // A text: Playwright takes a list number by number.
      return { width, height, grey: btoa(grey) };
    }),
  );
  return read.map((picture) => ({ ...picture, grey: new Uint8Array(Buffer.from(picture.grey, "base64")) }));
}
