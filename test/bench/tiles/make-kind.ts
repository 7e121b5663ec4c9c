import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeJpeg } from "./encode-jpeg.js";
import { encodePng } from "./encode-png.js";
import type { FileKind } from "./file-kinds.js";
import { cut, type GreyPicture } from "./grey-picture.js";

/**
 * Writes the files of a kind (`0.png` and so on) and, if the kind is lossless, the grey values that decoding must give
 * (`0.u8`). `section` returns a section of the volume.
 */
export function makeKind(folder: string, kind: FileKind, section: (z: number) => GreyPicture): void {
  const target = join(folder, "www/kinds", kind.key);
  mkdirSync(target, { recursive: true });
  const { side } = kind;
  for (let n = 0; n < kind.files; n++) {
    const part = (z: number) => cut(section(z), side * (n % 2), side * (n % 2), side, side);
    const write = (bytes: Uint8Array, extension: string) =>
      writeFileSync(join(target, `${n}.${extension}`), bytes);
    const made = makeFile(kind, part(n), part(n + 1), part(n + 2));
    write(made.bytes, kind.extension);
    if (made.grey !== undefined) write(made.grey, "u8");
  }
}

function makeFile(
  { key, side }: FileKind,
  first: GreyPicture,
  second: GreyPicture,
  third: GreyPicture,
): { bytes: Uint8Array; grey?: Uint8Array } {
  switch (key) {
    case "jpeg-q75":
      return { bytes: encodeJpeg([first], { quality: 75 }) };
    case "jpeg-q85":
      return { bytes: encodeJpeg([first], { quality: 85 }) };
    case "jpeg-420":
      return { bytes: encodeJpeg([first, tint(second), tint(third)], { quality: 85 }) };
    case "jpeg-progressive":
      return { bytes: encodeJpeg([first], { quality: 85, progressive: true }) };
    case "png-grey":
      return { bytes: encodePng(first.data, side, side, { kind: "grey" }), grey: first.data };
    case "png-rgb": {
      const samples = new Uint8Array(3 * side * side);
      for (const [channel, { data }] of [first, second, third].entries()) {
        for (let n = 0; n < data.length; n++) samples[3 * n + channel] = data[n] as number;
      }
      return { bytes: encodePng(samples, side, side, { kind: "rgb" }), grey: greyOf(samples) };
    }
    case "png-palette": {
      const colours = Uint8Array.from({ length: 768 }, (_, n) => palette(Math.floor(n / 3))[n % 3] ?? 0);
      const greys = greyOf(colours);
      const bytes = encodePng(first.data, side, side, { kind: "palette", colours });
      return { bytes, grey: first.data.map((index) => greys[index] as number) };
    }
    default:
      throw new Error(`nobody knows how to make files of the kind ${key}`);
  }
}

/** Makes a colour plane of half the size, with values in the middle of the range. */
function tint({ data, width, height }: GreyPicture): GreyPicture {
  const half = new Uint8Array((width / 2) * (height / 2));
  for (let n = 0; n < half.length; n++) {
    const row = Math.floor((2 * n) / width);
    half[n] = 96 + ((data[2 * row * width + ((2 * n) % width)] as number) >> 2);
  }
  return { data: half, width: width / 2, height: height / 2 };
}

function palette(index: number): readonly number[] {
  return [index, (5 * index + 30) & 255, 255 - index];
}

/** ITU-R 601-2 luma, as the library promises. */
function greyOf(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let n = 0; n < grey.length; n++) {
    const [r = 0, g = 0, b = 0] = rgb.subarray(3 * n, 3 * n + 3);
    grey[n] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
  }
  return grey;
}
