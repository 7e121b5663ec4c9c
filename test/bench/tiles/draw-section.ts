import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { drawSampleTile } from "../../../src/sample/draw-sample.js";
import { decodeJpeg } from "../../../workers/decode/jpeg/decode-jpeg.js";
import { decodePng } from "../../../workers/decode/png/decode-png.js";
import { stackExtent } from "./bench-stack.js";
import { cut, type GreyPicture, paste, turned } from "./grey-picture.js";

const side = 512;
const limit = { width: 16384, height: 16384 };

/**
 * A section of the volume. By default it is the sample's own drawing. With a folder of PNG or JPEG images of at least
 * 512², it consists of these, turned and mirrored, so that no tile repeats before all were used.
 */
export function drawSection(z: number, imageFolder: string | undefined): GreyPicture {
  const { x: width, y: height } = stackExtent;
  if (imageFolder === undefined) {
    return { data: drawSampleTile({ x: 0, y: 0, z, width, height }), width, height };
  }
  const images = readImages(imageFolder);
  const section = { data: new Uint8Array(width * height), width, height };
  const across = width / side;
  for (let n = 0; n < across * (height / side); n++) {
    const which = z * across * (height / side) + n;
    const image = images[which % images.length] as GreyPicture;
    const tile = turned(image, Math.floor(which / images.length) % 8);
    paste(tile, section, (n % across) * side, Math.floor(n / across) * side);
  }
  return section;
}

/** Names of the images in a folder. */
export function imageNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(?:png|jpe?g)$/i.test(name))
    .sort();
}

let read: readonly GreyPicture[] | undefined;

function readImages(folder: string): readonly GreyPicture[] {
  read ??= imageNames(folder).map((name) => {
    const bytes = readFileSync(join(folder, name));
    const image = /\.png$/i.test(name) ? decodePng(bytes, limit) : decodeJpeg(bytes, limit);
    if (image.width < side || image.height < side) {
      throw new Error(
        `${name} has ${image.width} × ${image.height} pixels; BENCH_TILES needs ${side} × ${side}`,
      );
    }
    return cut(image, 0, 0, side, side);
  });
  if (read.length === 0) throw new Error(`there is no PNG or JPEG image in ${folder}`);
  return read;
}
