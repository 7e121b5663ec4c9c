import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { decode } from "jpeg-js";
import { describe, expect, it } from "vitest";
import { drawSampleTile } from "../../../src/sample/draw-sample.js";
import { decodePng } from "../../../workers/decode/png/decode-png.js";
import { greyOf } from "../../../workers/decode/to-channel.js";
import { encodeGreyJpeg } from "../../../workers/encode/encode-jpeg.js";
import { encodeColourPng, encodeGreyPng } from "../../../workers/encode/encode-png.js";
import { greyToRgba } from "../../../workers/encode/grey-to-rgba.js";

interface PngFile {
  readonly header: number[];
  readonly data: Uint8Array;
  readonly types: readonly string[];
}

/** A reader of its own: checks every CRC, joins IDAT and undoes Paeth, the filter that all rows must have. */
function readPng(file: Uint8Array, bytesPerPixel: number): PngFile {
  expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const types: string[] = [];
  const parts: Uint8Array[] = [];
  let header: number[] = [];
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const body = file.subarray(at + 8, at + 8 + length);
    expect(view.getUint32(at + 8 + length)).toBe(crc(file.subarray(at + 4, at + 8 + length)));
    types.push(type);
    if (type === "IHDR") header = [view.getUint32(at + 8), view.getUint32(at + 12), ...body.subarray(8)];
    if (type === "IDAT") parts.push(body);
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const [width = 0, height = 0] = header;
  const stride = width * bytesPerPixel;
  expect(raw.length).toBe((stride + 1) * height);
  const data = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const left = i < bytesPerPixel ? 0 : (data[row * stride + i - bytesPerPixel] ?? 0);
      const above = row === 0 ? 0 : (data[(row - 1) * stride + i] ?? 0);
      const corner = row === 0 || i < bytesPerPixel ? 0 : (data[(row - 1) * stride + i - bytesPerPixel] ?? 0);
      const guess = filter === 4 ? paeth(left, above, corner) : filter === 0 ? 0 : Number.NaN;
      data[row * stride + i] = (raw[row * (stride + 1) + 1 + i] ?? 0) + guess;
    }
  }
  return { header, data, types };
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

describe("encodeGreyPng", () => {
  it("keeps every pixel of any image, as 8-bit grey", () => {
    const image = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .chain(([width, height]) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          data: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
        }),
      );
    fc.assert(
      fc.property(image, fc.constantFrom(0, 1, 6, 9), ({ data, width, height }, level) => {
        const png = readPng(encodeGreyPng(data, width, height, { level: level as 0 | 1 | 6 | 9 }), 1);
        expect(png.header).toEqual([width, height, 8, 0, 0, 0, 0]);
        expect(png.types).toEqual(["IHDR", "IDAT", "IEND"]);
        expect(png.data).toEqual(data);
      }),
    );
  });

  it("refuses data that is not as long as the image", () => {
    expect(() => encodeGreyPng(new Uint8Array(5), 2, 3)).toThrow(/needs 6 values, not 5/);
    expect(() => encodeGreyPng(new Uint8Array(0), 0, 3)).toThrow(/positive sides/);
  });
});

describe("encodeColourPng", () => {
  it("writes grey pixels with a palette, and keeps them", () => {
    const data = drawSampleTile({ x: 0, y: 0, z: 0, width: 50, height: 40 });
    const file = encodeColourPng(greyToRgba(data), 50, 40);
    const palette = file.subarray(paletteStart(file));
    const { header, data: indices } = readPng(file, 1);
    expect(header.slice(0, 4)).toEqual([50, 40, 8, 3]);
    expect(indices.map((index) => palette[3 * index] ?? 0)).toEqual(data);
    expect(indices.map((index) => palette[3 * index + 2] ?? 0)).toEqual(data);
  });
});

describe("encodeColourPng of small images", () => {
  // upng-js alone cuts these off: their palettes are longer than their pixels.
  it.each([
    [1, 1],
    [6, 18],
    [20, 25],
    [22, 23],
    [23, 23],
  ])("keeps the pixels of %i × %i, each of another colour", (width, height) => {
    const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : (i * 7) % 256,
    );
    const { width: w, height: h, data } = decodePng(encodeColourPng(rgba, width, height), { width, height });
    expect([w, h]).toEqual([width, height]);
    const luma = Uint8Array.from({ length: width * height }, (_, i) =>
      greyOf(rgba[4 * i] as number, rgba[4 * i + 1] as number, rgba[4 * i + 2] as number),
    );
    expect(data).toEqual(luma);
  });
});

function paletteStart(file: Uint8Array): number {
  for (let at = 0; at < file.length; at++) {
    if (String.fromCharCode(...file.subarray(at, at + 4)) === "PLTE") return at + 4;
  }
  throw new Error("no palette");
}

describe("encodeGreyJpeg", () => {
  it("stays near the pixels, with neutral colour", () => {
    const data = drawSampleTile({ x: 300, y: 0, z: 0, width: 64, height: 48 });
    const image = decode(encodeGreyJpeg(data, 64, 48, 95), { useTArray: true });
    expect([image.width, image.height]).toEqual([64, 48]);
    let error = 0;
    data.forEach((grey, i) => {
      const [red, green, blue] = image.data.subarray(4 * i, 4 * i + 3);
      expect([green, blue]).toEqual([red, red]);
      error += Math.abs(grey - (red ?? 0));
    });
    expect(error / data.length).toBeLessThan(3);
  });
});
