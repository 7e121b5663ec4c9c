import { inflateSync } from "node:zlib";
import { decode as decodeWithJpegJs } from "jpeg-js";
import UPNG from "upng-js";
import { crc32 } from "../../../workers/crc-32.js";
import { TileDecoder } from "../../../workers/decode/decode-tile.js";
import { decodeJpeg } from "../../../workers/decode/jpeg/decode-jpeg.js";
import { decodePng } from "../../../workers/decode/png/decode-png.js";
import { readPngChunks } from "../../../workers/decode/png/png-chunks.js";
import { readPngHeader } from "../../../workers/decode/png/png-header.js";
import { unfilter } from "../../../workers/decode/png/png-unfilter.js";
import type { FileKind } from "../tiles/file-kinds.js";

/** A decoder of image files to grey, in this process. */
export interface Decoder {
  readonly name: string;
  /** Whether its results may be slightly off. */
  readonly mayBeOff?: boolean;
  decode(bytes: Uint8Array, side: number): Uint8Array;
}

/** All decoders for a kind of file. */
export async function decodersOf({ format, key, side }: FileKind): Promise<readonly Decoder[]> {
  return format === "jpeg" ? jpegDecoders(key) : pngDecoders(key, side);
}

async function jpegDecoders(key: string): Promise<readonly Decoder[]> {
  // The kernel takes only files with one scan.
  const kernel = key === "jpeg-progressive" ? [] : [await kernelDecoder("jpeg-wasm")];
  return [
    ...kernel,
    { name: "ours, TypeScript", decode: (bytes, side) => decodeJpeg(bytes, square(side)).data },
    {
      name: "jpeg-js",
      mayBeOff: true,
      decode: (bytes) => {
        const { data } = decodeWithJpegJs(bytes, { useTArray: true, formatAsRGBA: false });
        return key === "jpeg-420" ? greyOf(data, 3) : channel(data, 3);
      },
    },
  ];
}

async function pngDecoders(key: string, side: number): Promise<readonly Decoder[]> {
  return [
    await kernelDecoder("png-wasm"),
    { name: "ours, TypeScript", decode: (bytes) => decodePng(bytes, square(side)).data },
    ...(key === "png-grey" ? [zlibAndUnfilter] : []),
    {
      name: "upng-js",
      decode: (bytes) => {
        const rgba = UPNG.toRGBA8(UPNG.decode(bytes.slice().buffer))[0] ?? new ArrayBuffer(0);
        return greyOf(new Uint8Array(rgba), 4);
      },
    },
  ];
}

async function kernelDecoder(wanted: "jpeg-wasm" | "png-wasm"): Promise<Decoder> {
  const tiles = new TileDecoder();
  await tiles.prepare();
  return {
    name: "ours, wasm",
    decode(bytes, side) {
      const { data, decoder } = tiles.decode(bytes, square(side));
      if (decoder !== wanted) throw new Error(`the file was left to ${decoder}`);
      return data;
    },
  };
}

const zlibAndUnfilter: Decoder = {
  name: "node:zlib + our unfilter",
  decode(bytes, side) {
    const header = readPngHeader(bytes, square(side));
    const { data } = readPngChunks(bytes, header, "grey", (start, end) => crc32(bytes, start, end));
    const size = (side + 1) * side;
    const stream = Buffer.concat(data.map(([start, end]) => bytes.subarray(start, end)));
    const rows = inflateSync(stream, { chunkSize: size + 64, maxOutputLength: size + 1024 });
    const grey = new Uint8Array(side * side);
    unfilter(rows, 0, grey, side, side, 1);
    return grey;
  },
};

function square(side: number): { width: number; height: number } {
  return { width: side, height: side };
}

function channel(data: Uint8Array, samples: number): Uint8Array {
  const out = new Uint8Array(data.length / samples);
  for (let n = 0; n < out.length; n++) out[n] = data[samples * n] as number;
  return out;
}

function greyOf(data: Uint8Array, samples: number): Uint8Array {
  const out = new Uint8Array(data.length / samples);
  for (let n = 0; n < out.length; n++) {
    const at = samples * n;
    const red = data[at] as number;
    const green = data[at + 1] as number;
    const blue = data[at + 2] as number;
    out[n] = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
  }
  return out;
}
