import { deflateSync } from "node:zlib";
import { buildPng, pngChunk } from "../../support/images/build-png.js";

/** The kind of samples in a PNG. */
export type PngColour =
  | { readonly kind: "grey" | "rgb" }
  /** Red, green and blue of at most 256 colours. */
  | { readonly kind: "palette"; readonly colours: Uint8Array };

const colourTypes = { grey: 0, rgb: 2, palette: 3 } as const;
const paeth = 4;

/** Encodes samples of 8 bits, row by row. Every row is Paeth-filtered and zlib has its default level, as in EM tiles. */
export function encodePng(samples: Uint8Array, width: number, height: number, colour: PngColour): Uint8Array {
  const pixelBytes = colour.kind === "rgb" ? 3 : 1;
  const rows = filtered(samples, width * pixelBytes, height, pixelBytes);
  return buildPng({
    width,
    height,
    colour: colourTypes[colour.kind],
    stream: deflateSync(rows),
    ...(colour.kind === "palette" && { before: [pngChunk("PLTE", colour.colours)] }),
  });
}

function filtered(samples: Uint8Array, rowBytes: number, height: number, pixelBytes: number): Uint8Array {
  const out = new Uint8Array((rowBytes + 1) * height);
  for (let row = 0; row < height; row++) {
    const from = row * rowBytes;
    const to = row * (rowBytes + 1) + 1;
    out[to - 1] = paeth;
    for (let n = 0; n < rowBytes; n++) {
      const left = n < pixelBytes ? 0 : (samples[from + n - pixelBytes] as number);
      const above = row === 0 ? 0 : (samples[from + n - rowBytes] as number);
      const corner = row === 0 || n < pixelBytes ? 0 : (samples[from + n - rowBytes - pixelBytes] as number);
      out[to + n] = (samples[from + n] as number) - nearest(left, above, corner);
    }
  }
  return out;
}

function nearest(left: number, above: number, corner: number): number {
  const fromLeft = Math.abs(above - corner);
  const fromAbove = Math.abs(left - corner);
  const fromCorner = Math.abs(left + above - 2 * corner);
  if (fromLeft <= fromAbove && fromLeft <= fromCorner) return left;
  return fromAbove <= fromCorner ? above : corner;
}
